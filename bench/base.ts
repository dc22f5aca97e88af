// What a pretrained encoder is worth: `train --base` with few rows and with all, and `classify` without any, on four tables.
//   node dist/bench/base.js [--model <folder>] [--data <folder>] [--seeds 1,2,3] [--only trec,...] [--parts vectors,labels]
// --model or COLUMNIST_MODELS/all-MiniLM-L6-v2: a folder of all-MiniLM-L6-v2.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type DataSet,
  dataSets,
  defaultDataFolder,
  drawnRows,
  type LabelledRow,
  readSplit,
  writeSplit,
} from "./data-sets.js";
import { openBench } from "./harness.js";
import { classifyByNames, wordsOf } from "./label-names.js";
import { runCommand } from "./run-command.js";
import { readTraining } from "./train-answer.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
    seeds: { type: "string", default: "1,2,3" },
    only: { type: "string", default: dataSets.join(",") },
    parts: { type: "string", default: "vectors,labels" },
  },
});
if (!existsSync(flags.model))
  throw new Error(`${flags.model} is not there: give the folder of all-MiniLM-L6-v2 with --model or COLUMNIST_MODELS.`);
const seeds = flags.seeds.split(",").map(Number);
const chosen = dataSets.filter((name) => flags.only.split(",").includes(name));
const parts = flags.parts.split(",");

interface Rows {
  name: string;
  /** Accuracy in per cent. */
  atLeast: number;
  of(training: LabelledRow[], seed: number): LabelledRow[];
}
const all = (atLeast: number): Rows => ({ name: "all rows", atLeast, of: (rows) => rows });
const few = (count: number, atLeast: number): Rows => ({
  name: `${count} rows`,
  atLeast,
  of: (rows, seed) => drawnRows(rows, seed, (own) => Math.max(1, Math.round((count * own) / rows.length))),
});
const each = (count: number, atLeast: number): Rows => ({
  name: `${count} rows a class`,
  atLeast,
  of: (rows, seed) => drawnRows(rows, seed, () => count),
});
const asked: Record<DataSet, Rows[]> = {
  trec: [few(200, 81.5), all(94)],
  banking77: [each(8, 84.5), all(92.5)],
  "sms-spam": [all(99.5)],
  "movie-reviews": [few(200, 69.5), all(79)],
};
const bench = openBench("base");
for (const name of chosen) {
  if (parts.includes("vectors")) for (const rows of asked[name]) await compare(name, rows);
  if (parts.includes("labels")) await sort(name);
}
bench.close(chosen.length === dataSets.length && seeds.length >= 3 && parts.length === 2);

/** As `train` splits them: validation rows are a part of `rows`. */
async function compare(name: DataSet, rows: Rows): Promise<void> {
  const [plain, beside, seconds]: [number[], number[], number[]] = [[], [], []];
  for (const seed of seeds)
    await inFolder(async (folder) => {
      const split = await readSplit(flags.data, name, seed);
      const { train, test } = writeSplit(folder, { ...split, train: rows.of(split.train, seed) });
      const columns = ["--text", "text", "--label", "label", "--test", test];
      const seeded = ["--seed", String(seed), "--split-seed", String(seed), "--out", join(folder, "model"), "--json"];
      const base = ["--base", flags.model, "--model", "vectors", "--many-labels"];
      const { stdout } = await runCommand(["train", train, ...columns, ...base, ...seeded]);
      for (const { family, accuracy, seconds: own } of readTraining(stdout).models) {
        if (family === "linear") plain.push(100 * accuracy);
        else {
          beside.push(100 * accuracy);
          seconds.push(own);
        }
      }
    });
  bench.figure({
    name: `${name}, ${rows.name}: vectors beside TF-IDF`,
    ours: mean(beside),
    unit: "%",
    measure: "value",
    atLeast: rows.atLeast,
    details: { accuracies: beside, linear: plain, seconds },
  });
  bench.note(`${name}, ${rows.name}: TF-IDF alone ${mean(plain).toFixed(1)} %`);
}

/** No training rows: the names of the labels alone. */
async function sort(name: DataSet): Promise<void> {
  const accuracies: number[] = [];
  for (const seed of name === "trec" || name === "banking77" ? [1] : seeds)
    await inFolder(async (folder) => {
      const split = await readSplit(flags.data, name, seed);
      const { test } = writeSplit(folder, split);
      const labels = new Set(split.train.map(({ label }) => label));
      accuracies.push((await classifyByNames(folder, test, wordsOf(name, labels), flags.model)).accuracy);
    });
  bench.figure({
    name: `${name}, no rows: names of labels`,
    ours: mean(accuracies),
    unit: "%",
    measure: "value",
    ...(name === "banking77" && { atLeast: 60 }),
    details: { accuracies },
  });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "columnist-base-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
