// Which group each row of a table belongs to, by the values of one column. Knows nothing of what is done with groups.
import { accessOf, checkCount, findColumn, streamColumns, type Table } from "./table.js";
import { labelSql } from "./text-sql.js";

export interface RowGroups {
  /** Values as text, written like labels, in order of first occurrence; null for NULL. */
  names: (string | null)[];
  /** For each row of the table, its index in `names`. */
  of: Int32Array;
}

/**
 * Takes four bytes per row, and each value once.
 *
 * @throws UserError for a wrong column, and for rows that cannot be read
 * @example
 * const { names, of } = await readGroups(table, "country");
 * names[of[0]]; // the country of the first row
 */
export async function readGroups(table: Table, column: string): Promise<RowGroups> {
  const { database, relation, reading } = accessOf(table);
  const sql = `SELECT ${labelSql(findColumn(table, column))} FROM ${relation}`;
  const places = new Map<string | null, number>();
  const parts: Int32Array[] = [];
  let rows = 0;
  await reading(async () => {
    for await (const [values] of streamColumns(database.connection, sql)) {
      const part = Int32Array.from(values as (string | null)[], (value) => {
        const place = places.get(value) ?? places.size;
        places.set(value, place);
        return place;
      });
      rows += part.length;
      parts.push(part);
    }
  });
  checkCount(table, rows);
  const of = new Int32Array(rows);
  let at = 0;
  for (const part of parts) {
    of.set(part, at);
    at += part.length;
  }
  return { names: [...places.keys()], of };
}
