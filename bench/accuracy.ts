// Held-out accuracy of every family, and of the winner that `train` picks, beside scikit-learn's on the same rows.
//   node dist/bench/accuracy.js [--data <folder>] [--seeds 1,2,3] [--only trec,...] [--threads n]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fitLinear } from "../src/linear/index.js";
import { type DataSet, dataSets, defaultDataFolder, type LabelledRow, readSplit, writeSplit } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";
import { readTraining } from "./train-answer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    seeds: { type: "string", default: "1,2,3" },
    only: { type: "string", default: dataSets.join(",") },
    threads: { type: "string" },
  },
});
const seeds = flags.seeds.split(",").map(Number);
const chosen = dataSets.filter((name) => flags.only.split(",").includes(name));

/** Accuracy in per cent that a family must reach by itself. */
const floors: Partial<Record<DataSet, Record<string, number>>> = {
  trec: { cnn: 89.5, lstm: 86 },
  "movie-reviews": { cnn: 76.5 },
};
/** How far the linear family may stay behind the better SVC, in points. */
const linearSlack = 0.3;
const families = ["linear", "cnn", "lstm", "transformer"] as const;

const bench = openBench("accuracy");
const peer = await startPeer("sklearn_text.py", ["--threads", "1"], { threads: 1 });
bench.addVersions(peer.hello.versions ?? {});
for (const name of chosen) await compare(name);
if (chosen.includes("movie-reviews")) await compareTraining();
await peer.stop();
bench.close(chosen.length === dataSets.length && seeds.length >= 3);

async function compare(name: DataSet): Promise<void> {
  const accuracies: Record<string, number[]> = {};
  const seconds: Record<string, number[]> = {};
  const winners: string[] = [];
  const keep = (model: string, accuracy: number, time: number) => {
    accuracies[model] = [...(accuracies[model] ?? []), 100 * accuracy];
    seconds[model] = [...(seconds[model] ?? []), time];
  };
  for (const seed of seeds) {
    const folder = mkdtempSync(join(tmpdir(), "columnist-accuracy-"));
    try {
      const { train, test } = writeSplit(folder, await readSplit(flags.data, name, seed));
      for (const kind of ["word", "char", "char-across"]) {
        const answer = await peer.ask<{ accuracy: number; fitMs: number }>("fit", { kind, train, test });
        keep(`${kind} SVC`, answer.accuracy, answer.fitMs / 1000);
      }
      const args = ["train", train, "--text", "text", "--label", "label", "--test", test, "--model", "all"];
      if (flags.threads) args.push("--threads", flags.threads);
      const { stdout } = await runCommand([
        ...args,
        "--seed",
        String(seed),
        "--split-seed",
        String(seed),
        "--out",
        join(folder, "model"),
        "--json",
      ]);
      const answer = readTraining(stdout);
      for (const { family, accuracy, seconds: time } of answer.models) keep(family, accuracy, time);
      winners.push(answer.winner);
      keep("winner", answer.models.find(({ family }) => family === answer.winner)!.accuracy, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const better = Math.max(mean(accuracies["word SVC"]), mean(accuracies["char SVC"]));
  const row = (model: string, atLeast?: number) =>
    bench.figure({
      name: `${name}: ${model}`,
      ours: mean(accuracies[model]),
      peer: better,
      unit: "%",
      measure: "difference",
      ...(atLeast === undefined ? {} : { atLeast }),
      details: { accuracies: accuracies[model], seconds: seconds[model] },
    });
  for (const kind of ["word SVC", "char SVC", "char-across SVC"])
    bench.note(`${name}: ${kind} ${describe(accuracies[kind])}, fitted in ${mean(seconds[kind]).toFixed(2)} s`);
  for (const family of families) {
    if (!accuracies[family]) continue;
    row(family, family === "linear" ? -linearSlack : undefined);
    const floor = floors[name]?.[family];
    if (floor !== undefined)
      bench.figure({
        name: `${name}: ${family} by itself`,
        ours: mean(accuracies[family]),
        unit: "%",
        measure: "value",
        atLeast: floor,
      });
    bench.note(`${name}: ${family} ${describe(accuracies[family])}, ${mean(seconds[family]).toFixed(1)} s`);
  }
  row("winner", 0);
  bench.note(`${name}: winners ${winners.join(", ")}`);
}

/** How long the linear family trains, beside scikit-learn fitting words and fitting characters: ours learns from both. */
async function compareTraining(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "columnist-linear-"));
  try {
    const split = await readSplit(flags.data, "movie-reviews", 1);
    const { train, test } = writeSplit(folder, split);
    const rows = labelled(split.train);
    const [ours, theirs]: number[][] = [[], []];
    for (let round = 0; round < 4; round++) {
      const start = performance.now();
      await fitLinear(rows);
      const seconds = (performance.now() - start) / 1000;
      let peerMs = 0;
      for (const kind of ["word", "char"])
        peerMs += (await peer.ask<{ fitMs: number }>("fit", { kind, train, test })).fitMs;
      // The first round warms both up.
      if (round === 0) continue;
      ours.push(seconds);
      theirs.push(peerMs / 1000);
    }
    bench.figure({
      name: "movie-reviews: linear trains, seconds",
      ours: median(ours),
      peer: median(theirs),
      unit: "s",
      measure: "ratio",
      better: "lower",
      atLeast: 0.5,
      details: { ours, theirs },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function labelled(rows: readonly LabelledRow[]) {
  const names = [...new Set(rows.map(({ label }) => label))].sort();
  const labels = Int32Array.from(rows, ({ label }) => names.indexOf(label));
  return { texts: rows.map(({ text }) => text), labels, classes: names.length };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean and spread over the seeds. */
function describe(values: readonly number[]): string {
  return `${mean(values).toFixed(1)} % (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;
}
