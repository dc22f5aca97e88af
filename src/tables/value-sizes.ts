// How many bytes of text rows have, in SQL. A Parquet file can hold a long text once and refer to it from every row; DuckDB works
// on 2048 rows at once, in memory that does not count against its limit.
import type { DuckDBType } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { type Database, isOutOfMemory, threads } from "./database.js";
import duckdb from "./duckdb.js";
import { longestRow } from "./limits.js";

const { DuckDBTypeId: id } = duckdb;
const block = 2048;
/** Bytes of as many rows as DuckDB works on at once. */
const longestBlock = 1 << 30;

/**
 * Reads the columns once, without making a value that a file does not hold.
 *
 * @throws UserError when a row, or 2048 of them together, are larger than memory should be
 */
export async function checkSizes(
  { connection }: Database,
  relation: string,
  columns: readonly { sql: string; type: DuckDBType }[],
  description: string,
): Promise<void> {
  const sizes = columns.flatMap(({ sql, type }) => sizeSql(sql, type) ?? []);
  if (sizes.length === 0) return;
  const numbers = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()[0].map(Number);
  const largest = async (some: readonly string[]) => {
    const rows = `SELECT ${some.join(" + ")} AS bytes FROM ${relation}`;
    const [longest] = await numbers(`SELECT max(bytes) FROM (${rows})`);
    if (longest * block <= longestBlock || longest > longestRow) return [longest, longest];
    const blocks = `SELECT sum(bytes) AS together FROM (SELECT row_number() OVER () // ${block} AS block, bytes FROM (${rows})) GROUP BY block`;
    return [longest, ...(await numbers(`SELECT max(together) FROM (${blocks})`))];
  };
  let [longest, together] = [0, 0];
  await connection.run("SET threads = 1"); // each has the pages of all columns in memory
  try {
    [longest, together] = await largest(sizes);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    for (const size of sizes) {
      const [long, all] = await largest([size]);
      [longest, together] = [longest + long, together + all];
    }
  } finally {
    await connection.run(`SET threads = ${threads}`);
  }
  const too = (what: string, most: number) =>
    new UserError(`${description}: ${what} than ${most >> 20} MB. Shorten the longest texts, or leave them out.`);
  if (longest > longestRow) throw too("a row is larger", longestRow);
  if (together > longestBlock) throw too(`${block} rows together are larger`, longestBlock);
}

/** Bytes of a value's texts; nothing where a type has a fixed size. */
function sizeSql(sql: string, type: DuckDBType, depth = 0): string | undefined {
  const sum = (parts: (string | undefined)[]) => parts.filter((part) => part !== undefined).join(" + ") || undefined;
  const items = (list: string, item: DuckDBType) => {
    const size = sizeSql(`s${depth}`, item, depth + 1);
    return size && `coalesce(list_sum(list_transform(${list}, lambda s${depth}: ${size})), 0)`;
  };
  if (type.typeId === id.VARCHAR) return `coalesce(strlen(${sql}), 0)`;
  if (type.typeId === id.BLOB) return `coalesce(octet_length(${sql}), 0)`;
  if ("keyType" in type)
    return sum([items(`map_keys(${sql})`, type.keyType), items(`map_values(${sql})`, type.valueType)]);
  if ("valueType" in type) return items(sql, type.valueType);
  if ("entryNames" in type)
    return sum(type.entryTypes.map((one, i) => sizeSql(`struct_extract_at(${sql}, ${i + 1})`, one, depth)));
  return undefined;
}
