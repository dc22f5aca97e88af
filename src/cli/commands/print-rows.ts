// One JSON document with all rows, for commands that stream rows into a file: they are never all in memory.
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { temporaryFolder } from "../../base/temporary.js";
import { dataOutput, writeData } from "../terminal.js";

/**
 * Prints `{...head, "<name>": [rows]}`.
 *
 * @param write fills a JSON file with an array of rows and returns what else the document says
 */
export async function printRows(name: string, write: (out: string) => Promise<object>): Promise<void> {
  const folder = temporaryFolder("columnist-rows-");
  try {
    const file = join(folder.path, "rows.json");
    const head = JSON.stringify(await write(file));
    await writeData(`${head.slice(0, -1)},${JSON.stringify(name)}:`);
    await pipeline(createReadStream(file), dataOutput(), { end: false });
    await writeData("}\n");
  } finally {
    folder.remove();
  }
}
