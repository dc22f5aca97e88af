// Options of training that exclude each other, or need one another.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { TrainSettings } from "./options.js";

/** @throws UserError that says which one to omit */
export function checkOptions(
  path: string,
  { test, group, time, folds, budget, predictLimit, embeddings, freezeEmbeddings, augmentSwaps }: TrainSettings,
): void {
  if (path === "-" && test === "-") throw new UserError("Only one of the two tables can be standard input.");
  if (predictLimit !== undefined && budget === undefined)
    throw new UserError(`${option("predictLimit")} needs ${option("budget")}, the time to look for such a model.`);
  if (freezeEmbeddings && embeddings === undefined)
    throw new UserError(`${option("freezeEmbeddings")} needs ${option("embeddings")}, the vectors to freeze.`);
  if (group !== undefined && time !== undefined)
    throw new UserError(`${option("group")} and ${option("time")} divide the rows in two ways. Omit one of them.`);
  if (folds !== undefined && time !== undefined)
    throw new UserError(
      `${option("folds")} trains models on later rows to answer earlier ones, which ${option("time")} rules out. Omit one of them.`,
    );
  if (folds !== undefined && augmentSwaps.length > 0)
    throw new UserError(
      `${option("augmentSwaps")} changes the rows that ${option("folds")} would answer. Omit one of them.`,
    );
}
