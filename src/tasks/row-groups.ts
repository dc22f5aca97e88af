// Rows that belong together by the values of a column: their numbers, what to say of them, and clusters to measure by.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { clustersOf, groupWarning } from "./intervals.js";
import { type LabelledTable, rowsOf } from "./read-labelled.js";

export interface NumberedGroups {
  /** A number for each row; rows without a value have one of their own. The same value has the same number in both tables. */
  table: Int32Array;
  test?: Int32Array;
  warnings: string[];
}

/**
 * @param column one of the tables' `others`
 * @throws UserError where there are fewer groups than parts
 */
export function numberGroups(column: string, table: LabelledTable, test: LabelledTable | undefined): NumberedGroups {
  const own = table.others[column].map((value) => value || null);
  const numbers = clustersOf([...own, ...(test?.others[column].map((value) => value || null) ?? [])]);
  const ofTable = numbers.subarray(0, own.length);
  const count = new Set(ofTable).size;
  const parts = test ? 2 : 3;
  if (count < parts) {
    const found = count === 1 ? `the same '${column}' in all rows` : `${count} values of '${column}'`;
    throw new UserError(
      `${table.source} has ${found}; ${parts} are needed, one for each of ${test ? "" : "held-out rows, "}validation and ` +
        `training. Choose another ${option("group")} column, or omit it.`,
    );
  }
  const without = own.filter((value) => value === null).length;
  return {
    table: ofTable,
    ...(test && { test: numbers.subarray(own.length) }),
    warnings: without === 0 ? [] : [`${rowsOf(without)} without '${column}': each counts as a group of its own.`],
  };
}

/** Groups of rows that are measured, for their intervals; nothing where there is a single one. */
export function clustersToMeasure(column: string, groups: Int32Array): { clusters?: Int32Array; warnings: string[] } {
  const clusters = clustersOf(Array.from(groups, String));
  if (!clusters.some((own) => own > 0))
    return {
      warnings: [`All held-out rows have one value of '${column}': their intervals say nothing of how groups differ.`],
    };
  const rough = groupWarning(column, clusters);
  return { clusters, warnings: rough === undefined ? [] : [rough] };
}
