// Exported models opened by Python's transformers, sentence-transformers and ONNX Runtime: the same vectors, probabilities and
// log-probabilities.
//   node dist/bench/export.js [--only encoders,heads,language]
// Tiny models of every architecture are fine-tuned and exported; all-MiniLM-L6-v2 too where COLUMNIST_MODELS has it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openTextEncoder } from "../src/networks/encoders/index.js";
import { encoderTypes, readEncoder, writeEncoder } from "../src/networks/hugging-face/index.js";
import { openRowEncoder } from "../src/row-vectors/index.js";
import { openTextModel } from "../src/tasks/index.js";
import { openLanguageModel } from "../src/tasks/language/index.js";
import { distilVectors } from "../src/workflows/distil/run.js";
import { exportModel } from "../src/workflows/export/run.js";
import { pretrain } from "../src/workflows/pretrain/run.js";
import { trainModel } from "../src/workflows/train/run.js";
import { openBench } from "./harness.js";
import { pythonOf } from "./start-peer.js";

interface Case {
  name: string;
  kind: "answers" | "vectors" | "language";
  folder: string;
  texts: readonly string[];
  answers: readonly (readonly number[])[];
  output?: string;
}

const texts = [
  "My card is lost, please HELP!",
  "how much",
  "where's my money?  It was 1,234.50 €\nnaïve café",
  "the bank is open ".repeat(60),
];
/** All, or what its flag --only names: encoders, heads, language. */
const { values: flags } = parseArgs({ options: { only: { type: "string", default: "encoders,heads,language" } } });
const parts = flags.only.split(",");
const bench = openBench("export");
const place = mkdtempSync(join(tmpdir(), "columnist-export-"));
const threads = 2;
const cases: Case[] = [];
try {
  const table = join(place, "t.csv");
  const lines = Array.from({ length: 120 }, (_, i) => {
    const isLost = (i * 7) % 5 < 2;
    const text = `${isLost ? "my card is lost and gone" : "how much is the fee of the bank"} ${"abcdefgh"[i % 8]} ${i}`;
    return `${text},${isLost ? "lost" : "fee"},${isLost ? "lost;card" : i % 3 === 0 ? "fee" : "fee;bank"},${isLost ? 1.5 : 7.25 + (i % 3)}`;
  });
  writeFileSync(table, `text,label,tags,amount\n${lines.join("\n")}\n`);
  const models = process.env.COLUMNIST_MODELS ?? "bench/models";
  const real = join(models, "all-MiniLM-L6-v2");
  const encoders = encoderTypes.map((type) => [type, `test/golden/encoders/${type}`] as const);
  if (existsSync(real)) encoders.push(["all-MiniLM-L6-v2", real] as never);
  for (const [name, base] of parts.includes("encoders") ? encoders : []) {
    await tuned(name, base, table);
    await vectorsOf(name, base);
    await distilled(name, base);
  }
  if (parts.includes("heads")) await withOwnHead();
  if (parts.includes("language"))
    for (const arrangement of ["llama", "gpt2"] as const) await language(arrangement, table);
  const file = join(place, "answers.json");
  writeFileSync(file, JSON.stringify(cases));
  const output = execFileSync(pythonOf(".venv"), ["bench/peers/check_export.py", file], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const found = JSON.parse(output.trim().split("\n").at(-1)!) as { folder: string; what: string; difference: number }[];
  for (const { name, folder } of cases)
    for (const what of new Set(found.filter((one) => one.folder === folder).map((one) => one.what)))
      bench.figure({
        name: `${name}: ${what}`,
        ours: Math.max(
          ...found.filter((one) => one.folder === folder && one.what === what).map(({ difference }) => difference),
        ),
        unit: "",
        measure: "value",
        atMost: 1e-5,
      });
} finally {
  rmSync(place, { recursive: true, force: true });
}
bench.close(parts.length === 3);

function rowsOf(numbers: Float32Array, width: number): number[][] {
  return Array.from({ length: numbers.length / width }, (_, row) => [
    ...numbers.subarray(row * width, (row + 1) * width),
  ]);
}

/** Three tasks with `full`, one with `lora`, whose folder holds an update alone. */
async function tuned(name: string, base: string, table: string): Promise<void> {
  const tasks = [
    ["classify", { label: "label", model: "full" }],
    ["multilabel", { label: "tags", model: "full" }],
    ["regression", { label: "amount", model: "full" }],
    ["classify", { label: "label", model: "lora" }],
  ] as const;
  for (const [task, settings] of tasks) {
    const told = `${name}, ${task}, ${settings.model}`;
    const folder = join(place, told.replaceAll(/\W+/g, "-"));
    await trainModel(table, { text: ["text"], base, task, epochs: 1, threads, ...settings, out: folder });
    const out = `${folder}-exported`;
    await exportModel(folder, { out });
    const { model, task: row } = await openTextModel(folder, { threads });
    const answers = rowsOf(await model.predict(texts), model.width);
    await model.close();
    cases.push({ name: told, kind: "answers", folder: out, texts, answers, output: row.form.output });
  }
}

/** The encoder itself, written again. */
async function vectorsOf(name: string, base: string): Promise<void> {
  const model = readEncoder(base);
  const folder = join(place, `vectors-${name}`);
  mkdirSync(folder);
  writeEncoder(folder, { ...model, encoder: model.shape, prompt: model.prompts.usual });
  const encoder = openTextEncoder(model, threads);
  const { vectors } = await encoder.encode(texts);
  await encoder.close();
  cases.push({ name: `${name}, vectors`, kind: "vectors", folder, texts, answers: rowsOf(vectors, encoder.dim) });
}

async function distilled(name: string, base: string): Promise<void> {
  const vectors = join(place, `distilled-${name}`);
  await distilVectors(base, undefined, { out: vectors, dimensions: 12, threads });
  const out = `${vectors}-exported`;
  await exportModel(vectors, { out });
  const encoder = await openRowEncoder(texts, { with: vectors, seed: 0, threads });
  const found = await encoder.encode(texts);
  cases.push({
    name: `${name}, distilled`,
    kind: "vectors",
    folder: out,
    texts,
    answers: rowsOf(found.vectors, encoder.dim),
  });
}

/** An encoder whose vector is what the classes of transformers put their heads on: the first token's state in a dense layer. */
async function withOwnHead(): Promise<void> {
  for (const [type, activation] of [
    ["bert", "tanh"],
    ["distilbert", "relu"],
    ["roberta", "tanh"],
    ["xlm-roberta", "tanh"],
    ["mpnet", "tanh"],
  ] as const) {
    const model = readEncoder(`test/golden/encoders/${type}`);
    const { width } = model.shape;
    const numbers = (shape: number[], step: number) => ({
      shape,
      data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(step * i + 1) / 2),
    });
    const dense = { kind: "dense", from: width, to: width, useBias: true, residual: false, activation } as const;
    const own = new Map([
      ...[...model.weights].filter(([one]) => !one.startsWith("vector/")),
      ["vector/0/kernel", numbers([width, width], 3)] as const,
      ["vector/0/bias", numbers([width], 5)] as const,
      ["output/kernel", numbers([width, 3], 7)] as const,
      ["output/bias", numbers([3], 11)] as const,
    ]);
    const { tunedEncoder } = await import("../src/networks/tuned-encoder/index.js");
    const { textNetworkOnnx } = await import("../src/networks/index.js");
    const vector = { pooling: ["cls" as const], modules: [dense] };
    const form = { output: "probabilities", activation: "softmax" } as const;
    const shape = { encoder: model.shape, vector, width: 3, maxLength: model.maxLength, dropout: 0 };
    const folder = join(place, `head-${type}`);
    mkdirSync(folder);
    const head = { form, width: 3, labels: ["a", "b", "c"] };
    writeEncoder(folder, { ...model, vector, weights: own, encoder: model.shape, prompt: "", head });
    writeFileSync(join(folder, "model.onnx"), textNetworkOnnx(tunedEncoder(shape, type), form, own));
    const encoder = openTextEncoder({ ...readEncoder(folder), encodesEmpty: true }, threads);
    const { vectors } = await encoder.encode(texts);
    await encoder.close();
    cases.push({
      name: `${type}, head`,
      kind: "answers",
      folder,
      texts,
      answers: rowsOf(vectors, 3),
      output: form.output,
    });
  }
}

async function language(arrangement: "llama" | "gpt2", table: string): Promise<void> {
  const folder = join(place, arrangement);
  const small = { layers: 2, hidden: 32, heads: 2, context: 64, batchTokens: 256, steps: 20, threads };
  await pretrain(table, { text: ["text"], ...small, arrangement, vocabSize: 300, out: folder });
  const out = `${folder}-exported`;
  await exportModel(folder, { out });
  const { model } = await openLanguageModel(folder, { threads });
  const short = texts.slice(0, 3);
  const found = await model.logProbabilities(short.map((text) => model.tokenizer.encode(text)));
  await model.close();
  const answers = found.map((one) => [...one]);
  cases.push({ name: `language model, ${arrangement}`, kind: "language", folder: out, texts: short, answers });
}
