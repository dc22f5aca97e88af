// The groups of rows that are compared: values of a column, ranges of numbers and days, and values of two columns together.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { columnGroups, noValue } from "../tasks/column-groups.js";

export interface AuditedColumn {
  /** "gender", or "gender × race". */
  name: string;
  /** Numbers and ranges in their order, other groups the largest first, rows without a value last. */
  groups: readonly string[];
  /** The place of each row's group. */
  of: Int32Array;
  /** Its values were divided into ranges. */
  isRanged: boolean;
  /** Rows without a value, which are a group of their own. */
  withoutValue: number;
}

/** Columns of more values say who a row is of, not to which group it belongs. */
const mostGroups = 30;

/**
 * Each column for itself, then every two of them together.
 *
 * @param columns values by name
 * @throws UserError for a column with one value alone, or with too many
 * @example
 * divideRows({ age: ["23", "61", null] })[0].groups; // ["23", "61", "(no value)"]
 */
export function divideRows(columns: Readonly<Record<string, readonly (string | null)[]>>): AuditedColumn[] {
  const single = Object.entries(columns).map(([name, values]) => dividedBy(name, values));
  const both = single.flatMap((first, i) => single.slice(i + 1).map((second) => together(first, second)));
  return [...single, ...both];
}

function dividedBy(name: string, values: readonly (string | null)[]): AuditedColumn {
  const own = values.map((value) => (value?.trim() ? value : null));
  const groups = columnGroups(own);
  const distinct = new Set(own);
  if (groups === undefined && distinct.size < 2)
    throw new UserError(
      distinct.has(null)
        ? `'${name}' has no value in any row, so there are no groups to compare. Choose another ${option("group")} column.`
        : `All rows have the same value of '${name}', so there is nothing to compare. Choose another ${option("group")} column.`,
    );
  const found = new Set(groups);
  if (groups === undefined || found.size > mostGroups)
    throw new UserError(
      `'${name}' has ${distinct.size} values, too many for groups of rows (at most ${mostGroups}). Choose another ` +
        `${option("group")} column, or make groups of its values with ${option("query")}.`,
    );
  if (found.size < 2)
    throw new UserError(
      `'${name}' has ${distinct.size} values, but its ranges put all rows into one group ('${[...found][0]}'). Make groups of its ` +
        `values with ${option("query")}, or choose another ${option("group")} column.`,
    );
  const isRanged = found.size < distinct.size;
  return columnOf(name, groups as string[], isRanged, own.filter((value) => value === null).length);
}

function together(first: AuditedColumn, second: AuditedColumn): AuditedColumn {
  const names = Array.from(first.of, (group, row) => `${first.groups[group]} × ${second.groups[second.of[row]]}`);
  return columnOf(`${first.name} × ${second.name}`, names, first.isRanged || second.isRanged, 0);
}

function columnOf(name: string, names: readonly string[], isRanged: boolean, withoutValue: number): AuditedColumn {
  const counts = new Map<string, number>();
  for (const own of names) counts.set(own, (counts.get(own) ?? 0) + 1);
  const groups = [...counts.keys()].sort((a, b) => {
    if (a === noValue || b === noValue) return a === noValue ? 1 : -1;
    const [x, y] = [rankOf(a), rankOf(b)];
    if (x !== undefined && y !== undefined) return x - y;
    return counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1);
  });
  const places = new Map(groups.map((group, place) => [group, place]));
  return { name, groups, of: Int32Array.from(names, (own) => places.get(own)!), isRanged, withoutValue };
}

/** Of a number or a range of them, as `columnGroups` writes it. */
function rankOf(group: string): number | undefined {
  const [, kind, number] = /^(up to |above |)(-?[\d.e+]+)(?: to -?[\d.e+]+)?$/.exec(group) ?? [];
  if (number === undefined || !Number.isFinite(Number(number))) return undefined;
  return kind === "up to " ? Number.NEGATIVE_INFINITY : Number(number) + (kind === "above " ? 1e-9 : 0);
}
