// Classification: one label of a few for each text.
import {
  confusionMatrix,
  fitTemperature,
  macroF1,
  majorityBaseline,
  predictedClasses,
  wilsonInterval,
} from "../../metrics/index.js";
import type { NewColumn } from "../../tables/index.js";
import { wantedText } from "../decisions.js";
import { encoderFamilies } from "../families/encoders.js";
import { networkFamilies } from "../families/networks.js";
import { describeLabels, differentLabels, unseenWarnings } from "../labels/label-names.js";
import { labelResults } from "../labels/label-results.js";
import { rowsOf } from "../read-labelled.js";
import { answerTally } from "../score-groups.js";
import { task } from "../task.js";
import { classDecisions, decidedClasses } from "./decide.js";
import { classForm, classHead, likeliest } from "./head.js";
import { classMeasures, measureClasses } from "./measures.js";
import { worstMistakes } from "./mistakes.js";
import { pickWinner } from "./pick-winner.js";
import { classifierReport } from "./report.js";
import { scoreAnswers } from "./score-answers.js";
import { type ClassificationScores, classificationScoresSchema } from "./scores.js";
import { classesOf, type LabelSpace, planLabels, spaceSchema, speltAs, unseenLabels } from "./space.js";

/** An answer, as programs get it. */
export interface Classification {
  label: string;
  probability: number;
  /** By label. */
  probabilities: Record<string, number>;
}

/** Rows of a table that fit a terminal. */
const mostConfusions = 8;

/** The others are left to --json and the report. */
const shownFigures = ["accuracy", "macroF1", "auroc", "logLoss", "calibrationError"] as const;

export const classify = task<LabelSpace, ClassificationScores>({
  noun: "a text classifier",
  families: {
    linear: {
      summary: "TF-IDF of words and characters with a linear support vector machine",
      candidates: [
        { cost: 1 },
        { settings: { C: 0.25 }, cost: 1 },
        { settings: { C: 4 }, cost: 1.5 },
        { settings: { maxCharacters: 0 }, cost: 0.5 },
      ],
      load: async () => (await import("./linear-family.js")).linearClassifier,
    },
    ...networkFamilies(classForm),
    ...encoderFamilies(classForm, async () => (await import("./linear-family.js")).linearClassKind),
  },
  form: classForm,
  spaceSchema,
  scoresSchema: classificationScoresSchema,
  readsLists: false,
  isLabelled: (label) => typeof label === "string" && label.trim() !== "",

  plan: planLabels,
  widthOf: ({ labels }) => labels.length,
  answerNames: (_, { labels }) => labels,
  targets: classesOf,
  strata: ({ values }) => Int32Array.from(values),
  unknownLabels: (labels, space, source) => unseenWarnings(unseenLabels(labels, space), source),
  head: ({ labels }, training) => classHead(labels.length, training),

  pick: (answers, truth, { labels }) =>
    pickWinner(
      answers.map((one) => {
        const predicted = predictedClasses(one, labels.length);
        return Array.from(predicted, (label, row) => label === likeliest(truth, row));
      }),
    ),
  settle(space, validation, truth) {
    const classes = space.labels.length;
    const known = Int32Array.from({ length: validation.length / classes }, (_, row) => likeliest(truth, row));
    return { ...space, temperature: fitTemperature(known, validation, classes) };
  },
  score: (labels, answers, space, seed, clusters) =>
    scoreAnswers(
      { classes: classesOf(labels, space).values as Int32Array, unseen: unseenLabels(labels, space) },
      answers,
      space.labels,
      { seed, clusters },
      space.temperature,
    ),
  figures: (scores) =>
    shownFigures.map((name) => {
      const { isOfErrors, isOverLabels, ...measure } = classMeasures.find((one) => one.name === name)!;
      return { ...measure, value: scores[name] ?? Number.NaN, interval: scores[`${name}Interval`] };
    }),
  groupFigures(labels, answers, space) {
    const truth = classesOf(labels, space).values;
    const predicted = predictedClasses(answers, space.labels.length);
    const correct = predicted.reduce((sum, label, row) => sum + (label === truth[row] ? 1 : 0), 0);
    const interval = wilsonInterval(correct, predicted.length);
    return [
      { name: "accuracy", title: "Accuracy", value: correct / predicted.length, interval, isShare: true },
      { name: "macroF1", title: "Macro F1", value: macroF1Of(truth, predicted), isShare: true },
    ];
  },
  decisions: classDecisions,
  measures: classMeasures,
  measure: measureClasses,
  strataOf: (labels, space) => Int32Array.from(classesOf(labels, space).values, (label) => label + 1),
  errors(labels, answers, space) {
    const truth = classesOf(labels, space).values;
    return Float64Array.from(predictedClasses(answers, space.labels.length), (own, row) =>
      own === truth[row] ? 0 : 1,
    );
  },
  selected(answers, space) {
    const marks = new Uint8Array(answers.length);
    for (const [row, label] of decidedClasses(answers, space).entries())
      if (label >= 0) marks[row * space.labels.length + label] = 1;
    return marks;
  },
  difference: differentLabels,
  mistakes: (texts, labels, answers, space, count) =>
    worstMistakes(texts, speltAs(labels, space), answers, space.labels, count),
  tally: (groups, { labels }) => answerTally(groups, labels),
  summary: ({ correct, rows }) => `${correct} of ${rowsOf(rows)} correct`,
  tables({ classes, confusion }) {
    const wrong = confusion.filter(({ truth, predicted }) => truth !== predicted);
    return [
      labelResults(classes),
      {
        head: ["Most frequent mistakes", "Predicted", "Rows"],
        rows: wrong.slice(0, mostConfusions).map(({ truth, predicted, rows }) => [truth, predicted, String(rows)]),
        more: 0,
      },
    ];
  },
  baselines(training, heldOut, space) {
    const { labels } = space;
    const truth = classesOf(heldOut, space).values.map((index) => (index < 0 ? labels.length : index));
    const size = truth.includes(labels.length) ? labels.length + 1 : labels.length;
    const { classIndex, accuracy, macroF1 } = majorityBaseline(classesOf(training, space).values, truth, size);
    return [
      {
        name: `always ${labels[classIndex]}`,
        figures: [
          { name: "accuracy", title: "Accuracy", value: accuracy, isShare: true },
          { name: "macroF1", title: "Macro F1", value: macroF1, isShare: true },
        ],
      },
    ];
  },

  extent: ({ labels }) => `${labels.length} labels`,
  describe: (column, { labels, decision }) =>
    `${column}, one of ${labels.length}: ${describeLabels(labels)}` +
    (decision ? `; threshold ${Number(decision.threshold.toPrecision(3))} for ${wantedText(decision.request)}` : ""),
  columns({ column, type }, { labels }, isEach) {
    const columns: NewColumn[] = [
      { name: column, type: "VARCHAR", writtenAs: type },
      { name: `${column}_probability`, type: "FLOAT" },
    ];
    return isEach
      ? [...columns, ...labels.map((label): NewColumn => ({ name: `${column}_probability_${label}`, type: "FLOAT" }))]
      : columns;
  },
  values(answers, space, isEach) {
    const { labels } = space;
    const predicted = predictedClasses(answers, labels.length);
    const decided = decidedClasses(answers, space);
    const of = (label: (row: number) => number) =>
      Float32Array.from(predicted, (_, row) => answers[row * labels.length + label(row)]);
    const names = Array.from(decided, (label) => (label < 0 ? null : labels[label]));
    return [
      names,
      of((row) => (decided[row] < 0 ? predicted : decided)[row]),
      ...(isEach ? labels.map((_, label) => of(() => label)) : []),
    ];
  },
  answers(answers, { labels }): Classification[] {
    return Array.from(predictedClasses(answers, labels.length), (label, row) => {
      const own = answers.subarray(row * labels.length, (row + 1) * labels.length);
      return {
        label: labels[label],
        probability: own[label],
        probabilities: Object.fromEntries(labels.map((name, i) => [name, own[i]])),
      };
    });
  },
  report: classifierReport,
});

/** Counts the classes that occur alone, so that thousands of groups of a thousand labels cost no more than their rows. */
function macroF1Of(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const places = new Map<number, number>();
  const placeOf = (index: number) => {
    const place = places.get(index) ?? places.size;
    places.set(index, place);
    return place;
  };
  const [wanted, answered] = [Array.from(truth, placeOf), Array.from(predicted, placeOf)];
  return macroF1(confusionMatrix(wanted, answered, places.size), places.size);
}
