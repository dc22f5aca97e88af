// Fine-tuning a pretrained encoder: whole steps beside PyTorch's, and how good the classifiers are.
//   node dist/bench/fine-tune-encoder.js [--model <folder>] [--data <folder>] [--parts speed,quality] [--threads 1,2] [--blocks 5]
//     [--tasks trec,banking77,reviews,reviews-200] [--tune full,lora] [--seeds 1,2,3]
// --model or COLUMNIST_MODELS/all-MiniLM-L6-v2: a folder of all-MiniLM-L6-v2.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encoderTable } from "../src/networks/encoders/index.js";
import { readEncoder } from "../src/networks/hugging-face/index.js";
import { shardGraph } from "../src/networks/index.js";
import { takeRows, tunedEncoder } from "../src/networks/tuned-encoder/index.js";
import { compileStep, createExecutor, type Feeds } from "../src/runtime/index.js";
import { classHead } from "../src/tasks/classify/head.js";
import { type DataSet, defaultDataFolder, readSplit, type Split, stratifiedSplit, writeSplit } from "./data-sets.js";
import { alternate, median, openBench, timed } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";
import { readTraining } from "./train-answer.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
    parts: { type: "string", default: "speed,quality" },
    threads: { type: "string", default: "1,2" },
    blocks: { type: "string", default: "5" },
    tasks: { type: "string", default: "trec,banking77,reviews,reviews-200" },
    tune: { type: "string", default: "full,lora" },
    seeds: { type: "string", default: "1,2,3" },
  },
});
if (!existsSync(flags.model))
  throw new Error(`${flags.model} is not there: give the folder of all-MiniLM-L6-v2 with --model or COLUMNIST_MODELS.`);
const bench = openBench("fine-tune-encoder");
const parts = flags.parts.split(",");
/** Kinds of tokens that all batches together have: those of a few thousand short texts. */
const tokenKinds = 4000;
const [batch, classes] = [32, 6];
/** Test accuracy that full tuning is to reach, in percent. */
const asked: Record<string, number> = { trec: 96.5, banking77: 93, reviews: 82, "reviews-200": 72 };
/** Points that low-rank updates may lose against it. */
const mostLost: Record<string, number> = { trec: 0.7, banking77: 0.7 };

/** Points that 8 bits may lose against 32. */
const mostLostInEightBits = 0.3;

if (parts.includes("speed"))
  for (const length of [32, 128])
    for (const threads of flags.threads.split(",").map(Number)) await race(length, threads);
if (parts.includes("quality")) for (const name of flags.tasks.split(",")) await quality(name);
bench.close(
  parts.length === 2 && flags.threads === "1,2" && flags.seeds === "1,2,3" && flags.tasks.split(",").length === 4,
);

/** The same weights, ids, clipping and AdamW on both sides; dropout but for the first losses. */
async function race(length: number, threads: number): Promise<void> {
  const title = `B ${batch}, T ${length}, ${threads} thread${threads > 1 ? "s" : ""}`;
  const sizes = ["--length", String(length), "--batch", String(batch), "--classes", String(classes)];
  const args = [flags.model, ...sizes, "--kinds", String(tokenKinds), "--threads", String(threads)];
  const peer = await startPeer("fine_tune_step.py", args, { threads });
  bench.addVersions(peer.hello.versions ?? {});
  try {
    const { losses } = await peer.ask<{ losses: number[] }>("losses");
    const still = await openSide(length, threads, 0);
    let worst = 0;
    for (const expected of losses) worst = Math.max(worst, Math.abs((await still.step(0)) - expected) / expected);
    await still.close();
    bench.figure({
      name: `${title}: five losses, largest difference`,
      ours: worst,
      unit: "",
      measure: "value",
      atMost: 1e-3,
    });
    const side = await openSide(length, threads, 0.1);
    let count = 0;
    const ours = timed(() => side.step(count++));
    const theirs = (mode: string) => async (n: number) => (await peer.ask<{ ms: number[] }>("step", { n, mode })).ms;
    const sides = { ours, eager: theirs("eager"), bf16: theirs("bf16") };
    const times = await alternate<string>(sides, {
      blocks: Number(flags.blocks),
      steps: length > 64 ? 2 : 4,
      warmup: 2,
    });
    await side.close();
    for (const mode of ["eager", "bf16"])
      bench.figure({
        name: `${title}: step, PyTorch ${mode === "eager" ? "float32" : "bf16 autocast"}`,
        ours: median(times.ours),
        peer: median(times[mode]),
        unit: "ms",
        measure: "ratio",
        better: "lower",
        ...(mode === "eager" && { atLeast: 1 }),
        details: { ours: times.ours, theirs: times[mode] },
      });
  } finally {
    await peer.stop().catch(() => undefined);
  }
}

/** Ids as the peer draws them: of row r and place i in batch b, (7919 b + 104729 r + 1299709 i) mod kinds. */
async function openSide(length: number, threads: number, dropout: number) {
  const base = readEncoder(flags.model);
  const encoder = { ...base.shape, dropout, attentionDropout: dropout, vocabSize: tokenKinds };
  const vector = { pooling: ["mean" as const], modules: [] };
  const network = tunedEncoder({ encoder, vector, width: classes, maxLength: length, dropout }, "step");
  const weights = takeRows(
    base.weights,
    encoderTable,
    Int32Array.from({ length: tokenKinds }, (_, i) => i),
  );
  const { width } = encoder;
  const kernel = Float32Array.from(
    { length: width * classes },
    (_, i) => Math.sin(3 * Math.floor(i / classes) + 5 * (i % classes)) / 10,
  );
  const all = [
    ...[...weights].map(([name, { shape, data }]) => ({ name, shape, data })),
    { name: "output/kernel", shape: [width, classes], data: kernel },
    { name: "output/bias", shape: [classes], data: new Float32Array(classes) },
  ];
  const optimizer = { name: "adamw", learningRate: 1e-4, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 } as const;
  const executor = await createExecutor({ parameters: all, optimizer, shards: 2, threads, seed: 1 });
  const head = classHead(classes, { width: 1, values: Int32Array.from({ length: classes }, (_, i) => i) });
  const rows = batch / 2;
  const feeds = (number: number): Feeds[] =>
    [0, 1].map((shard) => ({
      ids: Int32Array.from({ length: rows * length }, (_, at) => {
        const [row, place] = [shard * rows + Math.floor(at / length), at % length];
        return (7919 * number + 104729 * row + 1299709 * place) % tokenKinds;
      }),
      mask: new Float32Array(rows * length).fill(1),
      weights: new Float32Array(rows).fill(1 / batch),
      targets: Int32Array.from({ length: rows }, (_, i) => (number + shard * rows + i) % classes),
    }));
  const batches = Array.from({ length: 8 }, (_, number) => feeds(number));
  return {
    step: async (number: number) =>
      (
        await executor.step(
          "step",
          () => compileStep(shardGraph(network, head, rows, length, true)),
          batches[number % 8],
        )
      ).loss,
    close: () => executor.close(),
  };
}

async function splitOf(name: string, seed: number): Promise<Split> {
  if (name === "reviews" || name === "reviews-200") {
    const whole = await readSplit(flags.data, "movie-reviews", seed);
    return name === "reviews"
      ? whole
      : { ...whole, train: stratifiedSplit(whole.train, 200 / whole.train.length, seed).test };
  }
  return readSplit(flags.data, name as DataSet, seed);
}

/** Whole commands, on the test rows. */
async function quality(name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "columnist-fine-tune-encoder-"));
  const found: Record<string, number[]> = {};
  try {
    for (const seed of flags.seeds.split(",").map(Number)) {
      const { train, test } = writeSplit(folder, await splitOf(name, seed));
      for (const tune of flags.tune.split(",")) {
        const columns = [
          "--text",
          "text",
          "--label",
          "label",
          "--test",
          test,
          "--seed",
          String(seed),
          "--split-seed",
          String(seed),
        ];
        const out = ["--out", join(folder, "model"), "--overwrite", "--json"];
        const { stdout } = await runCommand([
          "train",
          train,
          ...columns,
          "--base",
          flags.model,
          "--model",
          tune,
          ...out,
        ]);
        if (tune === "full") found.eight = [...(found.eight ?? []), await inEightBits(folder, test)];
        for (const { family, accuracy, seconds } of readTraining(stdout).models) {
          if (family !== "linear" || tune === flags.tune.split(",")[0])
            found[family] = [...(found[family] ?? []), 100 * accuracy];
          bench.note(`${name}, seed ${seed}: ${family} ${(100 * accuracy).toFixed(1)} % in ${seconds.toFixed(0)} s`);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  if (found.full)
    bench.figure({ name: `${name}: full`, ours: mean(found.full), unit: "%", measure: "value", atLeast: asked[name] });
  if (found.full && found.eight)
    bench.figure({
      name: `${name}: full in 8 bits beside full`,
      ours: mean(found.eight),
      peer: mean(found.full),
      unit: "%",
      measure: "difference",
      atLeast: -mostLostInEightBits,
    });
  if (found.full && found.lora)
    bench.figure({
      name: `${name}: lora beside full`,
      ours: mean(found.lora),
      peer: mean(found.full),
      unit: "%",
      measure: "difference",
      ...(mostLost[name] !== undefined && { atLeast: -mostLost[name] }),
    });
}

/** Test accuracy of the model in the folder once its weights are in 8 bits, in percent. */
async function inEightBits(folder: string, test: string): Promise<number> {
  const eight = join(folder, "eight");
  await runCommand(["quantize", join(folder, "model"), "--out", eight, "--overwrite"]);
  const { stdout } = await runCommand(["evaluate", eight, test, "--json"]);
  return 100 * (JSON.parse(stdout) as { accuracy: number }).accuracy;
}
