// How DuckDB reads Parquet files, and what it does not read of them: names that differ only in case, parts without a name,
// nanoseconds, and the types that stand in an Arrow schema.
import type { DuckDBConnection, DuckDBType } from "@duckdb/node-api";
import { UserError } from "../base/errors.js";
import { type ArrowField, readArrowSchema } from "../formats/arrow-schema.js";
import { fileTypes } from "./arrow-types.js";
import { type Database, identifier, literal } from "./database.js";
import { namedType } from "./json-sql.js";
import type { ReadColumn } from "./table.js";

/** DuckDB reads decimals with more digits as floating-point numbers. */
const mostDigits = 38;

export async function parquetReader(
  { connection, pathOf }: Database,
  files: readonly string[],
  isFound: boolean,
): Promise<{ relation: string; columns?: ReadColumn[] }> {
  const list = `[${files.map((file) => literal(pathOf(file))).join(", ")}]`;
  const names = new Map(files.map((file) => [pathOf(file), file]));
  // A file that is named has its own columns; in those that a pattern finds, folders such as country=de are a column too.
  const relation = `read_parquet(${list}${isFound ? "" : ", hive_partitioning = false"})`;
  const read = await connection.runAndReadAll(`SELECT * FROM ${relation} LIMIT 0`);
  const unique = read.columnNames();
  const elements = await schemaElements(connection, list, names);
  const wide = elements.find(({ digits }) => digits > mostDigits);
  if (wide)
    throw new UserError(
      `${wide.file}: '${wide.name}' is a decimal of ${wide.digits} digits; at most ${mostDigits} can be read without changing values. ` +
        "Write the column as text, or with fewer digits.",
    );
  const cut = new Set(columnsOf(elements).flatMap(({ name, isCut }) => (isCut ? [name] : [])));
  const found = columnsOf(elements.filter(({ file }) => file === elements[0].file));
  if (found.length > unique.length) return { relation };
  // Behind them DuckDB puts what folders say: country=de/part.parquet has a column country.
  for (const name of unique.slice(found.length)) found.push({ name, isCut: false });
  const types = read.columnTypes();
  const origins = await arrowOrigins(connection, list, names, types, found);
  const columns = found.map(({ name }, i): ReadColumn => {
    const own = identifier(unique[i]);
    // DuckDB can read a field without a name, but nothing can be done with it.
    const named = namedType(types[i]);
    const sql = named === undefined ? own : `CAST(${own} AS ${named})`;
    const parquet = { origin: origins[i], isCut: cut.has(name), isNamed: named !== undefined };
    return { name, unique: unique[i], sql, parquet };
  });
  return { relation, columns };
}

/** What the user calls each file, by the path that DuckDB has. */
type Names = ReadonlyMap<string, string>;

interface Element {
  file: string;
  name: string;
  children: number;
  digits: number;
  /** DuckDB reads it to the microsecond. */
  isCut: boolean;
}

async function schemaElements(connection: DuckDBConnection, files: string, names: Names): Promise<Element[]> {
  const schema = await connection.runAndReadAll(
    "SELECT file_name, name, coalesce(num_children, 0), coalesce(precision, 0), coalesce(logical_type, '') " +
      `FROM parquet_schema(${files})`,
  );
  return schema.getRows().map(([file, name, children, digits, type]) => ({
    file: names.get(String(file)) ?? String(file),
    name: String(name),
    children: Number(children),
    digits: Number(digits),
    isCut: /^Time(Type|stampType\(isAdjustedToUTC=1).*NANOS=Nano/.test(String(type)),
  }));
}

/** A schema is a tree, written depth first; the children of its root are the columns. */
function columnsOf(elements: readonly Element[]): Pick<Element, "name" | "isCut">[] {
  const columns: Pick<Element, "name" | "isCut">[] = [];
  let at = 0;
  while (at < elements.length) {
    if (elements[at].file !== elements[at - 1]?.file) {
      at++; // a root
      continue;
    }
    const start = at;
    for (let left = 1; left > 0 && at < elements.length; at++) left += elements[at].children - 1;
    columns.push({ name: elements[start].name, isCut: elements.slice(start, at).some(({ isCut }) => isCut) });
  }
  return columns;
}

/**
 * The Arrow field of each column that has a type of its own there. A time zone that is not the same in all files is left
 * to DuckDB, for which all times are in UTC.
 *
 * @throws UserError when the files' durations have different units: DuckDB takes them for the same numbers
 */
async function arrowOrigins(
  connection: DuckDBConnection,
  list: string,
  names: Names,
  types: readonly DuckDBType[],
  columns: readonly { name: string }[],
): Promise<(ArrowField | undefined)[]> {
  const found = await connection.runAndReadAll(
    `SELECT file_name, decode(value) FROM parquet_kv_metadata(${list}) WHERE decode(key) = 'ARROW:schema'`,
  );
  const schemas = found.getRows().map(([file, text]) => ({
    file: names.get(String(file)) ?? String(file),
    fields: readArrowSchema(String(text)) ?? [],
  }));
  if (schemas.length === 0) return columns.map(() => undefined);
  return columns.map(({ name }, i) => {
    const ofFiles = schemas.map(({ file, fields }) => {
      const field = fields.find((one) => one.name === name);
      return { file, field, told: field ? fileTypes(types[i], field).map((one) => one.name) : [] };
    });
    const [first] = ofFiles;
    const other = ofFiles.find(({ told }) => String(told) !== String(first.told));
    const durations = [first, other].map((one) => one?.told.find((type) => type.startsWith("duration")));
    if (other && durations[0] !== durations[1])
      throw new UserError(
        `'${name}' is a ${durations[0] ?? "number"} in ${first.file}, but a ${durations[1] ?? "number"} in ${other.file}. ` +
          "Write all files with the same unit.",
      );
    const isSame = other === undefined && schemas.length === names.size;
    return isSame && first.told.length > 0 ? first.field : undefined;
  });
}
