// What the server tells of a repository: its commit, and the size and hash of each file. The answer is checked: it names paths.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { ask, type Connection } from "./connection.js";
import { defaultRevision } from "./repository.js";

/** Git's own hash of a small file (SHA-1 of "blob <size>\0" and the content), or the SHA-256 of a large one. */
export interface FileHash {
  algorithm: "git" | "sha256";
  hex: string;
}

export interface ListedFile {
  path: string;
  /** Absent where the server lists names alone, as mirrors do. */
  bytes?: number;
  hash?: FileHash;
}

export type RemoteFile = Required<ListedFile>;

export interface RepositoryInfo {
  commit: string;
  files: ListedFile[];
}

const gitHash = z.string().regex(/^[0-9a-f]{40}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const size = z.int().min(0);
const infoSchema = z.looseObject({
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  siblings: z.array(
    z.looseObject({
      rfilename: z.string().min(1),
      size: size.nullish(),
      blobId: gitHash.nullish(),
      lfs: z.looseObject({ sha256, size }).nullish(),
    }),
  ),
});

/** Bytes that a list of files may have. */
const longestAnswer = 64 << 20;

/**
 * @throws UserError when there is no such model or revision, the server does not answer, or its answer cannot be used
 * @example
 * const { commit, files } = await repositoryInfo(connect({}), "org/name");
 */
export async function repositoryInfo(
  connection: Connection,
  id: string,
  revision = defaultRevision,
): Promise<RepositoryInfo> {
  const { endpoint } = connection;
  const text = await ask(
    connection,
    `/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`,
    async ({ pieces }) => {
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const piece of pieces()) {
        length += piece.length;
        if (length > longestAnswer) throw new UserError(`${endpoint} answered without end. Check HF_ENDPOINT.`);
        parts.push(piece);
      }
      return Buffer.concat(parts).toString("utf8");
    },
  );
  const parsed = infoSchema.safeParse(parseJson(text, endpoint));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(
      `${endpoint} does not answer as the Hub does (${issue.path.join(".") || "its answer"}: ${issue.message}). Check HF_ENDPOINT.`,
    );
  }
  const { sha, siblings } = parsed.data;
  const outside = siblings.find(({ rfilename }) => leavesFolder(rfilename));
  if (outside)
    throw new UserError(
      `${endpoint} names a file of ${id} that would be outside the model's folder: ${JSON.stringify(outside.rfilename)}. ` +
        "Nothing was downloaded: do not trust this model.",
    );
  return {
    commit: sha,
    files: siblings.map(({ rfilename: path, size: bytes, blobId, lfs }) => {
      if (lfs) return { path, bytes: lfs.size, hash: { algorithm: "sha256", hex: lfs.sha256 } };
      return { path, bytes: bytes ?? undefined, hash: blobId ? { algorithm: "git", hex: blobId } : undefined };
    }),
  };
}

/** Size and hash, asked for where the list has none. @throws UserError where the server does not tell them */
export async function completed(
  connection: Connection,
  { path, bytes, hash }: ListedFile,
  address: string,
): Promise<RemoteFile> {
  if (bytes !== undefined && hash) return { path, bytes, hash };
  const headers = await ask(connection, address, async (answer) => answer.headers, { method: "HEAD" });
  const tag = (headers.get("x-linked-etag") ?? headers.get("etag") ?? "").replace(/^W\//, "").replaceAll('"', "");
  const told = Number(headers.get("x-linked-size") ?? headers.get("content-length") ?? Number.NaN);
  const algorithm = sha256.safeParse(tag).success ? "sha256" : gitHash.safeParse(tag).success ? "git" : undefined;
  if (!algorithm || !size.safeParse(told).success)
    throw new UserError(
      `${connection.endpoint} does not tell the size and the hash of ${path}, so it cannot be checked. Unset HF_ENDPOINT, or ` +
        "use a mirror that passes the Hub's headers on.",
    );
  return { path, bytes: told, hash: { algorithm, hex: tag } };
}

/** The address of a file below the server's. */
export function fileAddress(id: string, commit: string, path: string): string {
  return `/${id}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

function parseJson(text: string, endpoint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = /^\s*</.test(text) ? "a web page" : text.trim() === "" ? "nothing" : "something else";
    throw new UserError(
      `${endpoint} answered with ${what} in place of JSON. A proxy or a login page may stand in between; check it in a ` +
        "browser, and HF_ENDPOINT if it is set.",
      { cause: error },
    );
  }
}

function leavesFolder(path: string): boolean {
  return /^[/\\]|^[A-Za-z]:|\0/.test(path) || path.split(/[/\\]/).some((part) => part === ".." || part === ".");
}
