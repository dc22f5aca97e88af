// A folder of each kind, damaged at 50 random places: it is refused 50 times, and the damaged file is named.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createRandom } from "../../src/base/random.js";
import { createWordVectors, readVectorsFolder, writeVectorsFolder } from "../../src/embeddings/index.js";
import { openFolder, writeFolder } from "../../src/folders/index.js";
import { dense, input, loadModel, sequential } from "../../src/index.js";
import { createHnswWriter } from "../../src/neighbours/index.js";
import { openTextModel } from "../../src/tasks/index.js";
import { readLanguageModel } from "../../src/tasks/language/index.js";
import { distilVectors } from "../../src/workflows/distil/run.js";
import { indexTable } from "../../src/workflows/index/run.js";
import { inspectModel } from "../../src/workflows/inspect/run.js";
import { pretrain } from "../../src/workflows/pretrain/run.js";
import { searchRows } from "../../src/workflows/search/run.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { columnist, reviews, writeCsv } from "../cli/columnist.js";
import { damaged } from "../folders.js";

const place = mkdtempSync(join(tmpdir(), "columnist-damaged-"));
const at = (name: string) => join(place, name);
after(() => rmSync(place, { recursive: true, force: true }));
const table = at("reviews.csv");
const threads = 1;

/** How each kind is opened by what uses it. */
const openers: Record<string, (folder: string) => Promise<unknown>> = {
  linear: async (folder) => (await openTextModel(folder, { threads })).model.close(),
  beside: async (folder) => (await openTextModel(folder, { threads })).model.close(),
  cnn: async (folder) => (await openTextModel(folder, { threads })).model.close(),
  full: async (folder) => (await openTextModel(folder, { threads })).model.close(),
  lora: async (folder) => (await openTextModel(folder, { threads })).model.close(),
  transformer: async (folder) => (await readLanguageModel(folder, { threads })).model.close(),
  ngram: async (folder) => (await readLanguageModel(folder, { threads })).model.close(),
  vectors: readVectorsFolder,
  tokens: readVectorsFolder,
  exact: (folder) => searchRows(folder, "great film", { threads }),
  hnsw: (folder) => searchRows(folder, "great film", { threads }),
  layers: (folder) => loadModel(folder),
};

before(async () => {
  writeCsv(table, reviews(120));
  const columns = { text: ["body"], label: "mood", threads };
  await trainModel(table, { ...columns, model: "linear", out: at("linear") });
  const base = "test/golden/encoders/bert";
  await trainModel(table, { ...columns, model: "vectors", base, out: at("beside") });
  await trainModel(table, { ...columns, model: "cnn", epochs: 1, out: at("cnn") });
  for (const model of ["full", "lora"] as const)
    await trainModel(table, { ...columns, base, model, epochs: 1, out: at(model) });
  const small = { layers: 1, hidden: 16, heads: 2, context: 16, batchTokens: 64, steps: 3, threads };
  await pretrain(table, { text: ["body"], tokenizer: "char", ...small, out: at("transformer") });
  await pretrain(table, { text: ["body"], model: "ngram", tokenizer: "char", out: at("ngram") });
  const words = ["great", "film", "dull"];
  const vectors = createWordVectors({ words, dim: 2, vectors: Float32Array.of(1, 0, 0, 1, 1, 1) });
  const data = { source: "none", texts: 1, tokens: 3 };
  await writeVectorsFolder(at("vectors"), vectors, { method: "none", lowercase: true, options: {}, data });
  await distilVectors(base, undefined, { dimensions: 4, out: at("tokens"), threads });
  await indexTable(table, { text: ["body"], out: at("exact"), threads });
  await withShards(at("exact"), at("hnsw"));
  await sequential([input({ shape: [2] }), dense({ units: 1 })]).save(at("layers"));
});

/** The same index as a larger table has it: with files of an approximate one. */
async function withShards(exact: string, out: string): Promise<void> {
  const { facts } = openFolder(exact, "row-index");
  const { rows, dim } = facts;
  let shards: number[] = [];
  await writeFolder(
    out,
    "row-index",
    () => ({ ...facts, shards }),
    async (folder) => {
      cpSync(exact, folder, { recursive: true });
      rmSync(join(folder, "columnist.json"));
      const writer = createHnswWriter(folder, { dim, threads, rowsPerShard: 64 });
      await writer.add(Float32Array.from({ length: rows * dim }, (_, i) => Math.sin(i)));
      shards = await writer.finish();
      await writer.close();
    },
  );
}

for (const [name, open] of Object.entries(openers))
  test(`${name}: damaged at 50 places it is refused 50 times, whole it opens`, async () => {
    const folder = at(name);
    const files = filesOf(folder);
    const random = createRandom(7);
    await open(folder);
    for (let i = 0; i < 50; i++) {
      const file = files[i % files.length];
      const path = join(folder, file);
      const whole = readFileSync(path);
      writeFileSync(path, damaged(whole, random, random.float() < 0.5 ? "bit" : "bytes"));
      const told = (error: Error) => error.name === "UserError" && error.message.includes(file);
      await assert.rejects(open(folder), told, `${file}, place ${i}`);
      if (i < files.length) await assert.rejects(inspectModel(folder), told, `inspect: ${file}`);
      writeFileSync(path, whole);
    }
    await open(folder);
    await inspectModel(folder);
  });

test("hnsw: damaged where its library follows numbers, with checksums that fit, it ends no process", () => {
  const script = fileURLToPath(new URL("damaged-hnsw.js", import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [script, at("hnsw"), "500"], {
    encoding: "utf8",
  });
  assert.deepEqual([status, signal], [0, null], stderr);
  const { refused, answered, others } = JSON.parse(stdout);
  assert.deepEqual(others, []);
  // Bits in places of neighbours that are not there, and in parts of the header that nobody reads.
  assert.ok(refused > 350 && answered < 150, stdout);
});

test("the command ends with 2", () => {
  const weights = at("cnn/weights.safetensors");
  const whole = readFileSync(weights);
  writeFileSync(weights, damaged(whole, createRandom(1), "bit"));
  const { code, stderr, stdout } = columnist(["predict", at("cnn"), table]);
  writeFileSync(weights, whole);
  assert.deepEqual([code, stdout], [2, ""], stderr);
  assert.match(
    stderr,
    /weights\.safetensors is damaged: its checksum \(SHA-256\) does not match\. Copy the folder again/,
  );
});

function filesOf(folder: string, way = ""): string[] {
  return readdirSync(join(folder, way)).flatMap((name) => {
    const path = way === "" ? name : join(way, name);
    return statSync(join(folder, path)).isDirectory() ? filesOf(folder, path) : [path];
  });
}
