// The connection to DuckDB: its settings, what it may touch, quoting, and its errors in the user's words. Knows no file format.
import { realpathSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { CancelledError, UserError } from "../base/errors.js";
import { temporaryFolder } from "../base/temporary.js";
import duckdb from "./duckdb.js";
import { pathFor } from "./path-for-duckdb.js";

export interface Database {
  connection: DuckDBConnection;
  /** A second connection, for writing while a result of the first one streams. */
  connect(): Promise<DuckDBConnection>;
  /** A folder for what is put aside on disk; `close` removes it unless it was given. */
  folder: string;
  /** Under which path DuckDB finds one of the files to read, and nothing else: names are no patterns. */
  pathOf(file: string): string;
  /** Ends what runs on any of its connections. */
  interrupt(): void;
  close(): void;
}

/** DuckDB fills it with what it has read and written. */
const memoryLimit = "512MB";
/** While rows stream, so that what is kept of them does not grow with their number. */
const streamingLimit = "128MB";
/** While rows stream that nothing is written for. */
export const readingLimit = "64MB";

export const threads = Math.min(4, availableParallelism());

/** What SQL may touch beside the temporary folder, and that folder where it is there already. */
export interface Access {
  reads?: readonly string[];
  writes?: readonly string[];
  folder?: string;
}

/**
 * An in-memory database for SQL that may come from a stranger (views, macros and generated columns of a DuckDB file): it reads
 * and writes the given files and a temporary folder, to which it spills, and nothing else; it installs and loads nothing, finds
 * no secrets, and its settings are locked, but for memory and threads.
 */
export async function openDatabase({ reads = [], writes = [], folder: given }: Access = {}): Promise<Database> {
  const folder = given === undefined ? temporaryFolder("columnist-tables-") : { path: given, remove() {} };
  const paths = new Map(reads.map((file, i) => [file, pathFor(file, folder.path, i)]));
  const instance = await duckdb.DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
    memory_limit: memoryLimit,
    threads: String(threads),
    temp_directory: join(folder.path, "spill"),
    preserve_insertion_order: "true",
  });
  const connection = await instance.connect();
  const others: DuckDBConnection[] = [];
  const close = () => {
    for (const open of [...others, connection]) open.closeSync();
    instance.closeSync();
    folder.remove();
  };
  try {
    await connection.run("SET TimeZone = 'UTC'"); // a time has the same spelling on every machine
    // DuckDB follows links before it asks whether a path is allowed.
    const written = writes.map((file) => join(realpathSync(dirname(file)), basename(file)));
    const read = [...paths.values()].flatMap((path) => [path, realpathSync(path)]);
    const logs = read.map((path) => path.replace(/\?|$/, ".wal$&")); // where DuckDB looks for a database's log
    const allowed = [...read, ...logs, ...writes, ...written];
    await connection.run(`SET allowed_paths = [${allowed.map(literal).join(", ")}]`);
    await connection.run(`SET allowed_directories = [${literal(folder.path)}]`);
    await connection.run("SET allowed_configs = ['memory_limit', 'threads']");
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
  } catch (error) {
    close();
    throw error;
  }
  return {
    connection,
    async connect() {
      const other = await instance.connect();
      others.push(other);
      return other;
    },
    folder: folder.path,
    pathOf: (file) => paths.get(file) ?? file,
    interrupt() {
      for (const open of [...others, connection]) open.interrupt();
    },
    close,
  };
}

/** A name as an SQL identifier. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A string as an SQL literal. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

export const isOutOfMemory = (error: unknown) => /^Out of Memory Error/.test((error as Error)?.message);

/** Limits what DuckDB keeps in memory until `free` is called. Single rows may be larger: then `roomy` work gets all. */
export async function streamingMemory(connection: DuckDBConnection, least = streamingLimit) {
  const setLimit = (limit: string) => connection.run(`SET memory_limit = '${limit}'`);
  await setLimit(least);
  return {
    free: () => setLimit(memoryLimit),
    /** @param work may be begun anew */
    async roomy<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        await setLimit(memoryLimit);
        return work();
      }
    },
  };
}

/** Limits memory while rows stream to the attached database `name`, which is detached in the end. */
export async function streaming<T>(
  { connection }: Database,
  name: string,
  work: (memory: Awaited<ReturnType<typeof streamingMemory>>) => Promise<T>,
): Promise<T> {
  const memory = await streamingMemory(connection);
  try {
    return await work(memory);
  } finally {
    await connection.run(`DETACH DATABASE IF EXISTS ${name}`).catch(() => undefined);
    await memory.free().catch(() => undefined);
  }
}

/** Runs `work`; what DuckDB says against the input becomes a UserError about `description`. */
export async function explained<T>(description: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, description);
  }
}

/** What DuckDB says against the input, as a UserError about `description`. */
export function explain(error: unknown, description: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const message = error.message;
  if (/^(INTERNAL|FATAL) Error/.test(message)) {
    // What DuckDB takes for a fault of its own is one of the file's, where that has a structure that can be damaged.
    const file = /^(?!Writing )(?:The query on )?(.*\.(?:parquet|duckdb|db))(?: \(table .*\))?$/is.exec(
      description,
    )?.[1];
    if (file === undefined) return error;
    return new UserError(`${file} is damaged (${firstLine(message)}). Copy, download or create it again.`, {
      cause: error,
    });
  }
  if (/^INTERRUPT Error/.test(message)) return new CancelledError("Stopped.");
  const denied = /^Permission Error: Cannot access \w+ "(.*?)" - file system operations/s.exec(message)?.[1];
  if (denied !== undefined)
    return new UserError(
      `${description}: SQL may not read '${denied}', only the table that is named. Join the tables into one file first.`,
      { cause: error },
    );
  if (/^Out of Memory Error/.test(message))
    return new UserError(
      `${description}: single rows are too large, or columns too many, for the ${memoryLimit} of memory that reading may use, or ` +
        `${tmpdir()} is full. Shorten the longest texts, or set TMPDIR to a folder with more space.`,
      { cause: error },
    );
  if (/No space left|not enough space|quota exceeded/i.test(message))
    return new UserError(
      `${description}: the disk is full (${firstLine(message)}). Free some space, or set TMPDIR to a folder with more, and try again.`,
      {
        cause: error,
      },
    );
  if (/could not convert blob to UTF8/.test(message))
    return new UserError(
      `${description}: a column of bytes (BLOB) is not UTF-8 text. Choose another text or label column.`,
      {
        cause: error,
      },
    );
  const line = /CSV Error on Line: (\d+)/.exec(message)?.[1];
  const where = line === undefined ? description : `${description}, line ${line}`;
  if (/^(?!Writing |The query on ).*\.parquet$/is.test(description))
    return new UserError(
      `${description} is a damaged Parquet file (${firstLine(message)}). Copy, download or create it again.`,
      { cause: error },
    );
  if (/unicode|utf-?8/i.test(message))
    return new UserError(
      `${where} is not UTF-8 text. Convert it first, for example: ` +
        `iconv -f windows-1252 -t utf-8 ${basename(description)} > utf8-${basename(description)}`,
      { cause: error },
    );
  if (line !== undefined) {
    const columns = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
    const fault = columns
      ? `the header has ${columns[1]} columns, this line has ${columns[2]}`
      : /quote/i.test(message)
        ? "a quoted value is not closed, or text follows its closing quote"
        : firstLine(message.replace(/^.*\n(Original Line:.*\n)?/, ""));
    return new UserError(
      `${where}: ${fault}. Put values with delimiters, quotes or line breaks in double quotes, ` +
        "and double each quote inside them.",
      { cause: error },
    );
  }
  if (/invalid state/.test(message))
    return new UserError(
      `${where}: some lines end in \\n, others in \\r\\n. Use one line ending, for example: ` +
        `tr -d '\\r' < ${basename(description)} > unix-${basename(description)}`,
      { cause: error },
    );
  if (/extension/i.test(message) && /requires|autoload|INSTALL/i.test(message))
    return new UserError(`${description} needs a DuckDB extension, but extensions are not loaded. Use a local file.`, {
      cause: error,
    });
  if (/Corrupt database|not a valid DuckDB/i.test(message))
    return new UserError(`${description} is a damaged DuckDB file. Copy or download it again.`, { cause: error });
  if (/set lock/i.test(message))
    return new UserError(`${description} is in use by another program. Close it there and try again.`, {
      cause: error,
    });
  return new UserError(`${description}: ${firstLine(message)}`, { cause: error });
}

/** DuckDB's own words without the kind of error, hints and the echo of the statement. */
function firstLine(message: string): string {
  const [line] = message.replace(/^[\w ]+ Error:\s*/, "").split("\n");
  return line.trim();
}
