// The lists of words that a user names, and a model as it is asked about texts with exchanged words.
import { existsSync } from "node:fs";
import {
  type AuditedAnswers,
  isSwapList,
  parseSwapList,
  type SwapList,
  type SwapModel,
  swapLists,
} from "../../audit/index.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { didYouMean } from "../../base/suggest.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { countRows, sampleColumns } from "../../tables/index.js";
import { type OpenTextModel, predictTexts } from "../../tasks/index.js";
import type { TextScorer } from "../../tasks/language/index.js";
import { withTable } from "../add-columns.js";
import { auditedAnswers } from "./read-answers.js";

/** A list is no table of texts. */
const mostWords = 20_000;

/** What a single word may move without being told as more than chance: of a probability, of a log-probability. */
const [smallShift, smallLogRatio] = [0.05, 0.1];
/** Of numbers, in standard deviations (J. Cohen 1988). */
const smallEffect = 0.2;

/** @throws UserError for a name that is neither a list nor a file, and for a file that is no list */
export async function swapListsOf(names: readonly string[], watch: WorkflowWatch): Promise<SwapList[]> {
  const lists: SwapList[] = [];
  for (const name of new Set(names)) lists.push(isSwapList(name) ? swapLists[name] : await readList(name, watch));
  return lists;
}

async function readList(path: string, watch: WorkflowWatch): Promise<SwapList> {
  const known = Object.keys(swapLists);
  if (!existsSync(path))
    throw new UserError(
      `${option("swap")} takes ${known.join(", ")} or a file with a column of words for each group; '${path}' is neither.` +
        didYouMean(path, known),
    );
  return withTable({ path }, watch, async (table) => {
    const names = table.columns.map(({ name }) => name);
    if ((await countRows(table)) > mostWords)
      throw new UserError(
        `'${path}' has more than ${mostWords} rows: it is not a list of words. Choose another ${option("swap")} file.`,
      );
    const { values } = await sampleColumns(table, names, mostWords);
    return parseSwapList(path, Object.fromEntries(names.map((name, i) => [name, values[i]])));
  });
}

/** @param positive the label that is looked at */
export function textSwapModel(
  open: OpenTextModel,
  answers: AuditedAnswers,
  positive: string | undefined,
  watch: WorkflowWatch,
): SwapModel {
  const { task, space, facts, model } = open;
  const isNumber = answers.kind === "numbers";
  const columns = isNumber ? [facts.labelColumn] : answers.labels;
  return {
    columns,
    areShares: !isNumber,
    margin: isNumber ? smallEffect * deviationOf(answers.values) : smallShift,
    async answer(texts) {
      const given = await predictTexts(model, texts, "predicting with exchanged words", watch);
      if (!task.selected) {
        const own = auditedAnswers(open, given, undefined, undefined);
        return { values: own.kind === "numbers" ? own.values : new Float64Array(0) };
      }
      const width = task.widthOf(space);
      const places = columns.map((name) => task.answerNames(facts.labelColumn, space).indexOf(name));
      const values = Float64Array.from(
        { length: texts.length * columns.length },
        (_, at) => given[Math.floor(at / columns.length) * width + places[at % columns.length]],
      );
      const selected = task.selected(given, space);
      const decided = texts.map((_, row) =>
        // Of the label that was named alone, where one was.
        positive === undefined
          ? selected.subarray(row * width, (row + 1) * width).join("")
          : String(selected[row * width + places[0]]),
      );
      return { values, decided };
    },
  };
}

/** A language model, by how probable it holds texts. */
export function languageSwapModel(score: TextScorer): SwapModel {
  return {
    columns: ["log-probability"],
    areShares: false,
    margin: smallLogRatio,
    answer: async (texts) => ({
      values: Float64Array.from(await score(texts), ({ logProbability }) => logProbability),
    }),
  };
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
