// What a model costs to run, or what models would cost to train, told before it is done.
import { statSync } from "node:fs";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { tellFolder } from "../../folders/index.js";
import { type AnsweringCostResult, costOfModel } from "./answering.js";
import { type CostOptions, costOptionsSchema } from "./options.js";
import { costOfTable, type TrainingCostResult } from "./training.js";

export type CostResult = AnsweringCostResult | TrainingCostResult;

/** Options of training alone. */
const ofTraining = ["task", "separator", "manyLabels", "epochs", "base"] as const;

/**
 * Of a model: what answering costs, for the rows of a table where one is given. Of a table with a label column: what training each family
 * on it would cost; no model is kept, and no file is written.
 *
 * @param table - whose rows a model would answer
 * @throws UserError for a wrong model, table or column, and a table without texts; CancelledError after an abort
 * @example
 * const { families } = (await tellCost("reviews.csv", undefined, { text: ["review"], label: "stars" })) as TrainingCostResult;
 */
export async function tellCost(
  input: string,
  table?: string,
  options: CostOptions = {},
  watch: WorkflowWatch = {},
): Promise<CostResult> {
  const settings = costOptionsSchema.parse(options);
  const { label, text } = settings;
  if (label !== undefined) {
    if (table !== undefined)
      throw new UserError(
        `With ${option("label")} one table is read, and models are trained on it; got '${input}' and '${table}'. Omit one of ` +
          `them, or ${option("label")}.`,
      );
    if (statSync(input, { throwIfNoEntry: false })?.isDirectory() && tellFolder(input))
      throw new UserError(
        `'${input}' is the folder of a model: omit ${option("label")} to tell what its answers cost, or name the table that models ` +
          "would be trained on.",
      );
    if (text === undefined) throw new UserError(`Specify the text column with ${option("text")} <column>.`);
    return costOfTable(input, { ...settings, text, label }, watch);
  }
  const wrong =
    (settings.model !== "all" && "model") ||
    (settings.tune !== "auto" && "tune") ||
    ofTraining.find((name) => settings[name] !== undefined && settings[name] !== false);
  if (wrong)
    throw new UserError(
      `${option(wrong)} is for training: name the column to predict with ${option("label")} <column>, or omit it.`,
    );
  if (statSync(input, { throwIfNoEntry: false })?.isFile() && !/\.gguf$/i.test(input))
    throw new UserError(
      `'${input}' is a file and no model. To tell what training on a table would cost, name its columns with ${option("text")} and ` +
        `${option("label")}; to tell what answering costs, name the folder of a model first.`,
    );
  return costOfModel(input, table, settings, watch);
}
