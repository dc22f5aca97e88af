// Regression: a number for each text.
import { quantile, type RegressionScores, regressionFigure } from "../../metrics/index.js";
import { showNumber } from "../../report/figure.js";
import type { NewColumn } from "../../tables/index.js";
import { encoderFamilies } from "../families/encoders.js";
import { networkFamilies } from "../families/networks.js";
import { type LabelValue, rowsOf } from "../read-labelled.js";
import { numberTally } from "../score-groups.js";
import { type Measure, task } from "../task.js";
import { numberForm, numberHead } from "./head.js";
import { largestErrors } from "./mistakes.js";
import { pickClosest } from "./pick-closest.js";
import { quantileGroups } from "./quantile-groups.js";
import { regressionReport } from "./report.js";
import {
  constantScores,
  figuresOf,
  type NumberScores,
  numberScoresSchema,
  quickScores,
  scoreNumbers,
} from "./scores.js";
import {
  boundsOf,
  isNumber,
  type NumberSpace,
  numbersOf,
  planNumbers,
  show,
  spaceSchema,
  targetsOf,
  withIntervals,
} from "./space.js";

/** An answer, as programs get it. */
export interface Regression {
  value: number;
  /** Bounds of the 90 % interval. */
  low: number;
  high: number;
}

const numberMeasures: Measure[] = [
  { name: "mae", title: "MAE", isShare: false, higherIsBetter: false, isOfErrors: true },
  { name: "rmse", title: "RMSE", isShare: false, higherIsBetter: false },
  { name: "r2", title: "R²", isShare: false },
  { name: "spearman", title: "Spearman", isShare: false },
];

/** Groups of numbers of which every part of the rows has its share, and the rows of each. */
const [mostStrata, fewestRows] = [10, 5];

export const regression = task<NumberSpace, NumberScores>({
  noun: "a regression model",
  families: {
    linear: {
      summary: "TF-IDF of words and characters with a ridge regression",
      candidates: [{ cost: 1 }, { settings: { maxCharacters: 0 }, cost: 0.5 }],
      load: async () => (await import("./linear-family.js")).linearRegression,
    },
    ...networkFamilies(numberForm),
    ...encoderFamilies(numberForm, async () => (await import("./linear-family.js")).linearNumberKind),
  },
  form: numberForm,
  spaceSchema,
  scoresSchema: numberScoresSchema,
  readsLists: false,
  isLabelled: isNumber,
  labelNoun: "a number",

  plan: planNumbers,
  widthOf: () => 1,
  answerNames: (labelColumn) => [labelColumn],
  targets: targetsOf,
  strata: ({ values }) =>
    quantileGroups(values, Math.max(1, Math.min(mostStrata, Math.floor(values.length / fewestRows)))),
  unknownLabels(labels, { least, most }, source) {
    const beyond = numbers(labels).filter((number) => number < least || number > most).length;
    const where = source === undefined ? "" : ` of ${source}`;
    return beyond === 0
      ? []
      : [
          `${rowsOf(beyond)}${where} ${beyond === 1 ? "has a number" : "have numbers"} beyond ${show(least)} to ` +
            `${show(most)}, the range of the training table: predictions stay within it.`,
        ];
  },
  head: (_, training) => numberHead(training),

  pick: (answers, { values }, space) =>
    pickClosest(answers.map((one) => numbersOf(one, space).map((number, row) => Math.abs(number - values[row])))),
  settle: withIntervals,
  score: (labels, answers, space, seed, clusters) =>
    scoreNumbers(numbers(labels), numbersOf(answers, space), space, seed, clusters),
  figures: figuresOf,
  groupFigures: (labels, answers, space) => figuresOf(quickScores(numbers(labels), numbersOf(answers, space))),
  measures: numberMeasures,
  measure: (name, labels, answers, space) =>
    regressionFigure(name as keyof RegressionScores, numbers(labels), numbersOf(answers, space)),
  errors(labels, answers, space) {
    const truth = numbers(labels);
    return numbersOf(answers, space).map((number, row) => Math.abs(number - truth[row]));
  },
  difference: () => undefined,
  mistakes: (texts, labels, answers, space, count) =>
    largestErrors(texts, numbers(labels), numbersOf(answers, space), count),
  tally: (groups) => numberTally(groups),
  summary: ({ mae, rows }) => `off by ${showNumber(mae)} on average (${rowsOf(rows)})`,
  tables: ({ ranges }) => [
    {
      head: ["True number", "Rows", "Mean prediction", "MAE"],
      rows: ranges.map(({ from, to, rows, meanPrediction, mae }) => [
        from === to ? show(from) : `${show(from)} to ${show(to)}`,
        String(rows),
        showNumber(meanPrediction),
        showNumber(mae),
      ]),
      more: 0,
    },
  ],
  baselines(training, heldOut) {
    const [known, truth] = [numbers(training).sort(), numbers(heldOut)];
    const mean = known.reduce((sum, number) => sum + number / known.length, 0);
    const median = quantile(known, 0.5);
    return [
      { name: `mean, ${brief(mean)}`, figures: figuresOf(constantScores(truth, mean)) },
      { name: `median, ${brief(median)}`, figures: figuresOf(constantScores(truth, median)) },
    ];
  },

  extent: ({ least, most }) => `numbers from ${show(least)} to ${show(most)}`,
  describe: (column, { least, most, halfWidth }) =>
    `${column}, a number from ${show(least)} to ${show(most)}` +
    (halfWidth === null ? "" : `; 90 % of true ones within ± ${showNumber(halfWidth)}`),
  columns({ column, type }, { areWhole }, isEach) {
    const columns: NewColumn[] = [
      { name: column, type: "DOUBLE", writtenAs: writtenType(type ?? (areWhole ? "BIGINT" : undefined)) },
    ];
    return isEach
      ? [...columns, ...["low", "high"].map((end): NewColumn => ({ name: `${column}_${end}`, type: "DOUBLE" }))]
      : columns;
  },
  values(answers, space, isEach) {
    const own = numbersOf(answers, space);
    const { low, high } = boundsOf(own, space);
    return isEach ? [own, low, high] : [own];
  },
  answers(answers, space): Regression[] {
    const own = numbersOf(answers, space);
    const { low, high } = boundsOf(own, space);
    return Array.from(own, (value, row) => ({ value, low: low[row], high: high[row] }));
  },
  report: regressionReport,
});

function numbers(labels: readonly LabelValue[]): Float64Array {
  return Float64Array.from(labels, Number);
}

/** In a name: years have no comma, large numbers few digits. */
function brief(number: number): string {
  return Math.abs(number) < 1e7 ? show(Number(number.toPrecision(4))) : showNumber(number);
}

/** The type of numbers that answers take again. A BIGNUM would lose its fraction, where others are rounded. */
function writtenType(type: string | undefined): string | undefined {
  if (type === "BIGNUM") return "HUGEINT";
  return type !== undefined && /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DECIMAL\(\d+,\d+\))$/.test(type)
    ? type
    : undefined;
}
