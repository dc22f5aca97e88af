// Several labels a row: goemotions (28 labels), micro and macro F1 on its test rows of the winner and of the linear model, beside
// scikit-learn's one-vs-rest models, which fit a threshold a label on the same validation rows; and seconds of one processor in which
// linear models are trained.
//   node dist/bench/multilabel.js [--data <folder>] [--seed 0] [--linear] [--threads n]
// --linear leaves the networks out, which take most of the time.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fitMultilabel } from "../src/linear/index.js";
import { openTable } from "../src/tables/index.js";
import { readLabelled, splitRows, tasks } from "../src/tasks/index.js";
import { type SetSpace, speltSets } from "../src/tasks/multilabel/space.js";
import { defaultDataFolder } from "./data-sets.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    seed: { type: "string", default: "0" },
    linear: { type: "boolean", default: false },
    threads: { type: "string" },
  },
});

interface PeerAnswer {
  /** With the thresholds of the labels alone, and with thresholds as ours are. */
  alone: Record<"microF1" | "macroF1", number>;
  drawn: Record<"microF1" | "macroF1", number>;
  fitCpuMs: number;
}

interface Trained {
  winner: string;
  models: { family: string; microF1: number; macroF1: number; validationMicroF1: number; seconds: number }[];
}

const seed = Number(flags.seed);
const columns = { text: ["text"], label: "labels" };
const bench = openBench("multilabel");
const folder = mkdtempSync(join(tmpdir(), "columnist-multilabel-"));
const peer = await startPeer("sklearn_multilabel.py", ["--threads", "1"], { threads: 1 });
bench.addVersions(peer.hello.versions ?? {});
try {
  const task = await tasks.multilabel.load();
  const read = async (part: string) => {
    const path = join(flags.data, "goemotions", `${part}.csv`);
    const table = await openTable({ path });
    const rows = await readLabelled(task, table, path, columns);
    table.close();
    return rows;
  };
  const split = splitRows(task, await read("train"), await read("test"), seed, { manyLabels: false });
  const space = split.space as SetSpace;
  const write = (name: string, texts: readonly string[], labels: Parameters<typeof speltSets>[0]) => {
    const path = join(folder, `${name}.jsonl`);
    const sets = speltSets(labels, space);
    writeFileSync(path, texts.map((text, row) => `${JSON.stringify({ text, labels: sets[row] })}\n`).join(""));
    return path;
  };
  const files = {
    train: write("train", split.training.texts, split.labels.training),
    validation: write("validation", split.validation.texts, split.labels.validation),
    test: write("test", split.heldOut.texts, split.heldOut.labels),
  };

  const theirs = new Map<string, PeerAnswer>();
  for (const model of ["svc", "logistic"])
    for (const kind of ["word", "char", "word-char"]) {
      const answer = await peer.ask<PeerAnswer>("fit", { model, kind, ...files });
      theirs.set(`${model} ${kind}`, answer);
      bench.note(
        `${model} on ${kind}: micro F1 ${percent(answer.drawn.microF1)}, macro F1 ${percent(answer.drawn.macroF1)} ` +
          `(${percent(answer.alone.microF1)} and ${percent(answer.alone.macroF1)} with each label's own threshold), ` +
          `fitted in ${(answer.fitCpuMs / 1000).toFixed(1)} s of one processor`,
      );
    }

  const begun = process.cpuUsage();
  const { width, values } = split.training.targets;
  const labelsOf = split.training.texts.map((_, row) =>
    space.labels.flatMap((_, label) => (values[row * width + label] === 1 ? [label] : [])),
  );
  await fitMultilabel({ texts: split.training.texts, labelsOf, labels: width }, { seed });
  const used = process.cpuUsage(begun);
  bench.figure({
    name: "linear trains, seconds of one processor",
    ours: (used.user + used.system) / 1e6,
    peer: theirs.get("svc word-char")!.fitCpuMs / 1000,
    unit: "s",
    measure: "ratio",
    better: "lower",
    atLeast: 1,
    details: { peer: "svc on word-char" },
  });

  const source = (part: string) => join(flags.data, "goemotions", `${part}.csv`);
  const args = ["train", source("train"), "--text", "text", "--label", "labels", "--task", "multilabel"];
  args.push(
    "--test",
    source("test"),
    "--seed",
    flags.seed,
    "--split-seed",
    flags.seed,
    "--out",
    join(folder, "model"),
    "--json",
  );
  if (flags.linear) args.push("--model", "linear");
  if (flags.threads) args.push("--threads", flags.threads);
  const trained = JSON.parse((await runCommand(args)).stdout) as Trained;
  for (const { family, microF1, macroF1, validationMicroF1, seconds } of trained.models)
    bench.note(
      `${family}: micro F1 ${percent(microF1)}, macro F1 ${percent(macroF1)}, on the validation rows ` +
        `${percent(validationMicroF1)}, trained in ${seconds.toFixed(0)} s`,
    );
  for (const [name, family] of [
    ["linear", "linear"],
    ["winner", trained.winner],
  ]) {
    const own = trained.models.find((model) => model.family === family)!;
    for (const figure of ["microF1", "macroF1"] as const)
      bench.figure({
        name: `${name === "winner" ? `winner (${family})` : name}: ${figure === "microF1" ? "micro" : "macro"} F1`,
        ours: 100 * own[figure],
        peer: 100 * Math.max(...[...theirs.values()].flatMap(({ alone, drawn }) => [alone[figure], drawn[figure]])),
        unit: "%",
        measure: "difference",
        atLeast: 0,
      });
  }
} finally {
  await peer.stop();
  rmSync(folder, { recursive: true, force: true });
}
bench.close(!flags.linear);

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
