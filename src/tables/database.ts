// The connection to DuckDB: its settings, quoting, and its errors in the user's words. Knows no file format.
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { CancelledError, UserError } from "../base/errors.js";
import { temporaryFolder } from "../base/temporary.js";
import duckdb from "./duckdb.js";

export interface Database {
  connection: DuckDBConnection;
  /** A second connection, for writing while a result of the first one streams. */
  connect(): Promise<DuckDBConnection>;
  /** A folder for what is put aside on disk; `close` removes it. */
  folder(): string;
  close(): void;
}

/** DuckDB fills it with what it has read and written. */
const memoryLimit = "512MB";
/** While rows stream, so that what is kept of them does not grow with their number. */
const streamingLimit = "128MB";

/** An in-memory database that installs nothing, loads nothing from the network and spills to the temporary folder. */
export async function openDatabase(): Promise<Database> {
  const folder = temporaryFolder("columnist-tables-");
  const instance = await duckdb.DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    memory_limit: memoryLimit,
    threads: String(Math.min(4, availableParallelism())),
    temp_directory: join(folder.path, "spill"),
    preserve_insertion_order: "true",
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'"); // a time has the same spelling on every machine
  const others: DuckDBConnection[] = [];
  return {
    connection,
    async connect() {
      const other = await instance.connect();
      others.push(other);
      return other;
    },
    folder: () => folder.path,
    close() {
      for (const open of [...others, connection]) open.closeSync();
      instance.closeSync();
      folder.remove();
    },
  };
}

/** A name as an SQL identifier. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A string as an SQL literal. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * The path of a file to read as an SQL literal. DuckDB takes `~` for the home folder and what stands before a colon for
 * the name of an extension; a file whose name looks like a pattern it takes literally, but then calls it ./ too.
 */
export const pathLiteral = (path: string) => literal(plainPath(path));

/** The path that DuckDB is given for `path`. */
export const plainPath = (path: string) => (/^(~|[a-z][a-z0-9+.-]+:|[^/.][^/]*[*?[])/i.test(path) ? `./${path}` : path);

/** Limits what DuckDB keeps in memory until `free` is called. Single rows may be larger: then `roomy` work gets all. */
export async function streamingMemory(connection: DuckDBConnection) {
  const setLimit = (limit: string) => connection.run(`SET memory_limit = '${limit}'`);
  await setLimit(streamingLimit);
  return {
    free: () => setLimit(memoryLimit),
    /** @param work may be begun anew */
    async roomy<T>(work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        if (!/^Out of Memory Error/.test((error as Error).message)) throw error;
        await setLimit(memoryLimit);
        return work();
      }
    },
  };
}

/** Runs `work`; what DuckDB says against the input becomes a UserError about `description`. */
export async function explained<T>(description: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(error, description);
  }
}

function explain(error: unknown, description: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const message = error.message;
  if (/^(INTERNAL|FATAL) Error/.test(message)) return error;
  if (/^INTERRUPT Error/.test(message)) return new CancelledError("Stopped.");
  if (/^Out of Memory Error/.test(message))
    return new UserError(
      `${description}: single rows are too large for the ${memoryLimit} of memory that reading may use, or ` +
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
