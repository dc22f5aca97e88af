// Language models on Shakespeare by characters against PyTorch: nanoGPT's CPU recipe (speed and loss), the default recipe of
// `pretrain` (time to the recipe's loss, and what it reaches in the recipe's time), and the LSTM.
//   node dist/bench/language-model.js [--data bench/data] [--seeds 3] [--steps 2000] [--no-compile]
// --data holds text/tinyshakespeare.txt.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  createTrainer,
  type LanguageNetworkShape,
  type LstmShape,
  parameterCount,
  type Trainer,
  type TrainerOptions,
  type TransformerShape,
} from "../src/networks/language/index.js";
import type { OptimizerOptions, Schedule } from "../src/optim/index.js";
import { type TokenSource, tokenSource } from "../src/tokens/index.js";
import { defaultDataFolder } from "./data-sets.js";
import { alternate, median, openBench, timed } from "./harness.js";
import { type Peer, startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    seeds: { type: "string", default: "3" },
    steps: { type: "string", default: "2000" },
    "no-compile": { type: "boolean", default: false },
  },
});
const steps = Number(flags.steps);
const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => i + 1);
/** The loss that the recipe is known for. */
const knownLoss = 1.88;
const threads = 2;
const path = join(flags.data, "text/tinyshakespeare.txt");

const gpt: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 65,
  contextLength: 64,
  layers: 4,
  width: 128,
  heads: 4,
  keyValueHeads: 4,
  feedForwardSize: 512,
  feedForward: "gelu",
  norm: "layer",
  positions: "learned",
  queryKeyNorm: false,
  useBias: false,
  dropout: 0,
};
const modern: TransformerShape = {
  ...gpt,
  feedForward: "squaredRelu",
  norm: "rms",
  positions: "rotary",
  queryKeyNorm: true,
};
/** As many parameters as the GPT. */
const lstm: LstmShape = {
  family: "lstm",
  objective: "next-token",
  vocabSize: 65,
  contextLength: 64,
  layers: 2,
  width: 128,
  hidden: 316,
  dropout: 0,
  weightDropout: 0,
};
const adamw: OptimizerOptions = {
  name: "adamw",
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clipNorm: 1,
};
const muon: OptimizerOptions = { ...adamw, name: "muon", learningRate: 3e-3, matrixLearningRate: 0.02, momentum: 0.95 };
const recipeSchedule: Schedule = { kind: "cosine", totalSteps: steps, warmupSteps: 100, finalShare: 0.1 };
const ownSchedule = (total: number): Schedule => ({ kind: "linear", totalSteps: total, warmupSteps: 40 });

const tokens = readTokens();
const bench = openBench("language-model");
await raceSteps("gpt", gpt, adamw, 1.15);
const recipe = await recipeLosses();
await timeToQuality(recipe);
await raceSteps("lstm", lstm, { ...adamw, learningRate: 3e-3 }, 1);
await lstmLoss();
bench.close(seeds.length === 3 && steps === 2000);

function readTokens(): { training: TokenSource; validation: TokenSource } {
  const text = readFileSync(path, "utf8");
  const ids = new Map([...new Set(text)].sort().map((character, id) => [character, id]));
  const all = Int32Array.from(text, (character) => ids.get(character)!);
  const cut = Math.floor(0.9 * all.length);
  return { training: tokenSource(all.slice(0, cut)), validation: tokenSource(all.slice(cut)) };
}

function open(
  shape: LanguageNetworkShape,
  optimizer: OptimizerOptions,
  schedule: Schedule,
  seed: number,
): Promise<Trainer> {
  const options: TrainerOptions = {
    sequences: 12,
    optimizer,
    schedule,
    labelSmoothing: 0,
    seed,
    threads,
  };
  return createTrainer(shape, tokens, options);
}

/** Whole steps beside PyTorch's, in alternating blocks. */
async function raceSteps(
  family: "gpt" | "lstm",
  shape: LanguageNetworkShape,
  optimizer: OptimizerOptions,
  atLeast: number,
) {
  const modes = flags["no-compile"] ? ["eager"] : ["eager", "compile"];
  const settings = family === "lstm" ? ["--settings", JSON.stringify({ hidden: lstm.hidden, rate: 3e-3 })] : [];
  const peers: Record<string, Peer> = {};
  for (const mode of modes)
    peers[mode] = await startPeer(
      "language_model.py",
      [family, "--text", path, "--threads", String(threads), "--mode", mode, ...settings],
      { threads },
    );
  bench.addVersions(peers.eager.hello.versions ?? {});
  const trainer = await open(shape, optimizer, recipeSchedule, 1);
  const sides: Record<string, (n: number) => Promise<number[]> | number[]> = { ours: timed(() => trainer.step()) };
  for (const mode of modes) sides[mode] = async (n) => (await peers[mode].ask<{ ms: number[] }>("step", { n })).ms;
  const times = await alternate(sides, { blocks: 8, steps: 12, warmup: 4 });
  const rate = (side: string) => (1000 * trainer.tokens) / median(times[side]);
  for (const mode of modes)
    bench.figure({
      name: `${family}: tokens a second, ${mode === "eager" ? "PyTorch eager" : "torch.compile"}`,
      ours: rate("ours"),
      peer: rate(mode),
      unit: "/s",
      measure: "ratio",
      better: "higher",
      ...(mode === "eager" ? { atLeast } : {}),
      details: { parameters: parameterCount(shape), peerParameters: peers[mode].hello.parameters },
    });
  await trainer.close();
  for (const peer of Object.values(peers)) await peer.stop();
}

interface Curve {
  /** Seconds of training until each look, and the loss then. */
  points: { step: number; seconds: number; loss: number }[];
}

async function train(trainer: Trainer, total: number, every: number, mostSeconds = Number.POSITIVE_INFINITY) {
  const curve: Curve = { points: [] };
  let seconds = 0;
  while (trainer.done < total && seconds < mostSeconds) {
    const started = performance.now();
    await trainer.step();
    seconds += (performance.now() - started) / 1000;
    if (trainer.done % every === 0 || trainer.done === total || seconds >= mostSeconds)
      curve.points.push({ step: trainer.done, seconds, loss: await trainer.evaluate() });
  }
  await trainer.close();
  return curve;
}

/** PyTorch's seconds: of the whole recipe, and until the known loss (the whole where it does not come to it). */
interface RecipeTimes {
  seconds: number;
  untilLoss: number;
}

/** The recipe's loss on our side, by seed; once in PyTorch, for its time and loss. */
async function recipeLosses(): Promise<RecipeTimes> {
  const losses: number[] = [];
  for (const seed of seeds) {
    const { points } = await train(await open(gpt, adamw, recipeSchedule, seed), steps, steps);
    losses.push(points.at(-1)!.loss);
  }
  const peer = await startPeer("language_model.py", ["gpt", "--text", path, "--threads", String(threads)], { threads });
  const { curve } = await peer.ask<{ curve: [number, number, number][] }>("train", { steps, every: 100, seed: 1 });
  await peer.stop();
  const [, seconds, loss] = curve.at(-1)!;
  const mean = losses.reduce((sum, value) => sum + value, 0) / losses.length;
  bench.figure({
    name: `gpt: validation loss after ${steps} steps, mean of ${losses.length}`,
    ours: mean,
    peer: loss,
    unit: "nats",
    measure: "value",
    atMost: knownLoss,
    details: { losses, peerCurve: curve },
  });
  return { seconds, untilLoss: curve.find(([, , value]) => value <= knownLoss)?.[1] ?? seconds };
}

/** The default recipe: how soon it reaches the known loss, and what it reaches in the recipe's whole time. */
async function timeToQuality({ seconds: recipeSeconds, untilLoss }: RecipeTimes): Promise<void> {
  const short = await train(await open(modern, muon, ownSchedule(400), 1), 400, 20);
  const reached = short.points.find(({ loss }) => loss <= knownLoss);
  bench.figure({
    name: `default recipe: seconds to loss ${knownLoss}, share of PyTorch's`,
    ours: (reached?.seconds ?? Number.POSITIVE_INFINITY) / untilLoss,
    unit: "",
    measure: "value",
    atMost: 0.6,
    details: { curve: short.points, peerSeconds: untilLoss },
  });
  const perStep = short.points.at(-1)!.seconds / 400;
  const total = Math.floor(recipeSeconds / perStep);
  const long = await train(await open(modern, muon, ownSchedule(total), 1), total, Math.ceil(total / 20));
  bench.figure({
    name: "default recipe: loss after the recipe's time, below 1.88 by",
    ours: knownLoss - long.points.at(-1)!.loss,
    unit: "nats",
    measure: "value",
    atLeast: 0.1,
    details: { curve: long.points, recipeSeconds },
  });
}

async function lstmLoss(): Promise<void> {
  const schedule: Schedule = { ...recipeSchedule };
  const { points } = await train(await open(lstm, { ...adamw, learningRate: 3e-3 }, schedule, 1), steps, steps);
  bench.figure({
    name: `lstm: validation loss after ${steps} steps of the same tokens`,
    ours: points.at(-1)!.loss,
    unit: "nats",
    measure: "value",
    details: { parameters: parameterCount(lstm), gptParameters: parameterCount(gpt) },
  });
}
