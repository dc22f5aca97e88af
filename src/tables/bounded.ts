// Ends a statement that grows beyond all measure: a file of kilobytes can hold gigabytes, and not all memory that DuckDB takes
// for large values counts against its limit.
import { statSync } from "node:fs";
import { UserError } from "../base/errors.js";
import type { Database } from "./database.js";

/** Native memory that reading may take on top, and what is put aside of a table: its own bytes a thousand times, or so many. */
const defaults = { mostMemory: 3 * 2 ** 30, mostAside: 4 * 2 ** 30 };
const mostTimes = 1000;
const interval = 50;

export interface Bounds {
  /** The table in messages. */
  description: string;
  /** Bytes of its files. */
  bytes: number;
  /** The file that `work` fills. */
  aside?: string;
  mostMemory?: number;
  mostAside?: number;
}

/** @throws UserError when `work` was ended */
export async function bounded<T>(
  { interrupt }: Pick<Database, "interrupt">,
  { description, bytes, aside, mostMemory = defaults.mostMemory, mostAside = defaults.mostAside }: Bounds,
  work: () => Promise<T>,
): Promise<T> {
  const start = nativeMemory();
  let reason: string | undefined;
  const timer = setInterval(() => {
    if (nativeMemory() - start > mostMemory)
      reason = `needs more than ${Math.floor(mostMemory / 2 ** 20)} MB of memory to be read`;
    else if (aside !== undefined && sizeOf(aside) > Math.max(mostAside, mostTimes * bytes))
      reason = `holds more than ${mostTimes} times its own size`;
    if (reason !== undefined) interrupt();
  }, interval).unref();
  try {
    return await work();
  } catch (error) {
    if (reason === undefined) throw error;
    throw new UserError(`${description} ${reason}. Split it, or leave out its largest values.`, { cause: error });
  } finally {
    clearInterval(timer);
  }
}

function nativeMemory(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return rss - heapTotal - external;
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
