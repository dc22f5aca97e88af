// Types that DuckDB does not read from a Parquet file, since they stand only in the Arrow schema that pandas, polars and
// others put beside it: durations are whole numbers for DuckDB, and times with a zone are in UTC. In another Parquet file
// they are said in the same way; elsewhere the user is told.
import type { DuckDBType } from "@duckdb/node-api";
import { type ArrowField, type ArrowType, writeArrowSchema } from "../formats/arrow-schema.js";
import duckdb from "./duckdb.js";

const { DuckDBTypeId: id } = duckdb;

/** A type that a column has in its file alone. */
export interface FileType {
  /** As Arrow spells it, such as duration[ns]. */
  name: string;
  /** What DuckDB takes it for. */
  as: string;
}

/** The types within a column that stand only in its Arrow schema. */
export function fileTypes(type: DuckDBType, field: ArrowField): FileType[] {
  const own = ownType(type, field);
  if (own) return [own.told];
  const inner = parts(type, field);
  return inner?.flatMap(([part, origin]) => fileTypes(part, origin)) ?? [];
}

const extensionKey = "ARROW:extension:name";
const storedAs = /^arrow\.(json|uuid|bool8)$/;

/** What an Arrow field is where DuckDB reads something else: how it is told, and its type in an Arrow schema. */
function ownType(
  type: DuckDBType,
  { type: arrow, metadata }: ArrowField,
): { told: FileType; type?: ArrowType } | undefined {
  const extension = metadata?.find(([key]) => key === extensionKey)?.[1];
  if (extension !== undefined && !storedAs.test(extension)) return { told: { name: extension, as: String(type) } };
  if (arrow.kind === "duration" && type.typeId === id.BIGINT)
    return { told: { name: `duration[${arrow.unit}]`, as: "whole numbers" }, type: arrow };
  if (arrow.kind !== "timestamp" || type.typeId !== id.TIMESTAMP_TZ) return undefined;
  if (arrow.zone === undefined || /^(utc|etc\/utc|z|[+-]00:?00)$/i.test(arrow.zone)) return undefined;
  const told = { name: `timestamp[${arrow.unit}, tz=${arrow.zone}]`, as: "times in UTC" };
  return { told, type: { ...arrow, unit: "us" } };
}

/** The parts of a nested type beside the fields that they come from. */
function parts(type: DuckDBType, { children }: ArrowField): [DuckDBType, ArrowField][] | undefined {
  if ("keyType" in type) {
    const [key, value] = children[0]?.children ?? [];
    return (
      key &&
      value && [
        [type.keyType, key],
        [type.valueType, value],
      ]
    );
  }
  const inner = "entryTypes" in type ? type.entryTypes : "valueType" in type ? [type.valueType] : [];
  return inner.length === children.length ? inner.map((part, i) => [part, children[i]]) : undefined;
}

/** A column of a Parquet file that is written. */
export interface WrittenColumn {
  name: string;
  type: DuckDBType;
  origin?: ArrowField;
}

/** The Arrow schema of a Parquet file with these columns; undefined where one has a type that is not known here. */
export function arrowSchema(columns: readonly WrittenColumn[]): string | undefined {
  const fields = columns.map(({ name, type, origin }) => fieldOf(name, type, origin));
  return fields.some((field) => field === undefined) ? undefined : writeArrowSchema(fields as ArrowField[]);
}

function fieldOf(name: string, type: DuckDBType, origin?: ArrowField): ArrowField | undefined {
  const own = origin && ownType(type, origin);
  const plain = own?.type ?? arrowType(type);
  if (plain === undefined) return undefined;
  const origins = origin && !own?.type ? parts(type, origin) : undefined;
  const inner = own?.type ? [] : namedParts(type);
  const children = inner.map(([name, part], i) => fieldOf(name, part, origins?.[i]?.[1]));
  if (children.some((child) => child === undefined)) return undefined;
  const metadata = own && !own.type ? origin?.metadata : undefined;
  const field = { name, type: plain, metadata, children: children as ArrowField[] };
  if (!("keyType" in type)) return field;
  const [key, value] = field.children;
  const entries: ArrowField = {
    name: "key_value",
    type: { kind: "struct" },
    isNullable: false,
    children: [{ ...key, isNullable: false }, value],
  };
  return { ...field, children: [entries] };
}

function namedParts(type: DuckDBType): [string, DuckDBType][] {
  if ("keyType" in type)
    return [
      ["key", type.keyType],
      ["value", type.valueType],
    ];
  if ("entryTypes" in type) return type.entryTypes.map((part, i) => [type.entryNames[i], part]);
  return "valueType" in type ? [["element", type.valueType]] : [];
}

/** How Arrow reads what DuckDB writes to Parquet. */
const arrowTypes: ReadonlyMap<number, ArrowType> = new Map<number, ArrowType>([
  [id.BOOLEAN, { kind: "boolean" }],
  [id.TINYINT, { kind: "integer", bits: 8, isSigned: true }],
  [id.SMALLINT, { kind: "integer", bits: 16, isSigned: true }],
  [id.INTEGER, { kind: "integer", bits: 32, isSigned: true }],
  [id.BIGINT, { kind: "integer", bits: 64, isSigned: true }],
  [id.UTINYINT, { kind: "integer", bits: 8, isSigned: false }],
  [id.USMALLINT, { kind: "integer", bits: 16, isSigned: false }],
  [id.UINTEGER, { kind: "integer", bits: 32, isSigned: false }],
  [id.UBIGINT, { kind: "integer", bits: 64, isSigned: false }],
  [id.FLOAT, { kind: "float", bits: 32 }],
  [id.DOUBLE, { kind: "float", bits: 64 }],
  [id.VARCHAR, { kind: "text" }],
  [id.ENUM, { kind: "text" }],
  [id.BLOB, { kind: "binary" }],
  [id.UUID, { kind: "bytes", size: 16 }],
  [id.INTERVAL, { kind: "bytes", size: 12 }],
  [id.DATE, { kind: "date" }],
  [id.TIME, { kind: "time", unit: "us" }],
  [id.TIME_TZ, { kind: "time", unit: "us" }],
  [id.TIMESTAMP, { kind: "timestamp", unit: "us" }],
  [id.TIMESTAMP_S, { kind: "timestamp", unit: "us" }],
  [id.TIMESTAMP_MS, { kind: "timestamp", unit: "ms" }],
  [id.TIMESTAMP_NS, { kind: "timestamp", unit: "ns" }],
  [id.TIMESTAMP_TZ, { kind: "timestamp", unit: "us", zone: "UTC" }],
  [id.LIST, { kind: "list" }],
  [id.ARRAY, { kind: "list" }],
  [id.STRUCT, { kind: "struct" }],
  [id.MAP, { kind: "map" }],
]);

function arrowType(type: DuckDBType): ArrowType | undefined {
  if (!("width" in type && "scale" in type)) return arrowTypes.get(type.typeId);
  return { kind: "decimal", digits: Number(type.width), scale: Number(type.scale) };
}
