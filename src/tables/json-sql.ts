// Any value of DuckDB as JSON text, in SQL. Its own to_json converts on the way: 1.50 becomes 1.5, and numbers inside JSON
// text are spelt anew. Here integers and decimals keep their digits, and JSON text stays as it is.
import type { DuckDBType } from "@duckdb/node-api";
import { uniqueNames } from "./column-names.js";
import { identifier, literal } from "./database.js";
import duckdb from "./duckdb.js";

const { DuckDBTypeId: id } = duckdb;
const digits: readonly number[] = [
  ...[id.BOOLEAN, id.TINYINT, id.SMALLINT, id.INTEGER, id.BIGINT, id.HUGEINT, id.DECIMAL, id.BIGNUM],
  ...[id.UTINYINT, id.USMALLINT, id.UINTEGER, id.UBIGINT, id.UHUGEINT],
];

/** Lists, structs, maps, unions: values with parts. */
export function isNested({ typeId }: DuckDBType): boolean {
  return ([id.LIST, id.ARRAY, id.STRUCT, id.MAP, id.UNION, id.VARIANT] as number[]).includes(typeId);
}

/** The types of the parts. */
export function partTypes(type: DuckDBType): DuckDBType[] {
  if ("entryTypes" in type) return [...type.entryTypes];
  if ("memberTypes" in type) return [...type.memberTypes];
  const parts = "valueType" in type ? [type.valueType] : [];
  return "keyType" in type ? [type.keyType, ...parts] : parts;
}

/** JSON text without line breaks: they stand between its parts, since inside of texts they are \\n. */
export function oneLine(sql: string): string {
  const hasBreak = `(contains(${sql}, chr(10)) OR contains(${sql}, chr(13)))`;
  return `CASE WHEN ${hasBreak} THEN regexp_replace(${sql}, '[\\r\\n]+\\s*', ' ', 'g') ELSE ${sql} END`;
}

/** NULL is `null`; what JSON has no type for is text, and so are NaN and the infinities. */
export function jsonSql(sql: string, type: DuckDBType, depth = 0): string {
  return `CASE WHEN ${sql} IS NULL THEN 'null' ELSE ${present(sql, type, depth)} END`;
}

function present(sql: string, type: DuckDBType, depth: number): string {
  const part = `p${depth}`;
  const each = (list: string, element: string) =>
    `array_to_string(list_transform(${list}, lambda ${part}: ${element}), ',')`;
  if (type.alias === "JSON") return oneLine(`CAST(${sql} AS VARCHAR)`);
  if (digits.includes(type.typeId)) return `CAST(${sql} AS VARCHAR)`;
  if (type.typeId === id.FLOAT || type.typeId === id.DOUBLE)
    return (
      `CASE WHEN isfinite(${sql}) THEN CAST(${sql} AS VARCHAR) WHEN isnan(${sql}) THEN '"NaN"' ` +
      `WHEN ${sql} > 0 THEN '"Infinity"' ELSE '"-Infinity"' END`
    );
  if (type.typeId === id.VARIANT) return `CAST(CAST(${sql} AS JSON) AS VARCHAR)`;
  if ("keyType" in type) {
    const entry = `${textSql(`${part}.key`)} || ':' || ${jsonSql(`${part}.value`, type.valueType, depth + 1)}`;
    return `'{' || ${each(`map_entries(${sql})`, entry)} || '}'`;
  }
  if ("valueType" in type) return `'[' || ${each(sql, jsonSql(part, type.valueType, depth + 1))} || ']'`;
  if ("entryNames" in type) {
    const { entryNames, entryTypes } = type;
    if (entryNames.every((name) => name === ""))
      return `'[' || ${entryTypes.map((one, i) => jsonSql(`${sql}[${i + 1}]`, one, depth + 1)).join(" || ',' || ")} || ']'`;
    const entries = entryNames.map((name, i) => {
      const field = jsonSql(`struct_extract(${sql}, ${literal(name)})`, entryTypes[i], depth + 1);
      return `${literal(`${JSON.stringify(name)}:`)} || ${field}`;
    });
    return `'{' || ${entries.join(" || ',' || ")} || '}'`;
  }
  if ("memberTags" in type) {
    const cases = type.memberTags.map(
      (tag, i) =>
        `WHEN ${literal(tag)} THEN ${jsonSql(`union_extract(${sql}, ${literal(tag)})`, type.memberTypes[i], depth + 1)}`,
    );
    return `CASE CAST(union_tag(${sql}) AS VARCHAR) ${cases.join(" ")} END`;
  }
  return textSql(sql);
}

const textSql = (sql: string) => `CAST(to_json(CAST(${sql} AS VARCHAR)) AS VARCHAR)`;

/** Fields of an object, without braces: `"a":1,"b":"x"`. */
export function jsonFields(columns: readonly { name: string; sql: string; type: DuckDBType }[]): string {
  return columns
    .map(
      ({ name, sql, type }, i) => `${literal(`${i > 0 ? "," : ""}${JSON.stringify(name)}:`)} || ${jsonSql(sql, type)}`,
    )
    .join(" || ");
}

/** A type in SQL, as a cast takes it. */
export const typeSql = (type: DuckDBType): string => type.alias ?? type.toString();

/** The type with a name for every field that has none, in SQL; undefined where all have one. */
export function namedType(type: DuckDBType): string | undefined {
  const inner = partTypes(type).map(namedType);
  const nameless = "entryNames" in type && type.entryNames.includes("");
  if (!nameless && inner.every((one) => one === undefined)) return undefined;
  const [first, second] = partTypes(type).map((part, i) => inner[i] ?? typeSql(part));
  if ("keyType" in type) return `MAP(${first}, ${second})`;
  if ("length" in type) return `${first}[${type.length}]`;
  if (!("entryNames" in type)) return `${first}[]`;
  const names = uniqueNames(type.entryNames);
  return `STRUCT(${names.map((name, i) => `${identifier(name)} ${inner[i] ?? typeSql(type.entryTypes[i])}`).join(", ")})`;
}
