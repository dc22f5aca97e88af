// What the user is told of a table that is written: types and names that its columns do not keep, a line for each reason.
import { fileTypes } from "./arrow-types.js";
import type { FileFormat } from "./file-formats.js";
import { typeSql } from "./json-sql.js";
import type { OutColumn } from "./write-table.js";

export interface WriteNotes {
  /** A column is written as something else, since the format has no such type. */
  type(column: OutColumn, as: string): void;
  /** The types that stand in its Parquet file alone are not kept, where it has any. */
  fileType(column: OutColumn): void;
  messages(): string[];
}

export function writeNotes(format: FileFormat, columns: readonly OutColumn[]): WriteNotes {
  const [byFormat, byQuery] = [new Map<string, string[]>(), new Map<string, string[]>()];
  const add = (notes: Map<string, string[]>, { name }: OutColumn, type: string, as: string) =>
    notes.set(as, [...(notes.get(as) ?? []), `${name} (${type})`]);
  const queried = columns.filter(({ parquet }) => parquet?.isQueried);
  for (const column of queried) addFileTypes(byQuery, column);

  function addFileTypes(notes: Map<string, string[]>, column: OutColumn): void {
    const found = column.parquet?.origin ? fileTypes(column.type, column.parquet.origin) : [];
    for (const as of new Set(found.map((one) => one.as))) {
      const names = new Set(found.filter((one) => one.as === as).map(({ name }) => name));
      add(notes, column, [...names].join(", "), as);
    }
  }

  return {
    type(column, as) {
      if (!column.isNew) add(byFormat, column, typeSql(column.type), as);
    },
    fileType(column) {
      if (!column.parquet?.isQueried) addFileTypes(byFormat, column);
    },
    messages() {
      const cut = columns.filter(({ parquet }) => parquet?.isCut);
      const named = columns.filter(({ parquet }) => parquet?.isNamed);
      return [
        byFormat.size > 0 && typesText(nameOf(format), byFormat),
        byQuery.size > 0 && typesText("A query's result", byQuery),
        cut.length > 0 && `DuckDB reads times to the microsecond, and further digits are cut: ${listed(namesOf(cut))}.`,
        named.length > 0 && `Fields without a name are called column0, column1 …: ${listed(namesOf(named))}.`,
      ].filter((message) => message !== false);
    },
  };
}

/** @param pairs names that DuckDB cannot write, and those in their place */
export function renamesText(pairs: readonly (readonly [from: string, to: string])[]): string {
  const all = listed(pairs.map(([from, to]) => `'${from}' is named '${to}'`));
  return `DuckDB, which writes Parquet, needs names that are not empty and differ in more than case: ${all}.`;
}

const namesOf = (columns: readonly OutColumn[]) => columns.map(({ name }) => name);

function typesText(what: string, notes: ReadonlyMap<string, readonly string[]>): string {
  const parts = [...notes].map(([as, some]) => `${listed(some)} ${some.length > 1 ? "are" : "is"} written as ${as}`);
  return `${what} has no such type: ${parts.join("; ")}.`;
}

function nameOf(format: FileFormat): string {
  if (format.kind === "csv") return format.delimiter === "\t" ? "TSV" : "CSV";
  return format.kind === "json" ? "JSON" : "Parquet";
}

function listed(some: readonly string[]): string {
  return some.length > 5 ? `${some.slice(0, 5).join(", ")} and ${some.length - 5} more` : some.join(", ");
}
