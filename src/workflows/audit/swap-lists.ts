// The lists of words that a user names.
import { existsSync } from "node:fs";
import { isSwapList, parseSwapList, type SwapList, swapLists } from "../../audit/index.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { didYouMean } from "../../base/suggest.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { countRows, sampleColumns } from "../../tables/index.js";
import { withTable } from "../add-columns.js";

/** A list is no table of texts. */
const mostWords = 20_000;

/** @param asked the option that names them @throws UserError for a name that is neither a list nor a file, and for a file that is no list */
export async function swapListsOf(
  names: readonly string[],
  watch: WorkflowWatch,
  asked: "swap" | "augmentSwaps" = "swap",
): Promise<SwapList[]> {
  const lists: SwapList[] = [];
  for (const name of new Set(names))
    lists.push(isSwapList(name) ? swapLists[name] : await readList(name, watch, asked));
  return lists;
}

async function readList(path: string, watch: WorkflowWatch, asked: string): Promise<SwapList> {
  const known = Object.keys(swapLists);
  if (!existsSync(path))
    throw new UserError(
      `${option(asked)} takes ${known.join(", ")} or a file with a column of words for each group; '${path}' is neither.` +
        didYouMean(path, known),
    );
  return withTable({ path }, watch, async (table) => {
    const names = table.columns.map(({ name }) => name);
    if ((await countRows(table)) > mostWords)
      throw new UserError(
        `'${path}' has more than ${mostWords} rows: it is not a list of words. Choose another ${option(asked)} file.`,
      );
    const { values } = await sampleColumns(table, names, mostWords);
    return parseSwapList(path, Object.fromEntries(names.map((name, i) => [name, values[i]])));
  });
}
