// The bytes of a file in order, unzipped. A damaged gzip file is an error here, where DuckDB would read its first part
// and take that for all.
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { UserError } from "../base/errors.js";

export const isGzip = (path: string) => /\.gz$/i.test(path);

/**
 * @param name - what messages call it
 * @throws UserError for a damaged gzip file and for one that may not be read.
 */
export async function* fileChunks(path: string, name = path): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 20 });
  const unzip = isGzip(path) ? createGunzip({ chunkSize: 1 << 18 }) : undefined;
  file.on("error", (error) => unzip?.destroy(error));
  try {
    yield* (unzip ? file.pipe(unzip) : file) as AsyncIterable<Buffer>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_"))
      throw new UserError(`${name} is damaged or not a gzip file. Copy or download it again.`, { cause: error });
    if (code === "EACCES" || code === "EPERM")
      throw new UserError(`${name} cannot be read: permission denied. Change its permissions, or copy it.`, {
        cause: error,
      });
    throw error;
  } finally {
    file.destroy();
    unzip?.destroy();
  }
}

/** Reads gzip files to their ends, so that damage shows before anything is made of their rows. */
export async function checkGzip(paths: readonly string[]): Promise<void> {
  for (const path of paths) if (isGzip(path)) for await (const _ of fileChunks(path));
}
