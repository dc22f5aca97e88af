// The schema that Arrow (pandas, polars, R …) keeps in a Parquet file: names and types of the columns, among them some that
// Parquet has no word for, such as durations and time zones. Knows nothing of Parquet and of tables.
// Layout: https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc,
// with the numbers of fields and types from Schema.fbs and Message.fbs of the same project.
import { Builder, ByteBuffer } from "flatbuffers";

export type TimeUnit = "s" | "ms" | "us" | "ns";

/** `other`: types that are read no further. */
export type ArrowType =
  | { kind: "null" | "binary" | "text" | "boolean" | "date" | "list" | "struct" | "map" | "other" }
  | { kind: "integer"; bits: number; isSigned: boolean }
  | { kind: "float"; bits: 32 | 64 }
  | { kind: "decimal"; digits: number; scale: number }
  | { kind: "bytes"; size: number }
  | { kind: "time" | "duration"; unit: TimeUnit }
  | { kind: "timestamp"; unit: TimeUnit; zone?: string };

export interface ArrowField {
  name: string;
  type: ArrowType;
  /** Default: true. */
  isNullable?: boolean;
  /** Of a list its items, of a map one struct of key and value, of a struct its fields. */
  children: ArrowField[];
  /** What a program says of a type of its own (`ARROW:extension:name` …). */
  metadata?: [key: string, value: string][];
}

const units: readonly TimeUnit[] = ["s", "ms", "us", "ns"];
const continuation = 0xffffffff;
const schemaMessage = 1;
/** MetadataVersion V5, of Arrow 1.0 and later. */
const version = 4;
/** The numbers of the union Type; of those that are not here only the children are read. */
const typeIds = {
  ...{ null: 1, integer: 2, float: 3, binary: 4, text: 5, boolean: 6, decimal: 7, date: 8, time: 9, timestamp: 10 },
  ...{ list: 12, struct: 13, bytes: 15, map: 17, duration: 18 },
} as const;
/** A damaged buffer may say the same part over and over. */
const [mostFields, deepest] = [1_000_000, 100];

/** In a vtable the places of fields stand after its own size and the table's. */
const slot = (field: number) => 4 + 2 * field;

/**
 * @param base64 as it stands in a Parquet file under `ARROW:schema`
 * @returns undefined for what is no schema
 * @example
 * readArrowSchema(text)?.[0]; // { name: "wait", type: { kind: "duration", unit: "ns" }, children: [] }
 */
export function readArrowSchema(base64: string): ArrowField[] | undefined {
  const bytes = Buffer.from(base64, "base64");
  const buffer = new ByteBuffer(bytes);
  let left = mostFields;
  try {
    buffer.setPosition(bytes.readUInt32LE(0) === continuation ? 8 : 4);
    const message = buffer.position() + bytes.readUInt32LE(buffer.position());
    const kind = place(message, 1);
    const header = place(message, 2);
    if (!kind || buffer.readUint8(kind) !== schemaMessage || !header) return undefined;
    return fieldsAt(buffer.__indirect(header), 1, 0);
  } catch {
    return undefined;
  }

  /** Where a field of a table stands, 0 if it is absent. */
  function place(table: number, field: number): number {
    if (table < 0 || table >= bytes.length) throw new RangeError("A table outside of the buffer.");
    const offset = buffer.__offset(table, slot(field));
    return offset === 0 ? 0 : table + offset;
  }

  function tablesAt(table: number, field: number): number[] {
    const at = place(table, field);
    if (at === 0) return [];
    const length = buffer.__vector_len(at);
    left -= length;
    if (length < 0 || left < 0) throw new RangeError("Too many fields.");
    const start = buffer.__vector(at);
    return Array.from({ length }, (_, i) => buffer.__indirect(start + 4 * i));
  }

  function textAt(table: number, field: number): string | undefined {
    const at = place(table, field);
    return at === 0 ? undefined : String(buffer.__string(at));
  }

  function fieldsAt(table: number, field: number, depth: number): ArrowField[] {
    if (depth > deepest) throw new RangeError("Nested too deeply.");
    return tablesAt(table, field).map((one) => {
      const metadata = tablesAt(one, 6).map((pair): [string, string] => [textAt(pair, 0) ?? "", textAt(pair, 1) ?? ""]);
      return {
        name: textAt(one, 0) ?? "",
        type: typeAt(one),
        children: fieldsAt(one, 5, depth + 1),
        ...(metadata.length > 0 && { metadata }),
      };
    });
  }

  function typeAt(field: number): ArrowType {
    const id = place(field, 2);
    const at = place(field, 3);
    if (id === 0 || at === 0) return { kind: "other" };
    const table = buffer.__indirect(at);
    const unit = (preset: number) => {
      const where = place(table, 0);
      return units[where === 0 ? preset : buffer.readInt16(where)];
    };
    switch (buffer.readUint8(id)) {
      case typeIds.duration:
        return { kind: "duration", unit: unit(1) };
      case typeIds.timestamp:
        return { kind: "timestamp", unit: unit(0), zone: textAt(table, 1) };
      default:
        return { kind: "other" };
    }
  }
}

/** As `readArrowSchema` takes it. */
export function writeArrowSchema(fields: readonly ArrowField[]): string {
  const builder = new Builder(1024);
  const vector = vectorOf(fields.map(fieldOf));
  builder.startObject(4);
  builder.addFieldOffset(1, vector, 0);
  const schema = builder.endObject();
  builder.startObject(5);
  builder.addFieldInt16(0, version, 0);
  builder.addFieldInt8(1, schemaMessage, 0);
  builder.addFieldOffset(2, schema, 0);
  builder.finish(builder.endObject());
  const message = builder.asUint8Array();
  const bytes = Buffer.alloc(8 + Math.ceil(message.length / 8) * 8);
  bytes.writeUInt32LE(continuation, 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.set(message, 8);
  return bytes.toString("base64");

  function vectorOf(tables: readonly number[]): number {
    builder.startVector(4, tables.length, 4);
    for (const table of tables.toReversed()) builder.addOffset(table);
    return builder.endVector();
  }

  function fieldOf({ name, type, isNullable = true, children, metadata = [] }: ArrowField): number {
    const inner = vectorOf(children.map(fieldOf));
    const pairs = metadata.map(([key, value]) => {
      const texts = [builder.createString(key), builder.createString(value)];
      builder.startObject(2);
      for (const [i, text] of texts.entries()) builder.addFieldOffset(i, text, 0);
      return builder.endObject();
    });
    const said = pairs.length > 0 ? vectorOf(pairs) : 0;
    const called = builder.createString(name);
    const table = typeTable(type);
    builder.startObject(7);
    builder.addFieldOffset(0, called, 0);
    builder.addFieldInt8(1, Number(isNullable), 0);
    builder.addFieldInt8(2, type.kind === "other" ? 0 : typeIds[type.kind], 0);
    builder.addFieldOffset(3, table, 0);
    builder.addFieldOffset(5, inner, 0);
    builder.addFieldOffset(6, said, 0);
    return builder.endObject();
  }

  /** Presets are written too: those of Schema.fbs differ from table to table. */
  function typeTable(type: ArrowType): number {
    const zone = type.kind === "timestamp" && type.zone !== undefined ? builder.createString(type.zone) : 0;
    builder.startObject(3);
    if (type.kind === "integer") {
      builder.addFieldInt32(0, type.bits, null);
      builder.addFieldInt8(1, Number(type.isSigned), null);
    } else if (type.kind === "float") builder.addFieldInt16(0, type.bits === 32 ? 1 : 2, null);
    else if (type.kind === "decimal") {
      builder.addFieldInt32(0, type.digits, null);
      builder.addFieldInt32(1, type.scale, null);
      builder.addFieldInt32(2, 128, null);
    } else if (type.kind === "bytes") builder.addFieldInt32(0, type.size, null);
    else if (type.kind === "date")
      builder.addFieldInt16(0, 0, null); // days
    else if (type.kind === "time") {
      builder.addFieldInt16(0, units.indexOf(type.unit), null);
      builder.addFieldInt32(1, type.unit === "s" || type.unit === "ms" ? 32 : 64, null);
    } else if (type.kind === "timestamp" || type.kind === "duration")
      builder.addFieldInt16(0, units.indexOf(type.unit), null);
    builder.addFieldOffset(1, zone, 0);
    return builder.endObject();
  }
}
