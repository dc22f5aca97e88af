// Do 95 % intervals contain the truth in 95 % of the cases? The linear model's out-of-fold answers for all rows of a data set stand for all
// rows that there could be: what a figure is on them is its true value. 400 test tables are drawn from them, and how many of
// their intervals contain it is counted.
//   node dist/bench/intervals.js [--data <folder>] [--draws 400] [--rows 1000] [--keep]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom, mixSeed } from "../src/base/random.js";
import { fitLinear, predictLinear } from "../src/linear/index.js";
import { comparePaired } from "../src/metrics/index.js";
import { openTable, readTextAndLabels } from "../src/tables/index.js";
import { scoreAnswers } from "../src/tasks/classify/score-answers.js";
import { defaultDataFolder } from "./data-sets.js";
import { openBench } from "./harness.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    draws: { type: "string", default: "400" },
    rows: { type: "string", default: "1000" },
    keep: { type: "boolean", default: false },
  },
});
const [draws, rows] = [Number(flags.draws), Number(flags.rows)];
const folds = 5;

interface Answers {
  labels: string[];
  truth: Int32Array;
  probabilities: Float32Array;
}

/** @param settings of the linear model */
async function outOfFold(name: string, text: string, label: string, settings: { C?: number } = {}): Promise<Answers> {
  const table = await openTable({ path: join(flags.data, name) });
  const read = await readTextAndLabels(table, { text: [text], label }).finally(() => table.close());
  const labels = [...new Set(read.labels.map(String))].sort();
  const truth = Int32Array.from(read.labels, (own) => labels.indexOf(String(own)));
  const order = createRandom(1).shuffle(Int32Array.from(truth.keys()));
  const probabilities = new Float32Array(truth.length * labels.length);
  for (let fold = 0; fold < folds; fold++) {
    const inside = order.filter((_, i) => i % folds !== fold);
    const outside = order.filter((_, i) => i % folds === fold);
    const known = { texts: Array.from(inside, (row) => read.texts[row]), labels: inside.map((row) => truth[row]) };
    const model = await fitLinear({ ...known, classes: labels.length }, settings);
    const texts = Array.from(outside, (row) => read.texts[row]);
    const answers = predictLinear(model, texts);
    for (const [i, row] of outside.entries())
      probabilities.set(answers.subarray(i * labels.length, (i + 1) * labels.length), row * labels.length);
  }
  return { labels, truth, probabilities };
}

function taken({ labels, truth, probabilities }: Answers, sample: Int32Array): Answers {
  const width = labels.length;
  const own = new Float32Array(sample.length * width);
  for (const [i, row] of sample.entries()) own.set(probabilities.subarray(row * width, (row + 1) * width), i * width);
  return { labels, truth: sample.map((row) => truth[row]), probabilities: own };
}

function scored({ labels, truth, probabilities }: Answers, seed: number): Record<string, unknown> {
  return scoreAnswers({ classes: truth, unseen: [] }, probabilities, labels, { seed }, 1.3) as Record<string, unknown>;
}

const bench = openBench("intervals");
const sets = [
  { name: "movie-reviews.csv", text: "text", label: "label", asked: "accuracy" },
  { name: "product-tweets.csv", text: "tweet", label: "sentiment", asked: "macroF1" },
];
const shares = (count: number) => (100 * count) / draws;
for (const { name, text, label, asked } of sets) {
  const all = await outOfFold(name, text, label);
  const whole = scored(all, 0);
  const counts = new Map<string, { inside: number; below: number; above: number }>();
  const start = performance.now();
  for (let draw = 0; draw < draws; draw++) {
    const random = createRandom(mixSeed(draw, 77));
    const sample = Int32Array.from({ length: rows }, () => random.integer(all.truth.length));
    const own = scored(taken(all, sample), draw);
    for (const [key, value] of Object.entries(own)) {
      if (!key.endsWith("Interval")) continue;
      const figure = key.replace(/Interval$/, "");
      const { low, high } = value as { low: number; high: number };
      const count = counts.get(figure) ?? { inside: 0, below: 0, above: 0 };
      counts.set(figure, count);
      const truth = whole[figure] as number;
      if (truth < low) count.below++;
      else if (truth > high) count.above++;
      else count.inside++;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  for (const [figure, { inside, below, above }] of counts)
    bench.figure({
      name: `${name}, ${figure}: intervals that contain it`,
      ours: shares(inside),
      unit: "%",
      measure: "value",
      ...(figure === asked && { atLeast: 93, atMost: 97 }),
      details: { draws, rows, truth: whole[figure], below: shares(below), above: shares(above) },
    });
  bench.note(`${draws} tables of ${rows} rows in ${seconds.toFixed(1)} s`);

  // A second, weaker model: the interval of the difference.
  const other = await outOfFold(name, text, label, { C: 0.02 });
  const width = all.labels.length;
  const right = ({ truth, probabilities }: Answers) =>
    Uint8Array.from(truth, (own, row) => {
      const answers = probabilities.subarray(row * width, (row + 1) * width);
      return answers.indexOf(Math.max(...answers)) === own ? 0 : 1;
    });
  const model = (errors: Uint8Array) => ({
    errors,
    figure: (sample: ArrayLike<number>) => {
      let wrong = 0;
      for (let i = 0; i < sample.length; i++) wrong += errors[sample[i]];
      return 1 - wrong / sample.length;
    },
  });
  const [a, b] = [right(all), right(other)];
  const whole2 = comparePaired(a.length, [model(a), model(b)], { resamples: 2 }).pairs[0].difference;
  let inside = 0;
  for (let draw = 0; draw < draws; draw++) {
    const random = createRandom(mixSeed(draw, 78));
    const sample = Int32Array.from({ length: rows }, () => random.integer(a.length));
    const parts = [a, b].map((errors) => model(Uint8Array.from(sample, (row) => errors[row])));
    const { interval } = comparePaired(rows, parts, { seed: draw }).pairs[0];
    if (interval.low <= whole2 && whole2 <= interval.high) inside++;
  }
  bench.figure({
    name: `${name}, difference of two models' accuracy: intervals that contain it`,
    ours: shares(inside),
    unit: "%",
    measure: "value",
    atLeast: 93,
    atMost: 97,
    details: { draws, rows, truth: whole2 },
  });
}
bench.close(flags.keep);
