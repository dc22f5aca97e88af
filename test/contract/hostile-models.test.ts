// Model folders as a stranger could make them: their checksums fit, what they hold does not. None is believed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import type { OnnxModel } from "../../src/formats/onnx/model.js";
import type { NamedArray } from "../../src/formats/safetensors.js";
import { readSafetensors, writeSafetensors } from "../../src/formats/safetensors-file.js";
import { concatenate, dense, input, loadModel, model, positionalEmbedding, sequential } from "../../src/index.js";
import { openTextModel } from "../../src/tasks/index.js";
import { readLanguageModel } from "../../src/tasks/language/index.js";
import { pretrain } from "../../src/workflows/pretrain/run.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { columnist, reviews, writeCsv } from "../cli/columnist.js";
import { changeFacts, readRawFacts, sealAgain } from "../folders.js";

const place = mkdtempSync(join(tmpdir(), "columnist-hostile-"));
const at = (name: string) => join(place, name);
after(() => rmSync(place, { recursive: true, force: true }));
const texts = ["great film", "dull and slow", "", "unheard-of"];

before(async () => {
  const table = at("reviews.csv");
  writeCsv(table, reviews(120));
  const columns = { text: ["body"], threads: 1 };
  for (const model of ["linear", "cnn"] as const)
    await trainModel(table, { ...columns, label: "mood", model, epochs: 1, out: at(model) });
  const amounts = reviews(120).map(({ body, mood }) => `"${body.replaceAll('"', "")}",${mood === "good" ? 4 : 1.5}`);
  writeFileSync(at("amounts.csv"), ["body,stars", ...amounts].join("\n"));
  const regression = { label: "stars", task: "regression", model: "cnn", epochs: 1 } as const;
  await trainModel(at("amounts.csv"), { ...columns, ...regression, out: at("amount") });
  const small = { layers: 1, hidden: 16, heads: 2, context: 16, batchTokens: 64, steps: 3, threads: 1 };
  await pretrain(table, { text: ["body"], tokenizer: "char", ...small, out: at("transformer") });
  await pretrain(table, { text: ["body"], tokenizer: "char", model: "lstm", ...small, out: at("lstm") });
  await sequential([input({ shape: [2] }), dense({ units: 1 })]).save(at("layers"));
});

async function answers(folder: string): Promise<unknown> {
  const { model } = await openTextModel(folder, { threads: 1 });
  try {
    return await model.predict(texts);
  } finally {
    await model.close();
  }
}

async function logProbabilities(folder: string): Promise<unknown> {
  const { model } = await readLanguageModel(folder, { threads: 1 });
  try {
    const ids = texts.map((text) => model.tokenizer.encode(text));
    const scored = await model.logProbabilities(ids);
    const decoder = await model.openDecoder!();
    await decoder.start(ids);
    await decoder.close();
    return scored;
  } finally {
    await model.close();
  }
}

/** A copy with something changed, sealed as though it had been written so. */
function copyOf(name: string, change: (folder: string) => void): string {
  const folder = mkdtempSync(join(place, "copy-"));
  cpSync(at(name), folder, { recursive: true });
  change(folder);
  sealAgain(folder);
  return folder;
}

test("model.onnx is never run: other graphs in it change no answer", async () => {
  const vector = { type: "float32" as const, shape: ["batch", 2] };
  const ids = { name: "input_ids", type: "int64" as const, shape: ["batch", "length"] };
  const constant: OnnxModel = {
    opsets: { "": 20 },
    graph: {
      name: "other",
      nodes: [{ opType: "Identity", inputs: ["c"], outputs: ["probabilities"] }],
      initializers: [{ name: "c", type: "float32", shape: [1, 2], data: Float32Array.of(Number.NaN, 7) }],
      inputs: [ids],
      outputs: [{ ...vector, name: "probabilities" }],
    },
  };
  for (const name of ["cnn", "amount"]) {
    const own = await answers(at(name));
    for (const bytes of [encodeOnnx(constant), new Uint8Array(100), new Uint8Array(0)]) {
      const other = copyOf(name, (folder) => writeFileSync(join(folder, "model.onnx"), bytes));
      assert.deepEqual(await answers(other), own, name);
    }
  }
});

const changeTensors =
  (change: (tensors: Map<string, NamedArray>, folder: string) => void) =>
  (folder: string): void => {
    const path = join(folder, "weights.safetensors");
    const { tensors } = readSafetensors(path);
    change(tensors, folder);
    writeSafetensors(path, tensors);
  };
const eachFloat = (value: (old: number, i: number) => number) =>
  changeTensors((tensors) => {
    for (const { data } of tensors.values())
      if (data instanceof Float32Array) for (let i = 0; i < data.length; i++) data[i] = value(data[i], i);
  });
const oneFloat = (value: number) => eachFloat((old, i) => (i === 0 ? value : old));

/** Finite, but what they are summed to is not: of networks whose norms take large sums back, the last norm. */
const tooLarge = changeTensors((tensors) => {
  const hasNorm = tensors.has("norm/gamma");
  for (const [name, { data }] of tensors)
    for (let i = 0; i < data.length && data instanceof Float32Array; i++)
      if (!hasNorm) data[i] = i % 2 ? 3e38 : -3e38;
      else if (name === "norm/gamma") data[i] = 3e38;
      else if (name === "embedding/table") data[i] *= 1000;
});

test("weights that are no numbers are refused by name, and so are answers that are none", async () => {
  for (const [name, open] of Object.entries({
    linear: answers,
    cnn: answers,
    amount: answers,
    transformer: logProbabilities,
    lstm: logProbabilities,
    layers: (folder: string) => loadModel(folder),
  })) {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      await assert.rejects(open(copyOf(name, oneFloat(value))), {
        name: "UserError",
        message: /weights\.safetensors: tensor '.*' contains -?(NaN|Infinity)/,
      });
    if (name === "layers") continue;
    const large = copyOf(name, tooLarge);
    await assert.rejects(open(large), { name: "UserError", message: /gives .* as a|probabilities that sum to/ }, name);
  }
});

test("a tensor of another name, shape or type is refused", async () => {
  for (const name of ["cnn", "transformer", "lstm"]) {
    const open = name === "cnn" ? answers : logProbabilities;
    for (const change of [
      (tensors: Map<string, NamedArray>) => tensors.delete([...tensors.keys()][0]),
      (tensors: Map<string, NamedArray>) => {
        const [first, { shape, data }] = [...tensors][0];
        tensors.set(first, { shape: [...shape, 1], data });
      },
      (tensors: Map<string, NamedArray>) => {
        const [first, { shape, data }] = [...tensors][0];
        tensors.set(first, { shape, data: new Int32Array(data.length) });
      },
    ])
      await assert.rejects(open(copyOf(name, changeTensors(change))), {
        name: "UserError",
        message: /weights\.safetensors has no '/,
      });
  }
});

/** Numbers under `model` in the facts that a stranger may write there. */
const lies: [name: string, lie: object][] = [
  ["cnn", { maxLength: 1e7 }],
  ["cnn", { maxLength: 257 }],
  ["cnn", { vocabSize: 9_999_999 }],
  ["cnn", { width: 3 }],
  ["cnn", { width: 1e7 }],
  ["cnn", { embeddingDim: 1e7 }],
  ["cnn", { hidden: 0 }],
  ["cnn", { family: "transformer", blocks: 1e7, heads: 3 }],
  ["amount", { amounts: undefined }],
  ["amount", { amounts: { mean: 0, deviation: 0 } }],
  ["amount", { amounts: { mean: 0, deviation: 1e300 } }],
  ["transformer", { contextLength: 2 ** 24 }],
  ["transformer", { contextLength: 2 ** 20 }],
  ["transformer", { heads: 2 ** 20 }],
  ["transformer", { heads: 3 }],
  ["transformer", { keyValueHeads: 3 }],
  ["transformer", { layers: 512 }],
  ["transformer", { width: 2 ** 24, feedForwardSize: 2 ** 24 }],
  ["transformer", { vocabSize: 2 }],
  ["lstm", { contextLength: 2 ** 24 }],
  ["lstm", { layers: 2, hidden: 2 ** 24 }],
];

test("numbers in the facts that lie are refused before they cost anything", async () => {
  for (const [name, lie] of lies) {
    const open = name === "cnn" || name === "amount" ? answers : logProbabilities;
    const folder = copyOf(name, (folder) => {
      const { model } = readRawFacts(folder);
      changeFacts(folder, { model: { ...(model as object), ...lie } });
    });
    const started = performance.now();
    await assert.rejects(open(folder), { name: "UserError" }, `${name}: ${JSON.stringify(lie)}`);
    assert.ok(performance.now() - started < 10_000, `${name}: ${JSON.stringify(lie)}`);
  }
});

test("hashes of n-grams that all meet in one slot do not take their square in time", async () => {
  const count = 200_000;
  const folder = copyOf(
    "linear",
    changeTensors((tensors, folder) => {
      const hashes = Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? 7 : i));
      tensors.set("ngrams.hash", { shape: [count, 2], data: hashes });
      tensors.set("ngrams.idf", { shape: [count], data: new Float32Array(count).fill(1) });
      const weight = tensors.get("linear.weight")!;
      const columns = weight.shape[1];
      tensors.set("linear.weight", { shape: [count, columns], data: new Float32Array(count * columns) });
      const { model } = readRawFacts(folder);
      changeFacts(folder, { model: { ...(model as object), features: count, wordFeatures: count } });
    }),
  );
  await assert.rejects(answers(folder), { name: "UserError", message: /hashes/ });
});

test("facts that are a lot, nested deep, or name other folders' files are refused", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const folder = copyOf("cnn", () => {});
  const facts = readFileSync(join(folder, "columnist.json"), "utf8");
  writeFileSync(join(folder, "columnist.json"), facts.replace("{", `{"deep":${deep},`));
  await assert.rejects(answers(folder), { name: "UserError", message: /nested/ });
  const named = copyOf("cnn", () => {});
  const { files } = readRawFacts(named);
  for (const name of ["../secret", "/etc/hostname", "a/../../b", "", "a//b"]) {
    changeFacts(named, { files: { ...(files as object), [name]: { bytes: 1, sha256: "0".repeat(64) } } });
    await assert.rejects(answers(named), { name: "UserError", message: /columnist\.json is damaged/ }, name);
  }
});

test("what stands in place of a file is never waited for, and no file is larger than its kind can be", async () => {
  const lists: [file: string, message: RegExp][] = [
    ["columnist.json", /is a device, not a file/],
    ["weights.safetensors", /has no weights\.safetensors/],
    ["report.html", /has no report\.html/],
  ];
  for (const [file, message] of lists) {
    const folder = copyOf("cnn", () => {});
    rmSync(join(folder, file));
    symlinkSync("/dev/zero", join(folder, file));
    await refused(folder, message);
  }
  const pipe = copyOf("cnn", () => {});
  rmSync(join(pipe, "columnist.json"));
  assert.equal(spawnSync("mkfifo", [join(pipe, "columnist.json")]).status, 0);
  await refused(pipe, /is a named pipe, not a file/);
  for (const [file, bytes] of Object.entries({
    "columnist.json": 2 ** 33,
    "tokenizer.json": 2 ** 33,
    "weights.safetensors": 2 ** 40,
  })) {
    const folder = copyOf("cnn", () => {});
    truncateSync(join(folder, file), bytes);
    const { files } = readRawFacts(at("cnn"));
    if (file !== "columnist.json")
      changeFacts(folder, { files: { ...(files as object), [file]: { bytes, sha256: "0".repeat(64) } } });
    await refused(folder, /has [\d,]+ bytes[;,] (and )?such a file has [\d,]+ at most/);
  }
});

async function refused(folder: string, message: RegExp): Promise<void> {
  await assert.rejects(answers(folder), { name: "UserError", message });
}

test("the command ends with 2", () => {
  const folder = copyOf("cnn", () => {});
  rmSync(join(folder, "columnist.json"));
  symlinkSync("/dev/zero", join(folder, "columnist.json"));
  const { code, stderr, stdout } = columnist(["predict", folder, at("reviews.csv")]);
  assert.deepEqual([code, stdout], [2, ""], stderr);
  assert.match(stderr, /is a device, not a file/);
});

test("a layer model whose plan asks for more than memory holds is refused", async () => {
  const rows = input({ shape: [4, 2] });
  await model({ inputs: [rows], outputs: [positionalEmbedding({ maxLength: 8, vectors: "sinusoidal" })(rows)] }).save(
    at("sines"),
  );
  const wide = input({ shape: [2] });
  await model({ inputs: [wide], outputs: [concatenate()([wide, wide])] }).save(at("wide"));
  const changed = (name: string, change: (plan: Plan) => void) =>
    copyOf(name, (folder) => {
      const { plan } = readRawFacts(folder) as { plan: Plan };
      change(plan);
      changeFacts(folder, { plan });
    });
  const sines = changed("sines", ({ layers }) => {
    layers[0].config.maxLength = 1e9;
  });
  const doubled = changed("wide", (plan) => {
    for (let call = 0; call < 50; call++) {
      const place = { call, output: "result" };
      plan.calls.push({ layer: 0, inputs: [place, place] });
    }
  });
  for (const folder of [sines, doubled]) await assert.rejects(loadModel(folder), { name: "UserError" });
});

interface Plan {
  layers: { config: Record<string, unknown> }[];
  calls: { layer: number; inputs: object[] }[];
}
