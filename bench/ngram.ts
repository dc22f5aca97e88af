// The n-gram model on 100 novels (5 held out, byte-level BPE of 16,000 entries) beside KenLM on the same tokens, and on
// Shakespeare by characters.
//   node dist/bench/ngram.js [--data bench/data] [--tokenizer <tokenizer.json>] [--kenlm bench/peers/kenlm/bin]
// --tokenizer takes a ready one instead of training it. --data holds text/novels.jsonl.gz (title, text) and text/tinyshakespeare.txt. Without KenLM's programs
// (bench/peers/build_kenlm.sh) our side is measured alone.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeSafetensors } from "../src/formats/safetensors-file.js";
import { textLoss } from "../src/metrics/index.js";
import { logProbabilities, type NgramModel, ngramCounts, ngramToTensors } from "../src/ngram/index.js";
import { trainNgram } from "../src/tasks/language/index.js";
import { loadTokenizer, trainByteLevelBpe } from "../src/text/tokenizers/index.js";
import { defaultDataFolder } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { readNovels, type Texts } from "./novels.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    tokenizer: { type: "string" },
    kenlm: { type: "string", default: "bench/peers/kenlm/bin" },
    rounds: { type: "string", default: "3" },
    /** This program's own: train on these ids in a process of its own and print the figures. */
    child: { type: "string" },
  },
});
const order = 5;

if (flags.child) await trainAlone(flags.child);
else await main();

interface Ids {
  training: Int32Array[];
  heldOut: Int32Array[];
  vocabSize: number;
  endId: number;
}

interface Trained {
  seconds: number;
  peakMb: number;
  scoringRate: number;
  fileMb: number;
  counts: number[];
  /** Of the held-out texts and their ends. */
  logProbability: number;
  /** Of the held-out texts alone. */
  withoutEnds: number;
}

async function main(): Promise<void> {
  const bench = openBench("ngram");
  const folder = mkdtempSync(join(tmpdir(), "columnist-ngram-"));
  let isWhole = false;
  try {
    const texts = readNovels(join(flags.data, "text/novels.jsonl.gz"));
    const ids = await encode(texts);
    isWhole = texts.training.texts.length === 95;
    const count = (parts: readonly Int32Array[]) => parts.reduce((sum, { length }) => sum + length, 0);
    const [training, tokens] = [count(ids.training), count(ids.heldOut)];
    bench.note(`${training} training and ${tokens} held-out tokens, vocabulary ${ids.vocabSize}, order ${order}`);
    const file = join(folder, "ids.bin");
    writeIds(file, ids);
    const kenlm = existsSync(join(flags.kenlm, "lmplz")) ? kenlmIn(folder, ids) : undefined;
    const ours: Trained[] = [];
    const theirs: Awaited<ReturnType<NonNullable<typeof kenlm>>>[] = [];
    for (let round = 0; round < Number(flags.rounds); round++) {
      ours.push(await trained(file));
      if (kenlm) theirs.push(await kenlm());
    }
    const [first] = ours;
    const middle = <T>(of: T[], figure: (one: T) => number) => (of.length > 0 ? median(of.map(figure)) : undefined);
    const name = (figure: string) => `novels, order ${order}: ${figure}`;
    const seconds = middle(ours, (one) => one.seconds)!;
    bench.figure({ name: name("training time"), ours: seconds, unit: "s", measure: "value", atMost: 120 });
    const peak = middle(ours, (one) => one.peakMb)!;
    bench.figure({ name: name("peak memory"), ours: peak, unit: "MB", measure: "value", atMost: 2048 });
    const scoring = middle(ours, (one) => one.scoringRate)!;
    bench.figure({ name: name("scoring"), ours: scoring, unit: "tokens/s", measure: "value", atLeast: 500_000 });
    bench.figure({ name: name("weights file"), ours: first.fileMb, unit: "MB", measure: "value" });
    const { bitsPerByte, perplexity } = textLoss({ ...texts.heldOut, tokens, logProbability: first.withoutEnds });
    bench.figure({
      name: name("held-out bits per byte"),
      ours: bitsPerByte,
      unit: "bits",
      measure: "value",
      details: { perplexity, ngrams: first.counts, heldOut: texts.heldOut.titles },
    });
    if (kenlm) {
      const ratio = { measure: "ratio", better: "lower" } as const;
      const [peer, peerPeak] = [middle(theirs, (one) => one.seconds), middle(theirs, (one) => one.peakMb)];
      bench.figure({ name: name("training time, KenLM's lmplz"), ours: seconds, peer, unit: "s", ...ratio });
      bench.figure({ name: name("peak memory, lmplz -S 2G"), ours: peak, peer: peerPeak, unit: "MB", ...ratio });
      bench.figure({
        name: name("perplexity with ends, difference from KenLM, relative"),
        ours: Math.exp(-first.logProbability / (tokens + ids.heldOut.length)) / theirs[0].perplexity - 1,
        unit: "",
        measure: "value",
        atLeast: -1e-3,
        atMost: 1e-3,
        details: { kenlm: theirs[0].perplexity },
      });
    }
    await shakespeare(bench);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  bench.close(isWhole && existsSync(join(flags.kenlm, "lmplz")));
}

async function encode({ training, heldOut }: Texts): Promise<Ids> {
  const tokenizer = flags.tokenizer
    ? loadTokenizer(readFileSync(flags.tokenizer, "utf8"))
    : await trainByteLevelBpe(
        training.texts.map((text) => [text]),
        { vocabSize: 16_000 },
      );
  const endId = tokenizer.roles.endOfText;
  if (endId === undefined) throw new Error("The tokenizer has no token for the end of a text.");
  return {
    training: training.texts.map((text) => tokenizer.encode(text)),
    heldOut: heldOut.texts.map((text) => tokenizer.encode(text)),
    vocabSize: tokenizer.vocabSize,
    endId,
  };
}

/** Sizes, then all ids, 32 bits each. */
function writeIds(path: string, { training, heldOut, vocabSize, endId }: Ids): void {
  const file = openSync(path, "w");
  const all = [...training, ...heldOut];
  const sizes = Int32Array.of(vocabSize, endId, training.length, heldOut.length, ...all.map((one) => one.length));
  for (const part of [sizes, ...all]) writeSync(file, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
}

function readIds(path: string): Ids {
  const { buffer, byteOffset, length } = readFileSync(path);
  const numbers = new Int32Array(buffer, byteOffset, length / 4);
  const [vocabSize, endId, training, heldOut] = numbers;
  let at = 4 + training + heldOut;
  const parts = Array.from(numbers.subarray(4, at), (size) => {
    at += size;
    return numbers.subarray(at - size, at);
  });
  return { vocabSize, endId, training: parts.slice(0, training), heldOut: parts.slice(training) };
}

async function trainAlone(path: string): Promise<void> {
  const { training, heldOut, vocabSize, endId } = readIds(path);
  const start = performance.now();
  const model = await trainNgram(training, { order, vocabSize, endId });
  const seconds = (performance.now() - start) / 1000;
  const peakMb = Number(readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s+(\d+)/)?.[1]) / 1024;
  sumOf(model, heldOut);
  const scoring = performance.now();
  const withoutEnds = sumOf(model, heldOut);
  const tokens = heldOut.reduce((sum, ids) => sum + ids.length, 0);
  const scoringRate = (1000 * tokens) / (performance.now() - scoring);
  const ended = heldOut.map((ids) => {
    const longer = new Int32Array(ids.length + 1).fill(endId);
    longer.set(ids);
    return longer;
  });
  const logProbability = sumOf(model, ended);
  writeSafetensors(`${path}.safetensors`, ngramToTensors(model).tensors);
  const fileMb = statSync(`${path}.safetensors`).size / 1e6;
  const answer: Trained = {
    seconds,
    peakMb,
    scoringRate,
    fileMb,
    counts: ngramCounts(model),
    logProbability,
    withoutEnds,
  };
  process.stdout.write(JSON.stringify(answer));
}

function sumOf(model: NgramModel, texts: readonly Int32Array[]): number {
  let sum = 0;
  for (const ids of texts) for (const value of logProbabilities(model, ids)) sum += value;
  return sum;
}

async function trained(path: string): Promise<Trained> {
  const { output } = await run(process.execPath, [process.argv[1], "--child", path]);
  return JSON.parse(output) as Trained;
}

/** lmplz and query on the same tokens, one text a line. */
function kenlmIn(folder: string, { training, heldOut }: Ids) {
  const write = (name: string, texts: readonly Int32Array[]) => {
    const path = join(folder, name);
    const file = openSync(path, "w");
    for (const ids of texts) writeSync(file, `${Array.from(ids, (id) => `t${id}`).join(" ")}\n`);
    return path;
  };
  const [train, test] = [write("train.txt", training), write("test.txt", heldOut)];
  const program = (name: string) => join(flags.kenlm, name);
  return async () => {
    const arpa = join(folder, "kenlm.arpa");
    const flagsOf = ["-o", String(order), "-S", "2G", "-T", folder, "--discount_fallback"];
    const { seconds, peakMb } = await run(program("lmplz"), [...flagsOf, "--text", train, "--arpa", arpa]);
    const binary = join(folder, "kenlm.binary");
    execFileSync(program("build_binary"), ["trie", arpa, binary], { stdio: "ignore" });
    const answer = execFileSync(program("query"), ["-v", "summary", binary], { input: readFileSync(test) });
    const perplexity = Number(/Perplexity including OOVs:\s+([\d.]+)/.exec(answer.toString())?.[1]);
    for (const path of [arpa, binary]) rmSync(path);
    return { seconds, peakMb, perplexity };
  };
}

async function run(program: string, args: string[]): Promise<{ output: string; seconds: number; peakMb: number }> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  let peakMb = 0;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // ended meanwhile
    }
  }, 50);
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { output, seconds: (performance.now() - start) / 1000, peakMb };
}

/** Characters, the first 90 % for training; the whole text is one. */
async function shakespeare(bench: ReturnType<typeof openBench>): Promise<void> {
  const text = readFileSync(join(flags.data, "text/tinyshakespeare.txt"), "utf8");
  const numbers = new Map([...new Set(text)].sort().map((character, id) => [character, id]));
  const ids = Int32Array.from(text, (character) => numbers.get(character)!);
  const cut = Math.floor(ids.length * 0.9);
  for (const order of [3, 4, 5, 6, 7, 8]) {
    const model = await trainNgram([ids.subarray(0, cut)], { order, vocabSize: numbers.size });
    const heldOut = ids.subarray(cut);
    bench.figure({
      name: `Shakespeare by characters, order ${order}: validation loss`,
      ours: -sumOf(model, [heldOut]) / heldOut.length,
      unit: "nats",
      measure: "value",
    });
  }
}
