// Networks of about 10 million parameters against an n-gram model of the same tokens: bits per byte of five novels that
// were held out, after so much time of training, alone and mixed; and the memory of training beside PyTorch's.
//   node dist/bench/against-ngrams.js [--data bench/data] [--budget 30m] [--models transformer,lstm] [--folder <folder>]
// --folder keeps the models, and takes those that are there already instead of training them. --data holds
// text/novels.jsonl.gz (title, text).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { PerplexityResult } from "../src/workflows/perplexity/run.js";
import type { PretrainResult } from "../src/workflows/pretrain/run.js";
import { defaultDataFolder } from "./data-sets.js";
import { openBench } from "./harness.js";
import { readNovels } from "./novels.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    budget: { type: "string", default: "30m" },
    models: { type: "string", default: "transformer,lstm" },
    folder: { type: "string" },
  },
});
const names = flags.models.split(",");
/**
 * What is spent on what: the shapes were chosen for about 10 million parameters and half an hour of two cores. The LSTM in one
 * minute: 4,096 tokens a step 6.28 nats, 2,048 6.07, 1,024 6.00.
 */
const shapes: Record<string, string[]> = {
  transformer: ["--layers", "6", "--hidden", "256", "--heads", "4", "--context", "256", "--batch-tokens", "4096"],
  lstm: ["--model", "lstm", "--layers", "2", "--hidden", "352", "--context", "96", "--batch-tokens", "2048"],
};

const bench = openBench("against-ngrams");
const folder = flags.folder ?? mkdtempSync(join(tmpdir(), "columnist-against-ngrams-"));
mkdirSync(folder, { recursive: true });
try {
  const { training, heldOut } = readNovels(join(flags.data, "text/novels.jsonl.gz"));
  // The mixture's weight is fitted on two novels that no model has read.
  const corpus = write("training", training.texts.slice(0, -2));
  const validation = write("validation", training.texts.slice(-2));
  const test = write("held-out", heldOut.texts);
  bench.note(`held out: ${heldOut.titles.join("; ")}`);

  const ngram = await pretrained("ngram", corpus, validation, ["--model", "ngram", "--vocab-size", "16000"]);
  const tokenizer = ["--tokenizer", join(ngram.folder, "tokenizer.json")];
  const alone = await measured(ngram.folder, test, []);
  bench.figure({
    name: "n-gram, order 5: bits per byte",
    ours: alone.bitsPerByte,
    unit: "bits",
    measure: "value",
    details: { validation: ngram.validation.bitsPerByte },
  });
  let best = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const budget = ["--budget", flags.budget];
    const network = await pretrained(name, corpus, validation, [...shapes[name], ...tokenizer, ...budget]);
    const both = await measured(network.folder, test, ["--mix", ngram.folder, "--fit", validation]);
    const [own] = both.models;
    best = Math.min(best, own.bitsPerByte);
    bench.note(learningCurve(name, network, ngram));
    bench.figure({
      name: `${name}: bits per byte`,
      ours: own.bitsPerByte,
      peer: alone.bitsPerByte,
      unit: "bits",
      measure: "difference",
      details: { parameters: network.parameters, tokens: network.tokens, seconds: network.seconds },
    });
    bench.figure({
      name: `${name} mixed with the n-gram: bits per byte below the n-gram's`,
      ours: alone.bitsPerByte - both.bitsPerByte,
      unit: "bits",
      measure: "value",
      atLeast: 0.1,
      details: { mixture: both.mixture, bitsPerByte: both.bitsPerByte },
    });
  }
  bench.figure({
    name: "better network: bits per byte below the n-gram's",
    ours: alone.bitsPerByte - best,
    unit: "bits",
    measure: "value",
    atLeast: 0,
  });
  await memory(corpus, validation, tokenizer);
} finally {
  if (flags.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
bench.close(flags.budget === "30m" && names.length === 2);

function write(name: string, texts: readonly string[]): string {
  const path = join(folder, `${name}.jsonl`);
  writeFileSync(path, texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
  return path;
}

async function pretrained(name: string, corpus: string, validation: string, args: string[]): Promise<PretrainResult> {
  const out = join(folder, name);
  if (!existsSync(join(out, "metrics.json")))
    await runCommand([
      "pretrain",
      corpus,
      "--text",
      "text",
      "--validation",
      validation,
      ...args,
      "--out",
      out,
      "--json",
    ]);
  return { ...JSON.parse(readFileSync(join(out, "metrics.json"), "utf8")), folder: out } as PretrainResult;
}

async function measured(lm: string, test: string, args: string[]): Promise<PerplexityResult> {
  const { stdout } = await runCommand(["perplexity", lm, test, "--text", "text", ...args, "--json"]);
  return JSON.parse(stdout) as PerplexityResult;
}

/** Of the validation text, and when the network's line crosses the n-gram's. */
function learningCurve(name: string, { history, validation }: PretrainResult, ngram: PretrainResult): string {
  const bits = validation.bitsPerByte! / validation.loss!;
  const points = history.flatMap(({ seconds, validationLoss }) =>
    validationLoss === undefined ? [] : [{ minutes: seconds / 60, bits: validationLoss * bits }],
  );
  const level = ngram.validation.bitsPerByte!;
  const crossing = points.find((point) => point.bits < level);
  const line = points.map((point) => `${point.minutes.toFixed(0)} min ${point.bits.toFixed(3)}`).join(", ");
  const when = crossing ? `below it after ${crossing.minutes.toFixed(0)} min` : "not below it";
  return `${name}, validation bits per byte: ${line}; the n-gram's ${level.toFixed(3)}: ${when}`;
}

/** A few steps of the same size in both. */
async function memory(corpus: string, validation: string, tokenizer: string[]): Promise<void> {
  const out = join(folder, "memory");
  const args = ["--validation", validation, ...shapes.transformer, ...tokenizer, "--steps", "12", "--out", out];
  const { peakMb } = await runCommand(["pretrain", corpus, "--text", "text", ...args, "--json"]);
  rmSync(out, { recursive: true, force: true });
  const settings = { layers: 6, heads: 4, width: 256, block: 256, batch: 16, vocab: 16_000 };
  const path = join(flags.data, "text/tinyshakespeare.txt");
  const peer = await startPeer(
    "language_model.py",
    ["gpt", "--text", path, "--threads", "2", "--settings", JSON.stringify(settings)],
    { threads: 2 },
  );
  bench.addVersions(peer.hello.versions ?? {});
  await peer.ask("step", { n: 12 });
  const theirs = await peer.ask<{ peakMb: number }>("memory");
  await peer.stop();
  bench.figure({
    name: "peak memory of pretraining, everything included, PyTorch's steps alone",
    ours: peakMb,
    peer: theirs.peakMb,
    unit: "MB",
    measure: "ratio",
    better: "lower",
    atLeast: 1,
    details: { parameters: peer.hello.parameters },
  });
}
