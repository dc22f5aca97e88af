// Tuning an encoder on pairs of rows, beside SetFit with its defaults: the same base, the same rows, 8 of each class; and what a
// user gets who leaves the choice to `--tune auto`.
//   node dist/bench/pairs.js [--model <folder>] [--data <folder>] [--seeds 1,2,3] [--only trec,...] [--parts pairs,auto,names]
//     [--classes 20] [--threads 2]
// --model or COLUMNIST_MODELS/all-MiniLM-L6-v2: a folder of all-MiniLM-L6-v2. --classes: of Banking77, in alphabetical order at most;
// SetFit takes every pair of unlike rows once, so that 50 of them are 9,800 steps, an hour a seed.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type DataSet,
  dataSets,
  defaultDataFolder,
  drawnRows,
  readSplit,
  type Split,
  writeSplit,
} from "./data-sets.js";
import { openBench } from "./harness.js";
import { classifyByNames, wordsOf } from "./label-names.js";
import { runCommand } from "./run-command.js";
import { type Peer, startPeer } from "./start-peer.js";
import { readTraining } from "./train-answer.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
    seeds: { type: "string", default: "1,2,3" },
    only: { type: "string", default: dataSets.join(",") },
    parts: { type: "string", default: "pairs,auto,names" },
    classes: { type: "string", default: "20" },
    threads: { type: "string", default: "2" },
  },
});
if (!existsSync(flags.model))
  throw new Error(`${flags.model} is not there: give the folder of all-MiniLM-L6-v2 with --model or COLUMNIST_MODELS.`);
const seeds = flags.seeds.split(",").map(Number);
const chosen = dataSets.filter((name) => flags.only.split(",").includes(name));
const parts = flags.parts.split(",");
const rowsOfClass = 8;

const bench = openBench("pairs");
const peer = await startPeer("setfit_train.py", [flags.model, "--threads", flags.threads], {
  venv: ".venv-setfit",
  threads: Number(flags.threads),
});
bench.addVersions(peer.hello.versions ?? {});
try {
  for (const name of chosen) {
    if (parts.includes("pairs")) await race(name, peer);
    if (parts.includes("auto")) await choose(name);
    if (parts.includes("names")) await byNames(name, peer);
  }
} finally {
  await peer.stop();
}
bench.close(chosen.length === dataSets.length && seeds.length >= 3 && flags.classes === "20" && parts.length === 3);

/** Eight rows of each class, and the test rows of these classes. */
async function fewRows(name: DataSet, seed: number): Promise<Split> {
  const { train, test } = await readSplit(flags.data, name, seed);
  const labels = [...new Set(train.map(({ label }) => label))].sort();
  const own = new Set(name === "banking77" ? labels.slice(0, Number(flags.classes)) : labels);
  const known = (rows: Split["train"]) => rows.filter(({ label }) => own.has(label));
  return { train: drawnRows(known(train), seed, () => rowsOfClass), test: known(test) };
}

async function race(name: DataSet, peer: Peer): Promise<void> {
  const [ours, theirs]: [Measured[], Measured[]] = [[], []];
  for (const seed of seeds)
    await inFolder(async (folder) => {
      const { train, test } = writeSplit(folder, await fewRows(name, seed));
      const found = await trained(folder, { train, test }, seed, ["--model", "pairs"]);
      ours.push(found.get("pairs")!);
      const set = await peer.ask<Measured & { steps: number }>("train", { train, test, seed });
      theirs.push({ accuracy: 100 * set.accuracy, seconds: set.seconds });
      bench.note(
        `${name}, seed ${seed}: pairs ${tell(ours.at(-1)!)}, SetFit ${tell(theirs.at(-1)!)} (${set.steps} steps), TF-IDF ` +
          tell(found.get("linear")!),
      );
    });
  const title = `${name}, ${rowsOfClass} rows a class: pairs`;
  const details = { ours, theirs };
  bench.figure({
    name: title,
    ours: meanOf(ours, "accuracy"),
    peer: meanOf(theirs, "accuracy"),
    unit: "%",
    measure: "difference",
    atLeast: -0.3,
    details,
  });
  bench.figure({
    name: `${title}, time`,
    ours: meanOf(ours, "seconds"),
    peer: meanOf(theirs, "seconds"),
    unit: "s",
    measure: "ratio",
    better: "lower",
    // At most 0.7 of its time.
    atLeast: 1 / 0.7,
  });
}

/** What `auto` trains and picks, against the best of all that can be tuned. */
async function choose(name: DataSet): Promise<void> {
  const [picked, best]: [number[], number[]] = [[], []];
  for (const seed of seeds)
    await inFolder(async (folder) => {
      const { train, test } = writeSplit(folder, await fewRows(name, seed));
      const tables = { train, test };
      const { winner, models } = await answerOf(folder, tables, seed, ["--base", flags.model]);
      const found = new Map(models.map(({ family, accuracy }) => [family, 100 * accuracy]));
      for (const tune of ["vectors", "pairs", "full"])
        if (!found.has(tune))
          found.set(tune, (await trained(folder, tables, seed, ["--model", tune])).get(tune)!.accuracy);
      picked.push(found.get(winner)!);
      best.push(Math.max(...found.values()));
      bench.note(
        `${name}, seed ${seed}: auto picks ${winner}; ${[...found].map(([family, value]) => `${family} ${value.toFixed(1)}`).join(", ")}`,
      );
    });
  bench.figure({
    name: `${name}, ${rowsOfClass} rows a class: auto beside the best`,
    ours: mean(picked),
    peer: mean(best),
    unit: "%",
    measure: "difference",
    atLeast: -0.7,
  });
}

/** No rows at all: `classify` by the names of labels, and SetFit on sentences that it makes of them. */
async function byNames(name: DataSet, peer: Peer): Promise<void> {
  await inFolder(async (folder) => {
    const split = await fewRows(name, seeds[0]);
    const { test } = writeSplit(folder, split);
    const names = wordsOf(name, new Set(split.train.map(({ label }) => label)));
    const own = await classifyByNames(folder, test, names, flags.model);
    const other = await peer.ask<Measured>("zero", { test, names });
    bench.figure({
      name: `${name}, no rows: classify beside SetFit`,
      ours: own.accuracy,
      peer: 100 * other.accuracy,
      unit: "%",
      measure: "difference",
      details: { own, other },
    });
  });
}

interface Measured {
  /** In percent. */
  accuracy: number;
  seconds: number;
}

async function answerOf(
  folder: string,
  { train, test }: { train: string; test: string },
  seed: number,
  more: string[],
) {
  const columns = ["--text", "text", "--label", "label", "--test", test, "--threads", flags.threads, "--many-labels"];
  const seeded = ["--seed", String(seed), "--split-seed", String(seed)];
  const out = ["--out", join(folder, "model"), "--overwrite", "--json"];
  return readTraining((await runCommand(["train", train, ...columns, ...seeded, ...out, ...more])).stdout);
}

async function trained(folder: string, tables: { train: string; test: string }, seed: number, more: string[]) {
  const { models } = await answerOf(folder, tables, seed, ["--base", flags.model, ...more]);
  return new Map(
    models.map(({ family, accuracy, seconds }): [string, Measured] => [family, { accuracy: 100 * accuracy, seconds }]),
  );
}

const tell = ({ accuracy, seconds }: Measured) => `${accuracy.toFixed(1)} % in ${seconds.toFixed(1)} s`;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const meanOf = (all: readonly Measured[], key: keyof Measured) => mean(all.map((one) => one[key]));

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "columnist-pairs-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
