// What `train --budget` finds in a given time, beside scikit-learn's pipelines tuned by GridSearchCV for as long; how far the pick is
// behind the best of all candidates by the test rows; and whether budgets are kept.
//   node dist/bench/search.js [--sets trec,…] [--budget 5m] [--base <model>] [--rows n] [--draws 20] [--parts sets,budget]
//     [--runs 50] [--longest 300] [--threads 2] [--data <folder>]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { comparePaired } from "../src/metrics/index.js";
import type { Classification } from "../src/tasks/classify/task.js";
import { openTextModel, predictTexts } from "../src/tasks/index.js";
import { secondsOf } from "../src/train/index.js";
import {
  type DataSet,
  dataSets,
  defaultDataFolder,
  type LabelledRow,
  readRows,
  readSplit,
  type Split,
  stratifiedSplit,
  writeSplit,
} from "./data-sets.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    sets: { type: "string" },
    budget: { type: "string", default: "5m" },
    base: { type: "string" },
    rows: { type: "string" },
    draws: { type: "string", default: "20" },
    parts: { type: "string", default: "sets,budget" },
    runs: { type: "string", default: "50" },
    longest: { type: "string", default: "300" },
    threads: { type: "string", default: "2" },
    data: { type: "string", default: defaultDataFolder() },
  },
});
const names = [...dataSets, "product-tweets", "goemotions", "clothing-reviews", "movie-draws"] as const;
const chosen = flags.sets ? names.filter((name) => flags.sets!.split(",").includes(name)) : names;
const parts = flags.parts.split(",");
/** How much of the budget may be used. */
const mostOfBudget = 1.1;
/** Points of accuracy. */
const [asked, mostRegret] = [flags.base ? 3 : 0.5, 0.7];
/** Of the test rows of one draw. */
const rowsOfDraw = { train: 1000, test: 2000 };

interface SearchAnswer {
  winner: string;
  models: { name?: string; family: string; accuracy: number }[];
  search: { reason: string };
}

const bench = openBench("search");
if (parts.includes("sets")) await compareSets();
if (parts.includes("budget")) await keepBudgets();
const isUsual = flags.budget === "5m" && flags.runs === "50" && flags.draws === "20" && flags.longest === "300";
bench.close(isUsual && !flags.base && !flags.sets && !flags.rows && parts.length === 2);

async function compareSets(): Promise<void> {
  const peer = await startPeer("sklearn_text.py", ["--threads", flags.threads], { threads: Number(flags.threads) });
  bench.addVersions(peer.hello.versions ?? {});
  const [gains, regrets]: number[][] = [[], []];
  let [kept, runs] = [0, 0];
  for (const name of chosen)
    for (const [i, split] of (await splitsOf(name)).entries()) {
      const folder = mkdtempSync(join(tmpdir(), "columnist-search-"));
      try {
        const { train, test } = writeSplit(folder, split);
        const out = join(folder, "model");
        const { answer, seconds } = await searched(train, flags.budget, out, ["--test", test]);
        const tuned = await peer.ask<{
          accuracy: number;
          answers: string[];
          kind: string;
          seconds: number;
          tried: number;
        }>("grid", { train, test, seconds: secondsOf(flags.budget) });
        const own = await labelsOf(out, split.test);
        const truth = split.test.map(({ label }) => label);
        const models = [own, tuned.answers].map((given) => modelOf(given, truth));
        const [{ difference, interval }] = comparePaired(truth.length, models, { resamples: 1000 }).pairs;
        const best = Math.max(...answer.models.map(({ accuracy }) => accuracy));
        const picked = answer.models.find(({ name: one, family }) => (one ?? family) === answer.winner)!.accuracy;
        gains.push(100 * difference);
        regrets.push(100 * (best - picked));
        kept += seconds <= mostOfBudget * secondsOf(flags.budget) ? 1 : 0;
        runs++;
        bench.figure({
          name: `${name}${i > 0 ? ` ${i + 1}` : ""}: ${answer.winner} against ${tuned.kind}`,
          ours: 100 * picked,
          peer: 100 * tuned.accuracy,
          unit: "%",
          measure: "difference",
          // Worse, but not by more than its interval.
          atLeast: (100 * (interval.low - interval.high)) / 2,
          details: {
            interval,
            regret: best - picked,
            seconds,
            peerSeconds: tuned.seconds,
            tried: tuned.tried,
            reason: answer.search.reason,
          },
        });
        bench.note(
          `  ${points(difference)} points (${points(interval.low)} to ${points(interval.high)}), regret ${points(best - picked)}, ` +
            `${seconds.toFixed(0)} s beside ${tuned.seconds.toFixed(0)} s (${tuned.tried} settings)\n  ${answer.search.reason}`,
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  await peer.stop();
  bench.figure({
    name: "points more than scikit-learn, mean",
    ours: mean(gains),
    unit: "points",
    measure: "value",
    atLeast: asked,
  });
  bench.figure({
    name: "points behind the best candidate, mean",
    ours: mean(regrets),
    unit: "points",
    measure: "value",
    atMost: mostRegret,
  });
  bench.figure({
    name: "searches within their budget",
    ours: (100 * kept) / runs,
    unit: "%",
    measure: "value",
    atLeast: 100,
  });
}

/** Tables of 50 to 100,000 rows, budgets of 20 s to the longest, both evenly spread over their logarithms. */
async function keepBudgets(): Promise<void> {
  const random = createRandom(1);
  const texts = await readRows(join(flags.data, "movie-reviews.csv"));
  const [count, longest] = [Number(flags.runs), Number(flags.longest)];
  let kept = 0;
  for (let run = 0; run < count; run++) {
    const share = count === 1 ? 1 : run / (count - 1);
    const rows = Math.round(50 * 2000 ** share);
    const seconds = Math.round(20 * (longest / 20) ** random.float());
    const folder = mkdtempSync(join(tmpdir(), "columnist-search-"));
    try {
      const drawn = Array.from({ length: rows }, (): LabelledRow => {
        const [one, other] = [0, 1].map(() => texts[random.integer(texts.length)]);
        return { text: `${one.text} ${other.text}`, label: one.label };
      });
      const { train } = writeSplit(folder, { train: drawn, test: [] });
      const { answer, seconds: took } = await searched(train, `${seconds}s`, join(folder, "model"), []);
      if (took <= mostOfBudget * seconds) kept++;
      bench.note(
        `${rows} rows, ${seconds} s: ${took.toFixed(1)} s (${((100 * took) / seconds).toFixed(0)} %), ${answer.winner} of ${answer.models.length}`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  bench.figure({
    name: `budgets kept, of ${count}`,
    ours: (100 * kept) / count,
    unit: "%",
    measure: "value",
    atLeast: 100,
  });
}

async function searched(train: string, budget: string, out: string, more: string[]) {
  const base = flags.base ? ["--base", flags.base] : [];
  const { stdout, seconds } = await runCommand([
    ...["train", train, "--text", "text", "--label", "label", "--budget", budget, "--threads", flags.threads],
    ...["--many-labels", "--out", out, "--json", ...base, ...more],
  ]);
  return { answer: JSON.parse(stdout) as SearchAnswer, seconds };
}

async function labelsOf(folder: string, rows: readonly LabelledRow[]): Promise<string[]> {
  const { task, space, model } = await openTextModel(folder, { threads: Number(flags.threads) });
  try {
    const answers = await predictTexts(
      model,
      rows.map(({ text }) => text),
      "predicting",
    );
    return (task.answers(answers, space) as Classification[]).map(({ label }) => label);
  } finally {
    await model.close();
  }
}

function modelOf(answers: readonly string[], truth: readonly string[]) {
  const errors = truth.map((label, row) => (answers[row] === label ? 0 : 1));
  const figure = (sample: ArrayLike<number>) => {
    let right = 0;
    for (let i = 0; i < sample.length; i++) right += 1 - errors[sample[i]];
    return right / sample.length;
  };
  return { errors, figure };
}

async function splitsOf(name: (typeof names)[number]): Promise<Split[]> {
  const cut = (split: Split): Split => {
    const count = Number(flags.rows ?? split.train.length);
    return {
      ...split,
      train: createRandom(7)
        .shuffle([...split.train])
        .slice(0, count),
    };
  };
  if ((dataSets as readonly string[]).includes(name)) return [cut(await readSplit(flags.data, name as DataSet, 1))];
  const read = (file: string, text: string, label: string) =>
    readRows(join(flags.data, file), { text, label }).then((rows) =>
      rows.filter((row) => row.text.trim() !== "" && row.label !== "null"),
    );
  if (name === "product-tweets")
    return [cut(stratifiedSplit(await read("product-tweets.csv", "tweet", "sentiment"), 0.1, 1))];
  if (name === "clothing-reviews")
    return [cut(stratifiedSplit(await read("clothing-reviews.csv", '"Review Text"', '"Rating"'), 0.2, 1))];
  if (name === "goemotions") {
    const [train, test] = await Promise.all(
      ["train", "test"].map((part) => read(`goemotions/${part}.csv`, "text", "split_part(labels, ';', 1)")),
    );
    return [cut({ train, test })];
  }
  const rows = await readRows(join(flags.data, "movie-reviews.csv"));
  return Array.from({ length: Number(flags.draws) }, (_, seed) => {
    const drawn = createRandom(100 + seed).shuffle([...rows]);
    return { train: drawn.slice(0, rowsOfDraw.train), test: drawn.slice(rowsOfDraw.train).slice(0, rowsOfDraw.test) };
  });
}

function points(share: number): string {
  return (100 * share).toFixed(1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
