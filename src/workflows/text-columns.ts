// Which columns a model reads, when the user names none.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";

/**
 * The columns that the user names, failing that those that the model was trained on. A plain text file has one column.
 *
 * @throws UserError when neither the user nor the model names a column
 */
export function textColumnsOf(
  named: readonly string[] | undefined,
  { textColumns }: { textColumns: readonly string[] },
  path: string,
): readonly string[] {
  if (named) return named;
  if (/\.txt(\.gz)?$/i.test(path)) return ["text"];
  if (textColumns.length > 0) return textColumns;
  throw new UserError(
    `The model was not trained on a table's text column. Specify one with ${option("text")} <column>.`,
  );
}
