// The textbook program against Keras 3 on TensorFlow: same rows, same settings, through `fit` alone; then the command.
//   node dist/bench/keras.js [--data <folder>] [--rounds 3] [--threads 2] [--no-command]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { oneHot, sequential } from "../src/layer-models/index.js";
import { dense, dropout, embedding, lstm } from "../src/nn/index.js";
import { defaultDataFolder, readSplit, writeSplit } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";
import { type TextbookPart, textbookData, writeTextbookData } from "./textbook-data.js";
import { readTraining } from "./train-answer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    rounds: { type: "string", default: "3" },
    threads: { type: "string", default: "2" },
    "no-command": { type: "boolean", default: false },
  },
});
const threads = Number(flags.threads);
const rounds = Number(flags.rounds);
const [vocabSize, length, embeddingDim, hiddenUnits, batchSize, epochs] = [20_000, 56, 128, 128, 32, 3];
/** Points of validation accuracy that ours may stay behind. */
const slack = 0.3;

interface KerasEpoch {
  ms: number;
  stepMs: number;
  steps: number;
  valAccuracy: number;
}
/** One training: seconds and validation accuracy (per cent) of each epoch. */
interface Run {
  seconds: number[];
  accuracy: number[];
}

const bench = openBench("keras");
const folder = mkdtempSync(join(tmpdir(), "columnist-keras-"));
try {
  const split = await readSplit(flags.data, "movie-reviews", 1);
  const data = textbookData(split, vocabSize, length);
  writeTextbookData(folder, data, { embeddingDim, hiddenUnits });
  const args = [folder, "--threads", flags.threads, "--batch", String(batchSize)];
  const peer = await startPeer("keras_textbook.py", args, { venv: ".venv-keras", threads });
  bench.addVersions(peer.hello.versions ?? {});

  const ours: Run[] = [];
  const theirs: Run[] = [];
  for (let seed = 1; seed <= rounds; seed++) {
    ours.push(await trainOurs(seed, data.train, data.validation, data.classes.length));
    await peer.ask("reset", { seed });
    const run: Run = { seconds: [], accuracy: [] };
    for (let epoch = 0; epoch < epochs; epoch++) {
      const answer = await peer.ask<KerasEpoch>("epoch");
      run.seconds.push(answer.ms / 1000);
      run.accuracy.push(100 * answer.valAccuracy);
    }
    theirs.push(run);
    bench.note(`round ${seed}: ours ${describe(ours[seed - 1])}; Keras ${describe(run)}`);
  }
  await peer.stop();
  reportTextbook(ours, theirs, Math.ceil(data.train.rows / batchSize));
  if (!flags["no-command"]) await reportCommand(writeSplit(folder, split), theirs);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(rounds >= 3 && !flags["no-command"]);

async function trainOurs(
  seed: number,
  train: TextbookPart,
  validation: TextbookPart,
  numClasses: number,
): Promise<Run> {
  const model = sequential(
    [
      embedding({ vocabSize, embeddingDim, inputLength: length }),
      lstm({ units: hiddenUnits, returnSequences: true }),
      dropout(0.5),
      lstm({ units: hiddenUnits }),
      dense({ units: numClasses, activation: "softmax" }),
    ],
    { seed },
  );
  model.compile({ loss: "categoricalCrossentropy", optimizer: "adam", metrics: ["accuracy"] });
  const rows = ({ ids, rows }: TextbookPart) => ({ data: ids, shape: [rows, length] });
  const targets = ({ labels }: TextbookPart) => oneHot(labels, numClasses);
  const { history, seconds } = await model.fit(rows(train), targets(train), {
    epochs,
    batchSize,
    threads,
    validationData: [rows(validation), targets(validation)],
  });
  await model.close();
  return { seconds, accuracy: history.valAccuracy.map((accuracy) => 100 * accuracy) };
}

function reportTextbook(ours: Run[], theirs: Run[], steps: number): void {
  // The first epoch holds Keras's tracing and our compiling.
  const later = (runs: Run[]) => median(runs.flatMap(({ seconds }) => seconds.slice(1)));
  const whole = (runs: Run[]) => median(runs.map(({ seconds }) => seconds.reduce((sum, value) => sum + value, 0)));
  const best = (runs: Run[]) => median(runs.map(({ accuracy }) => Math.max(...accuracy)));
  bench.figure({
    name: "textbook program: step, validation included",
    ours: (1000 * later(ours)) / steps,
    peer: (1000 * later(theirs)) / steps,
    unit: "ms",
    measure: "ratio",
    better: "lower",
    atLeast: 2,
    details: { ours, theirs, steps, threads },
  });
  bench.figure({
    name: "textbook program: three epochs with the start",
    ours: whole(ours),
    peer: whole(theirs),
    unit: "s",
    measure: "ratio",
    better: "lower",
  });
  bench.figure({
    name: "textbook program: best validation accuracy",
    ours: best(ours),
    peer: best(theirs),
    unit: "%",
    measure: "difference",
    atLeast: -slack,
  });
}

/** The whole command against the time that Keras's fit takes until its best epoch. */
async function reportCommand(paths: { train: string; test: string }, theirs: Run[]): Promise<void> {
  const keras = median(theirs.map(({ accuracy }) => Math.max(...accuracy)));
  const kerasSeconds = median(
    theirs.map(({ seconds, accuracy }) => {
      const until = accuracy.indexOf(Math.max(...accuracy)) + 1;
      return seconds.slice(0, until).reduce((sum, value) => sum + value, 0);
    }),
  );
  const args = ["train", paths.train, "--text", "text", "--label", "label", "--test", paths.test, "--model", "lstm"];
  const times: number[] = [];
  const accuracies: number[] = [];
  for (let seed = 1; seed <= rounds; seed++) {
    const out = join(folder, `model-${seed}`);
    const more = [
      "--seed",
      String(seed),
      "--split-seed",
      String(seed),
      "--threads",
      flags.threads,
      "--out",
      out,
      "--json",
    ];
    const { stdout, seconds } = await runCommand([...args, ...more]);
    times.push(seconds);
    accuracies.push(100 * readTraining(stdout).models.find(({ family }) => family === "lstm")!.accuracy);
  }
  bench.figure({
    name: "columnist train --model lstm: held-out accuracy",
    ours: median(accuracies),
    peer: keras,
    unit: "%",
    measure: "difference",
    atLeast: -slack,
    details: { accuracies },
  });
  bench.figure({
    name: "columnist train --model lstm: the whole command",
    ours: median(times),
    peer: kerasSeconds,
    unit: "s",
    measure: "ratio",
    better: "lower",
    atLeast: 4,
    details: { times },
  });
}

function describe({ seconds, accuracy }: Run): string {
  return seconds.map((value, i) => `${value.toFixed(1)} s ${accuracy[i].toFixed(1)} %`).join(", ");
}
