// Several labels a row, or none.
import { frequentLabels, predictedLabels } from "../../metrics/index.js";
import type { Figure } from "../../report/figure.js";
import type { NewColumn } from "../../tables/index.js";
import { encoderFamilies } from "../families/encoders.js";
import { networkFamilies } from "../families/networks.js";
import { describeLabels, differentLabels, unseenWarnings } from "../labels/label-names.js";
import { labelResults, percent } from "../labels/label-results.js";
import { rowsOf } from "../read-labelled.js";
import { answerTally } from "../score-groups.js";
import { task } from "../task.js";
import { setDecisions } from "./decide.js";
import { setForm, setHead } from "./head.js";
import { measureSets, setMeasures, wrongSets } from "./measures.js";
import { answerOf, worstSets } from "./mistakes.js";
import { pickBySets } from "./pick-winner.js";
import { setReport } from "./report.js";
import { groupScores, scoreSets } from "./score-answers.js";
import { type SetScores, setScoresSchema } from "./scores.js";
import { settleThresholds } from "./settle-thresholds.js";
import { marksOf, planSets, rarestLabels, type SetSpace, spaceSchema, unseenIn } from "./space.js";

/** An answer, as programs get it. */
export interface LabelSet {
  /** In the order of the model's labels. */
  labels: string[];
  /** By label, each for itself: they do not sum to 1. */
  probabilities: Record<string, number>;
}

export const multilabel = task<SetSpace, SetScores>({
  noun: "a text classifier with several labels a row",
  families: {
    linear: {
      summary: "TF-IDF of words and characters with a linear support vector machine for each label",
      candidates: [{ cost: 1 }, { settings: { C: 0.5 }, cost: 1.5 }, { settings: { maxCharacters: 0 }, cost: 0.5 }],
      load: async () => (await import("./linear-family.js")).linearMultilabel,
    },
    ...networkFamilies(setForm),
    ...encoderFamilies(setForm, async () => (await import("./linear-family.js")).linearSetKind),
  },
  form: setForm,
  spaceSchema,
  scoresSchema: setScoresSchema,
  readsLists: true,
  isLabelled: (labels) => labels !== null,

  plan: planSets,
  widthOf: ({ labels }) => labels.length,
  answerNames: (_, { labels }) => labels,
  targets: marksOf,
  strata: rarestLabels,
  unknownLabels: (labels, space, source) => unseenWarnings(unseenIn(labels, space), source),
  head: ({ labels }, training) => setHead(labels.length, training),

  pick(answers, { values }, { labels }) {
    const size = labels.length;
    const predicted = answers.map((own) => predictedLabels(own, settleThresholds(values, own, size)));
    return pickBySets(predicted, values, size);
  },
  settle: (space, validation, { values }) => ({
    ...space,
    thresholds: settleThresholds(values, validation, space.labels.length),
  }),
  score: scoreSets,
  figures: (scores) => [
    { ...f1Figures.micro, value: scores.micro.f1, interval: scores.microF1Interval },
    { ...f1Figures.macro, value: scores.macro.f1, interval: scores.macroF1Interval },
    { ...f1Figures.samples, value: scores.samples.f1, interval: scores.samplesF1Interval },
    figure("exactMatch", "Exact match", scores.exactMatch, scores.exactMatchInterval),
    { ...figure("hammingLoss", "Hamming loss", scores.hammingLoss), higherIsBetter: false },
    figure("labelRanking", "Label ranking", scores.labelRanking),
  ],
  groupFigures(labels, answers, space) {
    const { scores, intervals } = groupScores(labels, answers, space) ?? {};
    return [
      { ...f1Figures.micro, value: scores?.micro.f1 ?? Number.NaN, interval: intervals?.microF1 },
      { ...f1Figures.macro, value: scores?.macro.f1 ?? Number.NaN, interval: intervals?.macroF1 },
    ];
  },
  decisions: setDecisions,
  measures: setMeasures,
  measure: measureSets,
  errors: (labels, answers, space) => wrongSets(labels, answers, space),
  selected: (answers, { thresholds }) => predictedLabels(answers, thresholds),
  difference: differentLabels,
  mistakes: worstSets,
  tally: (groups, { labels }) => answerTally(groups, labels),
  summary: ({ exact, rows }) => `${exact} of ${rowsOf(rows)} exactly right`,
  tables: ({ micro, macro, samples, labels }) => [
    {
      head: ["Average", "Precision", "Recall", "F1"],
      rows: Object.entries({ micro, macro, samples }).map(([name, { precision, recall, f1 }]) => [
        name,
        ...[precision, recall, f1].map(percent),
      ]),
      more: 0,
    },
    labelResults(labels),
  ],
  baselines(training, heldOut, space) {
    const size = space.labels.length;
    const set = frequentLabels(marksOf(training, space).values, size);
    const answers = Float32Array.from({ length: heldOut.length * size }, (_, at) => set[at % size]);
    const { micro, macro } = scoreSets(heldOut, answers, { ...space, thresholds: space.labels.map(() => 0.5) });
    const name = `always ${space.labels.filter((_, place) => set[place] === 1).join(", ")}`;
    return [
      {
        name,
        figures: [
          { ...f1Figures.micro, value: micro.f1 },
          { ...f1Figures.macro, value: macro.f1 },
        ],
      },
    ];
  },

  extent: ({ labels }) => (labels.length === 1 ? "1 label" : `${labels.length} labels`),
  describe: (column, { labels }) => `${column}, any of ${labels.length}: ${describeLabels(labels)}`,
  columns({ column, type }, { labels, separator }, isEach) {
    const set: NewColumn = { name: column, type: "VARCHAR[]", writtenAs: type, separator };
    const each = labels.map((label): NewColumn => ({ name: `${column}_probability_${label}`, type: "FLOAT" }));
    return isEach ? [set, ...each] : [set];
  },
  values(answers, space, isEach) {
    const size = space.labels.length;
    const sets = Array.from({ length: answers.length / size }, (_, row) => answerOf(answers, row, space));
    const each = space.labels.map((_, label) => Float32Array.from(sets, (_, row) => answers[row * size + label]));
    return isEach ? [sets, ...each] : [sets];
  },
  answers(answers, space): LabelSet[] {
    const size = space.labels.length;
    return Array.from({ length: answers.length / size }, (_, row) => ({
      labels: answerOf(answers, row, space),
      probabilities: Object.fromEntries(space.labels.map((label, i) => [label, answers[row * size + i]])),
    }));
  },
  report: setReport,
});

function figure(name: string, title: string, value: number, interval?: Figure["interval"]): Figure {
  return { name, title, value, isShare: true, ...(interval && { interval }) };
}

const f1Figures = {
  micro: { name: "microF1", title: "Micro F1", isShare: true },
  macro: { name: "macroF1", title: "Macro F1", isShare: true },
  samples: { name: "samplesF1", title: "Samples F1", isShare: true },
};
