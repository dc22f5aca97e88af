// Labels are text for a model, and have the type of their column again where they are written. `labelSql` spells them so that
// this gives the same values; what it spells as JSON (lists, structs, maps) goes back through JSON.

import { literal } from "./database.js";
import type { FileFormat } from "./file-formats.js";
import { isNested } from "./json-sql.js";
import type { Column } from "./table.js";
import { labelSql } from "./text-sql.js";

const scalars = new RegExp(
  String.raw`\b(BOOLEAN|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM|DOUBLE|FLOAT|DECIMAL\(\d+,\d+\)|DATE|TIME(_NS)?` +
    String.raw`|TIMESTAMP(_S|_MS|_NS)?|TIME(STAMP)? WITH TIME ZONE|INTERVAL|UUID|BIT)(?=$|[\[,)])`,
  "g",
);

/**
 * Whether labels can have this type. It comes from a model folder and becomes SQL: it may be nothing but the names of types and
 * quoted names of fields.
 */
export function isLabelType(type: string): boolean {
  if (type === "JSON") return true;
  const bare = type.replace(/"([^"]|"")*"/g, '"f"');
  if (bare.includes("#")) return false;
  let rest = bare.replace(scalars, "#").replace(/\bVARCHAR(?=[[,)])/g, "#");
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(/#\[\d*\]|MAP\(#, #\)|STRUCT\("f" #(, "f" #)*\)/g, "#");
  }
  return rest === "#";
}

/** The type for labels of a column, and whether a value would not come back, in SQL. */
export function labelTypeOf(column: Column): { type: string; isLostSql: string } | undefined {
  const { type, logical } = column;
  if (!isLabelType(type)) return undefined;
  const label = labelSql(column);
  if (type === "JSON") {
    // A text that spells a number or a list would come back as one.
    const spelt = `CAST(${column.spelt ?? column.sql} AS VARCHAR)`;
    return { type, isLostSql: `(ltrim(${spelt})[1] = '"') = json_valid(${label})` };
  }
  const isLostSql = isNested(logical) ? `${nestedSql(label, type)} IS DISTINCT FROM ${column.sql}` : "false";
  return { type, isLostSql };
}

const nestedSql = (label: string, type: string) => `TRY_CAST(TRY_CAST(${label} AS JSON) AS ${type})`;

/** A label of this type in a file: text in CSV and JSON text in JSON, as its column is written there. */
export function writtenLabelSql(label: string, type: string, format: FileFormat): string {
  const isJson = type === "JSON" || /[[(]/.test(type.replace(/^DECIMAL\(.*?\)$/, ""));
  if (!isJson) return `CAST(${label} AS ${type})`;
  if (format.kind === "csv") return label;
  if (format.kind === "parquet" && type !== "JSON") return nestedSql(label, type);
  return `CAST(CASE WHEN json_valid(${label}) THEN ${label} ELSE to_json(${label}) END AS JSON)`;
}

/**
 * A list of labels in a file, where the label column has this type: in CSV one text, with a separator; elsewhere a list, whose
 * items have the type of that column or of its items where it is one of numbers, dates and the like.
 */
export function writtenListSql(list: string, type: string | undefined, format: FileFormat, separator: string): string {
  if (format.kind === "csv") return `array_to_string(${list}, ${literal(separator)})`;
  const item = type?.replace(/\[\d*\]$/, "");
  const isScalar = item !== undefined && item.replace(scalars, "#") === "#";
  return isScalar ? `CAST(${list} AS ${item}[])` : list;
}
