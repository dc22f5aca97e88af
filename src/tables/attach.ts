// DuckDB files: the wanted table of one, and what is wrong with one of another version.
import { closeSync, openSync, readSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { didYouMean } from "../base/suggest.js";
import { type Database, explained, identifier, literal } from "./database.js";

/**
 * Attaches a DuckDB file and returns the wanted table of it; a query needs none. A view is SQL that the file brings along: it is
 * read only where it is named.
 */
export async function attach(
  { connection, pathOf }: Database,
  path: string,
  name: string,
  { table, query }: { table?: string; query?: string },
): Promise<string> {
  if (table !== undefined && query !== undefined)
    throw new UserError(`Both table '${table}' and a query are given for ${name}. Use only one of them.`);
  try {
    await explained(name, () => connection.run(`ATTACH ${literal(pathOf(path))} AS source (READ_ONLY)`));
  } catch (error) {
    throw otherVersion(path, name, error) ?? error;
  }
  if (query !== undefined) {
    await searchSource(connection);
    return "";
  }
  const found = await connection.runAndReadAll(
    "SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_catalog = 'source' ORDER BY 1, 2",
  );
  const tables = found.getRows().map(([schema, table, type]) => {
    const shown = schema === "main" ? String(table) : `${schema}.${table}`;
    return {
      shown,
      isView: type === "VIEW",
      relation: `source.${identifier(String(schema))}.${identifier(String(table))}`,
    };
  });
  const names = tables.map((one) => one.shown);
  if (tables.length === 0) throw new UserError(`${name} has no tables.`);
  if (table === undefined && tables.length === 1 && tables[0].isView)
    throw new UserError(
      `${name} has no tables, only the view '${names[0]}'. Choose it with ${option("table")} if you want to run its query.`,
    );
  if (table === undefined && tables.length === 1) return tables[0].relation;
  if (table === undefined)
    throw new UserError(`${name} has the tables ${names.join(", ")}. Choose one with ${option("table")}.`);
  const wanted = tables.find((one) => one.shown.toLowerCase() === table.replace(/^main\./i, "").toLowerCase());
  if (!wanted)
    throw new UserError(
      `Table '${table}' is not in ${name}, which has the tables ${names.join(", ")}.${didYouMean(table, names)}`,
    );
  return wanted.relation;
}

/** What a query names is looked for in the file, but functions are DuckDB's own, whatever macros the file has of their names. */
async function searchSource(connection: DuckDBConnection): Promise<void> {
  const found = await connection.runAndReadAll(
    "SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'source' AND NOT internal ORDER BY schema_name <> 'main', oid",
  );
  const schemas = found.getRows().map(([schema]) => `source.${identifier(String(schema))}`);
  await connection.run(`SET search_path = ${literal(["system.main", "source.main", ...schemas].join(","))}`);
}

/** Storage versions that DuckDB 1.5 reads. https://duckdb.org/docs/stable/internals/storage */
const [oldest, newest] = [64, 68];

/** The header has a checksum (8 bytes), DUCK, the storage version (8 bytes) and, at 52, the library's version. */
function otherVersion(path: string, name: string, cause: unknown): UserError | undefined {
  const head = Buffer.alloc(84);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  const version = head.readBigUInt64LE(12);
  if (head.toString("latin1", 8, 12) !== "DUCK" || (version >= oldest && version <= newest)) return undefined;
  const library = /^v[\w.-]+/.exec(head.toString("latin1", 52))?.[0];
  return new UserError(
    `${name} was written by ${version > newest ? "a newer" : "an older"} version of DuckDB` +
      `${library ? ` (${library})` : ""}: its storage version is ${version}, and ${oldest} to ${newest} can be read. ` +
      "Open it with the DuckDB that wrote it and export the table: COPY reviews TO 'reviews.parquet'",
    { cause },
  );
}
