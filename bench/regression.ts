// Numbers from texts: the linear family of `train --task regression` beside scikit-learn's RidgeCV on the same rows and the
// same kind of features, and how many held-out numbers its 90 % intervals hold. Both sides' predictions are cut to the range of
// the training numbers.
//   node dist/bench/regression.js [--data <folder>] [--seeds 1,2,…] [--only clothing-reviews,stsb]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { openTable, readTextAndLabels } from "../src/tables/index.js";
import { defaultDataFolder } from "./data-sets.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    seeds: { type: "string", default: "1,2,3,4,5,6,7,8,9,10" },
    only: { type: "string", default: "clothing-reviews,stsb" },
  },
});
const seeds = flags.seeds.split(",").map(Number);
const chosen = flags.only.split(",");

interface Rows {
  texts: string[];
  numbers: number[];
}

const bench = openBench("regression");
const peer = await startPeer("sklearn_text.py", ["--threads", "1"], { threads: 1 });
bench.addVersions(peer.hello.versions ?? {});
if (chosen.includes("clothing-reviews")) {
  const all = await read("clothing-reviews.csv", ["Title", "Review Text"], "Rating");
  await compare("clothing-reviews", (seed) => split(all, 0.2, seed));
}
if (chosen.includes("stsb")) {
  const [train, test] = await Promise.all(
    ["train", "test"].map((part) => read(`stsb/${part}.csv`, ["sentence1", "sentence2"], "score")),
  );
  // Its own test rows: the seed draws the validation rows alone, which the intervals come from.
  await compare("stsb", () => ({ train, test }));
}
await peer.stop();
bench.close(chosen.length === 2 && seeds.length >= 10);

async function read(name: string, text: string[], label: string): Promise<Rows> {
  const table = await openTable({ path: join(flags.data, name) });
  try {
    const { texts, labels } = await readTextAndLabels(table, { text, label });
    return { texts, numbers: labels.map(Number) };
  } finally {
    table.close();
  }
}

function split({ texts, numbers }: Rows, share: number, seed: number): { train: Rows; test: Rows } {
  const rows = createRandom(seed).shuffle([...texts.keys()]);
  const part = (own: number[]) => ({ texts: own.map((row) => texts[row]), numbers: own.map((row) => numbers[row]) });
  const count = Math.round(share * rows.length);
  return { train: part(rows.slice(count)), test: part(rows.slice(0, count)) };
}

interface Scores {
  mae: number;
  r2: number;
  spearman?: number;
  coverage?: number;
  seconds: number;
}

async function compare(name: string, splitBy: (seed: number) => { train: Rows; test: Rows }): Promise<void> {
  const ours: Scores[] = [];
  const theirs = new Map<string, Scores[]>();
  const seen = new Map<unknown, Map<string, Scores>>();
  for (const seed of seeds) {
    const folder = mkdtempSync(join(tmpdir(), "columnist-regression-"));
    try {
      const rows = splitBy(seed);
      const train = write(join(folder, "train.jsonl"), rows.train);
      const test = write(join(folder, "test.jsonl"), rows.test);
      const known = seen.get(rows.train) ?? new Map<string, Scores>();
      seen.set(rows.train, known);
      for (const kind of ["word", "char", "word-char"]) {
        const found = known.get(kind) ?? (await ridge(kind, train, test));
        known.set(kind, found);
        theirs.set(kind, [...(theirs.get(kind) ?? []), found]);
      }
      const { stdout } = await runCommand([
        ...["train", train, "--text", "text", "--label", "label", "--task", "regression", "--model", "linear"],
        ...["--test", test, "--split-seed", String(seed), "--out", join(folder, "model"), "--json"],
      ]);
      ours.push(JSON.parse(stdout).models[0]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const same = theirs.get("word-char")!;
  for (const [kind, scores] of theirs)
    bench.note(
      `${name}: RidgeCV on ${kind}: MAE ${mean(scores, "mae").toFixed(4)}, R² ${mean(scores, "r2").toFixed(4)}, ` +
        `${mean(scores, "seconds").toFixed(1)} s`,
    );
  bench.figure({
    name: `${name}: MAE`,
    ours: mean(ours, "mae"),
    peer: mean(same, "mae"),
    unit: "",
    measure: "ratio",
    better: "lower",
    atLeast: 1,
    details: { ours: each(ours, "mae"), theirs: each(same, "mae") },
  });
  bench.figure({
    name: `${name}: R²`,
    ours: mean(ours, "r2"),
    peer: mean(same, "r2"),
    unit: "",
    measure: "difference",
    atLeast: 0,
    details: { ours: each(ours, "r2"), theirs: each(same, "r2") },
  });
  bench.figure({
    name: `${name}: held-out numbers in the 90 % interval`,
    ours: 100 * mean(ours, "coverage"),
    unit: "%",
    measure: "value",
    atLeast: 87,
    atMost: 93,
    details: { ours: each(ours, "coverage") },
  });
  bench.note(
    `${name}: Spearman ${mean(ours, "spearman").toFixed(4)}, trained in ${mean(ours, "seconds").toFixed(1)} s`,
  );
}

async function ridge(kind: string, train: string, test: string): Promise<Scores> {
  const { mae, r2, fitMs } = await peer.ask<{ mae: number; r2: number; fitMs: number }>("ridge", { kind, train, test });
  return { mae, r2, seconds: fitMs / 1000 };
}

function write(path: string, { texts, numbers }: Rows): string {
  writeFileSync(path, texts.map((text, row) => `${JSON.stringify({ text, label: numbers[row] })}\n`).join(""));
  return path;
}

function each(scores: readonly Scores[], name: keyof Scores): number[] {
  return scores.map((one) => one[name] ?? Number.NaN);
}

function mean(scores: readonly Scores[], name: keyof Scores): number {
  return each(scores, name).reduce((sum, value) => sum + value, 0) / scores.length;
}
