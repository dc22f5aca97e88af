// Columns as text, in SQL: the same value has the same spelling whatever type it is stored in.
import { identifier } from "./database.js";
import type { Column } from "./table.js";

/** The columns joined by a newline, NULL and empty ones left out; '' where nothing is left. */
export function textSql(columns: readonly Column[]): string {
  return `concat_ws(chr(10), ${columns.map((column) => `nullif(${asText(column)}, '')`).join(", ")})`;
}

/**
 * A label as text: 1, 1.0 (DOUBLE) and 1.00 (DECIMAL) are all '1'; true and false; dates as 2026-01-31, time zones as
 * UTC; NaN is NULL; blanks at the ends go. Text keeps its spelling: '007' is not '7'.
 */
export function labelSql(column: Column): string {
  const name = identifier(column.name);
  if (/^(DOUBLE|FLOAT)$/.test(column.type))
    return (
      `CASE WHEN isnan(${name}) THEN NULL WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e15 ` +
      `THEN CAST(CAST(${name} AS BIGINT) AS VARCHAR) ELSE CAST(${name} AS VARCHAR) END`
    );
  if (/^DECIMAL/.test(column.type)) return `regexp_replace(${asText(column)}, '\\.0*$|(\\.\\d*?)0+$', '\\1')`;
  return `trim(${asText(column)}, ' ' || chr(9) || chr(10) || chr(13))`;
}

function asText({ name, type }: Column): string {
  if (type === "VARCHAR") return identifier(name);
  if (type === "JSON") return `(${identifier(name)} ->> '$')`;
  if (type === "BLOB") return `decode(${identifier(name)})`;
  return `CAST(${identifier(name)} AS VARCHAR)`;
}
