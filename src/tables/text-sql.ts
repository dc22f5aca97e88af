// Columns as text, in SQL: the same value has the same spelling whatever type it is stored in.
import type { DuckDBArrayType, DuckDBListType, DuckDBType } from "@duckdb/node-api";
import { isNested, jsonSql } from "./json-sql.js";
import type { Column } from "./table.js";

/** The columns joined by a newline, NULL and empty ones left out; '' where nothing is left. */
export function textSql(columns: readonly Pick<Column, "sql" | "type">[]): string {
  if (columns.length === 1) return `coalesce(${asText(columns[0])}, '')`;
  return `concat_ws(chr(10), ${columns.map((column) => `nullif(${asText(column)}, '')`).join(", ")})`;
}

/**
 * The columns one by one, for `joinTexts`: DuckDB would join 2048 rows at once, and texts that a file holds once for all rows
 * would be in memory once for each.
 */
export const textParts = (columns: readonly Pick<Column, "sql" | "type">[]) =>
  columns.map((column) => textSql([column]));

/** What `textSql` gives, from the values of `textParts` for some rows. */
export function joinTexts(parts: readonly unknown[][]): string[] {
  if (parts.length === 1) return parts[0] as string[];
  return parts[0].map((_, row) => {
    const texts = parts.map((part) => part[row] as string);
    return texts.filter((text) => text !== "").join("\n");
  });
}

/** About how many bytes the joined text has, without making it. */
export function textBytesSql(columns: readonly Pick<Column, "sql" | "type">[]): string {
  const sizes = columns.map((column) =>
    column.type === "BLOB" ? `octet_length(${column.sql})` : `strlen(${asText(column)})`,
  );
  return sizes.map((size) => `coalesce(${size}, 0) + 1`).join(" + ");
}

/**
 * A label as text: 1, 1.0 (DOUBLE) and 1.00 (DECIMAL) are all '1'; true and false; dates as 2026-01-31, time zones as
 * UTC; NaN is NULL; lists, structs and maps as JSON, spelt as in a JSON file; blanks at the ends go. Text keeps its spelling:
 * '007' is not '7'.
 */
export function labelSql(column: Pick<Column, "sql" | "type" | "logical" | "spelt">): string {
  const name = column.sql;
  if (isNested(column.logical))
    return `CASE WHEN ${name} IS NOT NULL THEN trim(${column.spelt ?? jsonSql(name, column.logical)}) END`;
  if (/^(DOUBLE|FLOAT)$/.test(column.type))
    return (
      `CASE WHEN isnan(${name}) THEN NULL WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e15 ` +
      `THEN CAST(CAST(${name} AS BIGINT) AS VARCHAR) ELSE CAST(${name} AS VARCHAR) END`
    );
  if (/^DECIMAL/.test(column.type)) return `regexp_replace(${asText(column)}, '\\.0*$|(\\.\\d*?)0+$', '\\1')`;
  return `trim(${asText(column)}, ' ' || chr(9) || chr(10) || chr(13))`;
}

/** The items of a list, each spelt as a label; anything else is one text, '' where it is NULL: CSV cannot tell the two apart. */
export function itemsSql(column: Pick<Column, "sql" | "type" | "logical" | "spelt">): string {
  const { sql, type, logical } = column;
  if (isList(logical)) {
    const item = { sql: "x", type: type.replace(/\[\d*\]$/, ""), logical: logical.valueType };
    return `list_transform(${sql}, x -> ${labelSql(item)})`;
  }
  if (type !== "JSON") return `coalesce(${labelSql(column)}, '')`;
  const isMissing = `${sql} IS NULL OR json_type(${sql}) = 'NULL'`;
  return (
    `CASE WHEN ${isMissing} THEN NULL WHEN json_type(${sql}) = 'ARRAY' THEN json_extract_string(${sql}, '$[*]') ` +
    `ELSE [${labelSql(column)}] END`
  );
}

/** Lists of any length, and of one. */
export function isList(type: DuckDBType): type is DuckDBListType | DuckDBArrayType {
  return "valueType" in type && !("keyType" in type);
}

/** JSON text is read as it is spelt, but for the quotes of a text. */
function asText({ sql, type }: Pick<Column, "sql" | "type">): string {
  if (type === "VARCHAR") return sql;
  if (type === "JSON") return jsonText(`CAST(${sql} AS VARCHAR)`);
  if (type === "BLOB") return `decode(${sql})`;
  return `CAST(${sql} AS VARCHAR)`;
}

/** What a JSON value says: a text without quotes and escapes, any other value as it is spelt, nothing for null. */
export function jsonText(spelt: string): string {
  return `CASE WHEN ltrim(${spelt})[1] = '"' THEN ${spelt} ->> '$' WHEN trim(${spelt}) <> 'null' THEN ${spelt} END`;
}
