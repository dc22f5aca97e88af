// How DuckDB reads Parquet files, under the names that stand in them: DuckDB renames the second of two that differ in case.
import type { DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { identifier, pathLiteral } from "./database.js";
import type { ReadColumn } from "./table.js";

/** DuckDB reads decimals with more digits as floating-point numbers. */
const mostDigits = 38;

export async function parquetReader(
  connection: DuckDBConnection,
  files: readonly string[],
): Promise<{ relation: string; columns?: ReadColumn[] }> {
  const relation = `read_parquet([${files.map(pathLiteral).join(", ")}])`;
  const unique = (await connection.runAndReadAll(`SELECT * FROM ${relation} LIMIT 0`)).columnNames();
  const schema = await connection.runAndReadAll(
    `SELECT name, coalesce(num_children, 0), coalesce(precision, 0) FROM parquet_schema(${pathLiteral(files[0])})`,
  );
  const wide = schema.getRows().find(([, , precision]) => Number(precision) > mostDigits);
  if (wide)
    throw new UserError(
      `${files[0]}: '${wide[0]}' is a decimal of ${wide[2]} digits; at most ${mostDigits} can be read without changing values. ` +
        "Write the column as text, or with fewer digits.",
    );
  const names = topNames(schema.getRows().map(([name, children]) => [String(name), Number(children)]));
  if (names.length !== unique.length) return { relation };
  return { relation, columns: names.map((name, i) => ({ name, unique: unique[i], sql: identifier(unique[i]) })) };
}

/** The schema is a tree, written depth first; its root's children are the columns. */
function topNames(elements: readonly [string, number][]): string[] {
  const names: string[] = [];
  let at = 1;
  while (at < elements.length) {
    names.push(elements[at][0]);
    for (let left = 1; left > 0 && at < elements.length; at++) left += elements[at][1] - 1;
  }
  return names;
}
