// DuckDB files: the wanted table of one, and what is wrong with one of another version.
import { closeSync, openSync, readSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { didYouMean } from "../base/suggest.js";
import { explained, identifier, pathLiteral } from "./database.js";

/** Attaches a DuckDB file and returns the wanted table of it; a query needs none. */
export async function attach(
  connection: DuckDBConnection,
  path: string,
  name: string,
  { table, query }: { table?: string; query?: string },
): Promise<string> {
  if (table !== undefined && query !== undefined)
    throw new UserError(`Both table '${table}' and a query are given for ${name}. Use only one of them.`);
  try {
    await explained(name, () => connection.run(`ATTACH ${pathLiteral(path)} AS source (READ_ONLY)`));
  } catch (error) {
    throw otherVersion(path, name, error) ?? error;
  }
  await connection.run("USE source");
  if (query !== undefined) return "";
  const found = await connection.runAndReadAll(
    "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = 'source' ORDER BY 1, 2",
  );
  const tables = found.getRows().map(([schema, table]) => {
    const shown = schema === "main" ? String(table) : `${schema}.${table}`;
    return { shown, relation: `source.${identifier(String(schema))}.${identifier(String(table))}` };
  });
  const names = tables.map((one) => one.shown);
  if (tables.length === 0) throw new UserError(`${name} has no tables.`);
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
