// Words that stand for groups of people: the shape of a list, and lists that users write.
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import { gender } from "./lists/gender.js";
import { age, nationality, religion } from "./lists/identities.js";
import { firstNames } from "./lists/names.js";

/** One thing, and what it is called in each group. */
export interface SwapTerm {
  /** Of each group: how it is spelt, the first one is written; none where the group has no word for it. */
  spellings: readonly (readonly string[])[];
  /** Of English pronouns that one word stands for several of. */
  role?: "object" | "determiner" | "possessive";
}

export interface SwapList {
  name: string;
  /** Where its words come from. */
  source: string;
  groups: readonly string[];
  terms: readonly SwapTerm[];
  /** Of each group what can begin "… wrote:", one line each. */
  slots: readonly (readonly string[])[];
  /** Its words are examples of their group, as names are: each may be exchanged for any of another group. */
  areExamples?: boolean;
}

export const swapLists: Readonly<Record<string, SwapList>> = {
  names: firstNames,
  gender,
  religion,
  nationality,
  age,
};

export function isSwapList(name: string): boolean {
  return Object.hasOwn(swapLists, name);
}

/** What a table of two columns or more must be. */
const shape = "A list has a column for each group, named after it, and in each row what stands for the same thing";

/**
 * A list from a table: one column a group, named after it; words of one row are swapped for each other; where cells are
 * empty, for any of the other column, as names are.
 *
 * @param columns values by name
 * @throws UserError for a single column, a column without words, and a word that stands in two columns
 * @example
 * parseSwapList("titles.csv", { men: ["king", "lord"], women: ["queen", "lady"] });
 */
export function parseSwapList(path: string, columns: Readonly<Record<string, readonly (string | null)[]>>): SwapList {
  const groups = Object.keys(columns);
  if (groups.length < 2)
    throw new UserError(
      `'${path}' has one column, so there is nothing to swap for. ${shape}.${didYouMean(path, Object.keys(swapLists))}`,
    );
  const words = groups.map((group) => columns[group].map((own) => own?.trim() || null));
  const groupOf = new Map<string, string>();
  for (const [i, group] of groups.entries()) {
    const own = words[i].filter((word) => word !== null);
    if (own.length === 0) throw new UserError(`'${path}': the column '${group}' is empty. ${shape}.`);
    for (const word of own) {
      const key = word.toLowerCase();
      const other = groupOf.get(key);
      if (other !== undefined && other !== group)
        throw new UserError(`'${path}': '${word}' stands for '${other}' and for '${group}'. Remove one of the two.`);
      groupOf.set(key, group);
    }
  }
  const given = words.map((own) => own.filter((word) => word !== null));
  const filled = [...words[0].keys()].filter((row) => words.some((column) => column[row] !== null));
  const own = filled.map((row) => words.map((column, i) => column[row] ?? given[i][row % given[i].length]));
  return {
    name: path,
    source: `the list ${path}`,
    groups,
    terms: own.map((line) => ({ spellings: line.map((word) => [word]) })),
    slots: own,
    areExamples: filled.some((row) => words.some((column) => column[row] === null)),
  };
}
