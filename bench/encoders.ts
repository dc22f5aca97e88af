// A pretrained encoder beside sentence-transformers on PyTorch, and in 8 bits beside ONNX Runtime's dynamic quantisation too: the
// same numbers, how well they tell the likeness of sentences, and rows a second of whole commands.
//   node dist/bench/encoders.js [--model <folder>] [--data <folder>] [--rows 20000] [--reviews 2000] [--parts numbers,sts,speed,predict]
// --model or COLUMNIST_MODELS/all-MiniLM-L6-v2: a folder of all-MiniLM-L6-v2. --data has beside the labelled tables
// stsb/test.csv (sentence1, sentence2, score).
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { encoderOnnx, encoderTable, openTextEncoder } from "../src/networks/encoders/index.js";
import { readEncoder } from "../src/networks/hugging-face/index.js";
import { openSession } from "../src/runtime/index.js";
import { defaultDataFolder, readRows } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { pythonOf, startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
    rows: { type: "string", default: "20000" },
    reviews: { type: "string", default: "2000" },
    repeats: { type: "string", default: "3" },
    parts: { type: "string", default: "numbers,sts,speed,predict" },
  },
});
if (!existsSync(flags.model))
  throw new Error(`${flags.model} is not there: give the folder of all-MiniLM-L6-v2 with --model or COLUMNIST_MODELS.`);
const bench = openBench("encoders");
const folder = mkdtempSync(join(tmpdir(), "columnist-encoders-"));
const parts = flags.parts.split(",");
try {
  if (parts.includes("numbers")) await sameNumbers();
  if (parts.includes("sts")) await likeness();
  if (parts.includes("speed")) {
    const sms = (await readRows(join(flags.data, "sms-spam.csv"))).map(({ text }) => text);
    const reviews = (await readRows(join(flags.data, "movie-reviews.csv"))).map(({ text }) => text);
    const joined = Array.from({ length: Number(flags.reviews) }, (_, i) =>
      Array.from(
        { length: 10 },
        (_, k) => reviews[(i * 10 + k + Math.floor((i * 10) / reviews.length)) % reviews.length],
      ),
    );
    const tables = {
      SMS: writeTable(
        "sms",
        Array.from({ length: Number(flags.rows) }, (_, i) => sms[i % sms.length]),
      ),
      "long reviews": writeTable(
        "reviews",
        joined.map((one) => one.join(" ")),
      ),
    };
    const quantized = join(folder, "int8.onnx");
    await python(["bench/peers/onnx_encoder.py", flags.model, "--export", quantized]);
    for (const threads of [1, 2])
      for (const [name, table] of Object.entries(tables)) await speed(name, table, threads, quantized);
  }
  if (parts.includes("predict")) for (const threads of [1, 2]) await predicting(threads);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(parts.length === 4 && flags.rows === "20000" && flags.reviews === "2000");

/** States and vectors of 500 texts. */
async function sameNumbers(): Promise<void> {
  const [sms, banking] = await Promise.all(
    ["sms-spam.csv", "banking77/test.csv"].map((name) => readRows(join(flags.data, name))),
  );
  const texts = [...sms.slice(0, 250), ...banking.slice(0, 250)].map(({ text }) => text);
  const file = join(folder, "texts.jsonl");
  writeFileSync(file, texts.map((text) => `${JSON.stringify(text)}\n`).join(""));
  const peer = await startPeer("sentence_encoder.py", [flags.model, "--threads", "2"], { threads: 2 });
  bench.addVersions(peer.hello.versions ?? {});
  const [vectors, states] = ["vectors", "states"].map((name) => join(folder, name));
  await peer.ask("vectors", { file, out: vectors });
  await peer.ask("states", { file, out: states });
  await peer.stop();
  const model = readEncoder(flags.model);
  const encoder = openTextEncoder(model, 2);
  const found = await encoder.encode(texts);
  let alone = 0;
  for (let row = 0; row < texts.length; row += 25) {
    const { vectors: one } = await encoder.encode([texts[row]]);
    alone = Math.max(alone, largest(one, found.vectors.subarray(row * encoder.dim, (row + 1) * encoder.dim)));
  }
  await encoder.close();
  const difference = (name: string, ours: number, atMost: number) =>
    bench.figure({ name: `${name}, 500 texts: largest difference`, ours, unit: "", measure: "value", atMost });
  difference("vectors", largest(found.vectors, floatsOf(vectors)), 1e-4);
  difference("states of tokens", largest(await statesOf(model, texts), floatsOf(states)), 1e-4);
  difference("a text alone and in a batch", alone, 1e-6);
}

async function statesOf(model: ReturnType<typeof readEncoder>, texts: readonly string[]): Promise<Float32Array> {
  const session = await openSession(encoderOnnx(model.shape, model), { threads: 2 });
  const { width } = model.shape;
  const table = model.weights.get(encoderTable)!.data;
  const all: Float32Array[] = [];
  for (const text of texts) {
    const ids = model.tokenizer.encode(text, model.maxLength);
    const tokens = new Float32Array(ids.length * width);
    for (const [i, id] of ids.entries()) tokens.set(table.subarray(id * width, (id + 1) * width), i * width);
    const outputs = await session.run({
      tokens: { data: tokens, shape: [1, ids.length, width], type: "float32" },
      mask: { data: new Int32Array(ids.length).fill(1), shape: [1, ids.length], type: "int32" },
    });
    all.push(outputs.states.data as Float32Array);
  }
  await session.close();
  const joined = new Float32Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of all) {
    joined.set(one, at);
    at += one.length;
  }
  return joined;
}

/** STS benchmark, test: rank correlation of cosines with what people said, in points. */
async function likeness(): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const sql = "select sentence1, sentence2, score::double from read_csv($1, header = true, all_varchar = true)";
  const pairs = (await connection.runAndReadAll(sql, [join(flags.data, "stsb", "test.csv")])).getRows();
  connection.closeSync();
  for (const precision of ["float32", "int8"] as const) {
    const ours = 100 * (await rankCorrelation(pairs, precision));
    const atLeast = precision === "float32" ? 82 : 81.8;
    bench.figure({
      name: `STS benchmark, test, ${precision}: Spearman`,
      ours,
      unit: "points",
      measure: "value",
      atLeast,
    });
  }
}

async function rankCorrelation(pairs: readonly unknown[][], precision: "float32" | "int8"): Promise<number> {
  const encoder = openTextEncoder(readEncoder(flags.model, precision), 2);
  const { vectors } = await encoder.encode(pairs.flatMap(([a, b]) => [String(a), String(b)]));
  const { dim } = encoder;
  await encoder.close();
  const cosines = pairs.map((_, i) => {
    let [product, a, b] = [0, 0, 0];
    for (let d = 0; d < dim; d++) {
      const [x, y] = [vectors[2 * i * dim + d], vectors[(2 * i + 1) * dim + d]];
      product += x * y;
      a += x * x;
      b += y * y;
    }
    return product / Math.sqrt(a * b);
  });
  return correlation(ranks(cosines), ranks(pairs.map(([, , score]) => Number(score))));
}

/** Whole commands, from their start to their end; the peer's own work without its start beside it. */
async function speed(name: string, table: string, threads: number, quantized: string): Promise<void> {
  const rows = Number(name === "SMS" ? flags.rows : flags.reviews);
  const rates: Record<"float32" | "int8" | "theirs" | "quantized" | "work", number[]> = {
    ...{ float32: [], int8: [], theirs: [], quantized: [], work: [] },
  };
  const peakMb = { float32: 0, int8: 0 };
  const onThreads = ["--threads", String(threads)];
  const peer = await startPeer("sentence_encoder.py", [flags.model, ...onThreads], { threads });
  const theirTable = ["--table", table, "--out", join(folder, "peer.npy")];
  for (let repeat = 0; repeat < Number(flags.repeats); repeat++) {
    for (const precision of ["float32", "int8"] as const) {
      const own = ["--with", flags.model, "--precision", precision, ...onThreads];
      const out = ["--out", join(folder, "ours.parquet"), "--json"];
      const run = await runCommand(["embed", table, "--text", "text", ...own, ...out]);
      rates[precision].push(rows / run.seconds);
      peakMb[precision] = Math.max(peakMb[precision], run.peakMb);
    }
    rates.theirs.push(
      rows / (await python(["bench/peers/sentence_encoder.py", flags.model, ...onThreads, ...theirTable])),
    );
    const theirOnnx = ["bench/peers/onnx_encoder.py", flags.model, "--onnx", quantized, ...onThreads, ...theirTable];
    rates.quantized.push(rows / (await python(theirOnnx)));
    rates.work.push(
      rows / (await peer.ask<{ seconds: number }>("embed", { file: table, out: join(folder, "theirs.npy") })).seconds,
    );
  }
  await peer.stop();
  const on = `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`;
  const rate = { unit: "rows/s", measure: "ratio", better: "higher" } as const;
  const details = { rows, rates };
  const [float32, int8, theirs] = [rates.float32, rates.int8, rates.theirs].map(median);
  bench.figure({ ...rate, name: `embed ${on}, whole command`, ours: float32, peer: theirs, atLeast: 1.15, details });
  bench.figure({ ...rate, name: `embed ${on}, peer without its start`, ours: float32, peer: median(rates.work) });
  bench.figure({ ...rate, name: `embed int8 ${on}, PyTorch float32`, ours: int8, peer: theirs, atLeast: 3 });
  const dynamic = median(rates.quantized);
  bench.figure({ ...rate, name: `embed int8 ${on}, ONNX Runtime 8 bits`, ours: int8, peer: dynamic, atLeast: 1.2 });
  for (const [precision, ours] of Object.entries(peakMb))
    bench.figure({ name: `embed ${precision} ${on}: peak memory`, ours, unit: "MB", measure: "value" });
}

/** An 8-bit fine-tuned model, whole commands. What it loses is measured by bench/fine-tune-encoder.ts. */
async function predicting(threads: number): Promise<void> {
  const sms = await readRows(join(flags.data, "sms-spam.csv"));
  const [train, table] = [join(folder, "train.csv"), join(folder, "rows.csv")];
  writeRows(train, sms.slice(0, 600));
  const rows = Number(flags.rows);
  writeRows(
    table,
    Array.from({ length: rows }, (_, i) => sms[i % sms.length]),
  );
  const [model, eight] = [join(folder, "model"), join(folder, "model-8-bits")];
  const columns = ["--text", "text", "--label", "label", "--base", flags.model, "--model", "full", "--epochs", "1"];
  await runCommand(["train", train, ...columns, "--out", model, "--overwrite", "--json"]);
  await runCommand(["quantize", model, "--out", eight, "--overwrite"]);
  const onThreads = ["--threads", String(threads)];
  const times: Record<"eight" | "whole" | "theirs", number[]> = { eight: [], whole: [], theirs: [] };
  const out = ["--out", join(folder, "answers.csv")];
  for (let repeat = 0; repeat < Number(flags.repeats); repeat++) {
    times.eight.push((await runCommand(["predict", eight, table, ...out, ...onThreads])).seconds);
    times.whole.push((await runCommand(["predict", model, table, ...out, ...onThreads])).seconds);
    const theirs = ["--table", table, "--classes", "2", ...out, ...onThreads];
    times.theirs.push(await python(["bench/peers/sentence_encoder.py", flags.model, ...theirs]));
  }
  const rateOf = (seconds: readonly number[]) => rows / median(seconds);
  const rate = { unit: "rows/s", measure: "ratio", better: "higher", peer: rateOf(times.theirs) } as const;
  const on = `SMS, ${threads} ${threads === 1 ? "thread" : "threads"}, whole command`;
  bench.figure({ ...rate, name: `predict full, 8 bits, ${on}`, ours: rateOf(times.eight), atLeast: 2, details: times });
  bench.figure({ ...rate, name: `predict full, float32, ${on}`, ours: rateOf(times.whole) });
}

function writeRows(path: string, rows: readonly { text: string; label: string }[]): void {
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  writeFileSync(path, `text,label\n${rows.map(({ text, label }) => `${quoted(text)},${quoted(label)}\n`).join("")}`);
}

/** Seconds from its start to its end. */
async function python(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(pythonOf(".venv"), args, { stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`);
  return (performance.now() - start) / 1000;
}

function writeTable(name: string, texts: readonly string[]): string {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, `text\n${texts.map((text) => `"${text.replaceAll('"', '""')}"\n`).join("")}`);
  return path;
}

function floatsOf(path: string): Float32Array {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function largest(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers are not ${b.length}`);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** From 1; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const found = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) found[order[i]] = (from + to + 1) / 2;
    from = to;
  }
  return found;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (of: (i: number) => number) => a.reduce((total, _, i) => total + of(i), 0);
  return sum((i) => (a[i] - ma) * (b[i] - mb)) / Math.sqrt(sum((i) => (a[i] - ma) ** 2) * sum((i) => (b[i] - mb) ** 2));
}
