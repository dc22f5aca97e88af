// A model as it is asked about texts with exchanged words.
import type { AuditedAnswers, SwapModel } from "../../audit/index.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type OpenTextModel, predictTexts } from "../../tasks/index.js";
import type { TextScorer } from "../../tasks/language/index.js";
import { auditedAnswers } from "./read-answers.js";

/** What a single word may move without being told as more than chance: of a probability, of a log-probability. */
const [smallShift, smallLogRatio] = [0.05, 0.1];
/** Of numbers, in standard deviations (J. Cohen 1988). */
const smallEffect = 0.2;

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
