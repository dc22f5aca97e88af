// The columns that a model reads, looked for in another table.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { columnList, hasColumn, type Table } from "../tables/index.js";

/** @throws UserError that tells how to read another column in place of one that is missing */
export function checkModelColumns(table: Table, names: readonly string[]): void {
  const missing = names.find((name) => !hasColumn(table, name));
  if (missing === undefined) return;
  throw new UserError(
    `The model reads column '${missing}', which is not in ${table.description}; its columns are ${columnList(table)}. ` +
      `Specify the columns to read with ${option("text")}.`,
  );
}
