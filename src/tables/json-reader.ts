// JSON files as a table: every object's text is put aside as it is, and beside it each field's value as it is spelt, so
// that nothing is converted before someone asks for it. What a field's values have in common becomes its type.
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { uniqueNames } from "./column-names.js";
import { type Database, identifier, literal } from "./database.js";
import duckdb from "./duckdb.js";
import { jsonObjects } from "./json-objects.js";
import {
  emptyShape,
  type JsonFault,
  type JsonShape,
  type JsonType,
  jsonKinds,
  scanObject,
  typeOf,
} from "./json-values.js";
import type { JsonObjects, ReadColumn } from "./table.js";

export interface JsonRows {
  relation: string;
  columns: ReadColumn[];
  countedRows: number;
  json: JsonObjects;
}

interface Field {
  name: string;
  shape: JsonShape;
  /** Values of the rows that wait to be put aside. */
  values: (string | null)[];
}

/** With more fields than this, objects are dictionaries of their own: the rest passes through, but has no columns. */
const mostColumns = 1000;
const rowsAtOnce = 2048;
const unitsAtOnce = 8 << 20;
const relation = "json_source.main.rows";

/**
 * @param nameOf what messages call a file
 * @throws UserError for what is not JSON
 */
export async function readJson(
  database: Database,
  files: readonly string[],
  nameOf: (file: string) => string,
): Promise<JsonRows> {
  const connection = await database.connect();
  const path = join(database.folder, "json.duckdb");
  await connection.run(`ATTACH ${literal(path)} AS json_source`);
  await connection.run(`CREATE TABLE ${relation} (open_object VARCHAR)`);
  const fields = new Map<string, Field>();
  const lost = new Set<string>();
  let repeatedField: string | undefined;
  let stored = 0;
  let countedRows = 0;
  let open: (string | null)[] = [];
  let units = 0;
  let appender = await connection.createAppender("rows", "main", "json_source");

  for (const file of files)
    for await (const { text, line } of jsonObjects(file, nameOf(file))) {
      try {
        addRow(text);
      } catch (error) {
        if ((error as Error).name !== "JsonFault") throw error;
        throw new UserError(`${nameOf(file)}, line ${line} is not JSON: ${(error as JsonFault).message}.`);
      }
      if (open.length === rowsAtOnce || units > unitsAtOnce) await putAside();
    }
  const list = [...fields.values()];
  await putAside();
  appender.closeSync();
  const unique = uniqueNames(list.map(({ name }) => name));
  const columns = list.map(({ name, shape }, i) => {
    const type = (shape.kinds & ~jsonKinds.null) === 0 ? "VARCHAR" : typeOf(shape);
    return { name, unique: unique[i], sql: valueSql(`f${i}`, type), spelt: `f${i}` };
  });
  return {
    relation,
    columns,
    countedRows,
    json: { openObject: "open_object", lostFields: lost.size, repeatedField },
  };

  function addRow(text: string): void {
    const row = open.length;
    let count = 0;
    scanObject(text, shapeOf, (name, start, end) => {
      count++;
      const field = fields.get(name);
      if (!field) return;
      if (field.values.length > row) repeatedField ??= name;
      const value = text.slice(start, end);
      field.values.length = Math.min(field.values.length, row);
      while (field.values.length < row) field.values.push(null);
      field.values.push(value === "null" ? null : value);
    });
    const body = text.slice(text.indexOf("{"), text.lastIndexOf("}"));
    open.push(count > 0 ? `${body},` : body);
    units += 2 * text.length;
    countedRows++;
  }

  function shapeOf(name: string): JsonShape {
    const known = fields.get(name);
    if (known) return known.shape;
    if (fields.size >= mostColumns) {
      if (lost.size < 1_000_000) lost.add(name);
      return { kinds: jsonKinds.loose };
    }
    const field: Field = { name, shape: emptyShape(), values: [] };
    fields.set(name, field);
    return field.shape;
  }

  async function putAside(): Promise<void> {
    const rows = open.length;
    if (rows === 0) return;
    if (stored < fields.size) {
      appender.closeSync();
      for (; stored < fields.size; stored++)
        await connection.run(`ALTER TABLE ${relation} ADD COLUMN f${stored} VARCHAR`);
      appender = await connection.createAppender("rows", "main", "json_source");
    }
    const columns = [open];
    for (const field of fields.values()) {
      while (field.values.length < rows) field.values.push(null);
      columns.push(field.values);
      field.values = [];
    }
    const chunk = duckdb.DuckDBDataChunk.create(
      columns.map(() => duckdb.VARCHAR),
      rows,
    );
    chunk.setColumns(columns);
    appender.appendDataChunk(chunk);
    [open, units] = [[], 0];
  }
}

function valueSql(spelt: string, type: JsonType | undefined): string {
  if (type === undefined) return `CAST(${spelt} AS JSON)`;
  if (type === "VARCHAR") return `(${spelt} ->> '$')`;
  if (typeof type === "string") return `CAST(${spelt} AS ${type})`;
  return `CAST(from_json(${spelt}, ${literal(JSON.stringify(type))}) AS ${sqlType(type)})`;
}

function sqlType(type: JsonType): string {
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return `${sqlType(type[0])}[]`;
  return `STRUCT(${Object.entries(type)
    .map(([name, one]) => `${identifier(name)} ${sqlType(one)}`)
    .join(", ")})`;
}
