// Encoders that are an ONNX file alone: the same vectors as by weights, in every command, and files that are refused or ended.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { encodeOnnx } from "../../src/formats/onnx/encode.js";
import { add, cast, div, emitModel, input, mul, sub, type Tensor } from "../../src/graph/index.js";
import { startGraphProcess } from "../../src/networks/encoders/graph-process.js";
import { buildEncoder } from "../../src/networks/encoders/index.js";
import { openUnitEncoder, readEncoder, readGraphEncoder } from "../../src/networks/hugging-face/index.js";
import { graphBuild } from "../../src/nn/index.js";
import { openRowEncoder } from "../../src/row-vectors/index.js";
import { openModel } from "../../src/tasks/open-model.js";
import { indexTable } from "../../src/workflows/index/run.js";
import { searchRows } from "../../src/workflows/search/run.js";

const place = mkdtempSync(join(tmpdir(), "columnist-graph-"));
after(() => rmSync(place, { recursive: true, force: true }));
const texts = ["my card is lost", "where is my money", "", "close the bank account with the card"];
const options = { seed: 0, threads: 1 };

/** The folder of a tiny model without its weights, with a graph instead. */
function folderOf(
  type: string,
  outputsOf?: (states: Tensor, mask: Tensor) => Record<string, Tensor>,
  name = type,
  maskOf = (_ids: Tensor): Tensor => cast(input("attention_mask", ["batch", "length"], "int64"), "float32"),
): string {
  const folder = join(place, name);
  cpSync(`test/golden/encoders/${type}`, folder, { recursive: true });
  for (const file of ["model.safetensors", "model.safetensors.index.json"]) rmSync(join(folder, file), { force: true });
  const { shape, weights } = readEncoder(`test/golden/encoders/${type}`);
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = maskOf(ids);
  const { states } = buildEncoder(shape, { ids, mask }, graphBuild(false));
  const values = new Map([...weights].map(([key, { data }]) => [key, data]));
  mkdirSync(join(folder, "onnx"));
  const outputs = outputsOf?.(states, mask) ?? { last_hidden_state: states };
  writeFileSync(join(folder, "onnx", "model.onnx"), encodeOnnx(emitModel(outputs, { values })));
  return folder;
}

for (const type of ["bert", "distilbert"])
  test(`${type}: vectors are those that the weights give, with the modules behind`, async () => {
    const ours = openUnitEncoder(readEncoder(`test/golden/encoders/${type}`), 1);
    const expected = await ours.encode(texts);
    await ours.close();
    const encoder = await openRowEncoder([], { ...options, with: folderOf(type) });
    try {
      assert.equal(encoder.dim, ours.dim);
      assert.match(encoder.description, new RegExp(`the ${type} encoder`));
      const found = await encoder.encode(texts);
      assert.deepEqual(found.known, expected.known);
      for (const [i, value] of found.vectors.entries()) assert.ok(Math.abs(value - expected.vectors[i]) < 1e-5);
    } finally {
      await encoder.close();
    }
  });

test("openModel takes them: the vectors that the weights give", async () => {
  const models = await Promise.all(
    ["test/golden/encoders/bert", folderOf("bert", undefined, "opened")].map((one) => openModel(one)),
  );
  const [expected, found] = await Promise.all(models.map((model) => model.encode!(texts)));
  for (const [row, vector] of found.entries())
    for (const [i, value] of vector.entries())
      assert.ok(Math.abs(value - expected[row][i]) < 1e-5, `${texts[row]}, ${i}`);
  await Promise.all(models.map((model) => model.close()));
});

test("a graph without a mask: a text's vector does not depend on its neighbours", async () => {
  const ones = (ids: Tensor) => add(mul(cast(ids, "float32"), 0), 1);
  const encoder = await openRowEncoder([], { ...options, with: folderOf("bert", undefined, "maskless", ones) });
  try {
    const { dim } = encoder;
    const { vectors } = await encoder.encode(texts);
    for (const [row, text] of texts.entries()) {
      const alone = await encoder.encode([text]);
      for (const [i, value] of alone.vectors.entries())
        assert.ok(Math.abs(value - vectors[row * dim + i]) < 1e-6, `${text}: ${value} ${vectors[row * dim + i]}`);
    }
  } finally {
    await encoder.close();
  }
});

test("a process that does not start, or is gone, is an error", async () => {
  const path = join(folderOf("bert", undefined, "process"), "onnx", "model.onnx");
  const node = process.execPath;
  process.execPath = join(place, "no-node");
  const unstarted = startGraphProcess(path, 1);
  process.execPath = node;
  const message = /model\.onnx cannot be computed in a process of its own \(spawn .*no-node ENOENT\)/;
  for (let i = 0; i < 2; i++) await assert.rejects(unstarted.ask({ path, threads: 1 }), { name: "UserError", message });
  const closed = startGraphProcess(path, 1);
  await closed.ask({ path, threads: 1 });
  closed.close();
  for (let i = 0; i < 2; i++)
    await assert.rejects(closed.ask({ path, threads: 1 }), { name: "UserError", message: /was closed/ });
});

test("an index of them needs their folder no more", async () => {
  const folder = folderOf("bert", undefined, "moved");
  const table = join(place, "t.csv");
  writeFileSync(table, `body\n${texts.join("\n")}\n`);
  await indexTable(table, { text: ["body"], with: folder, out: join(place, "index"), threads: 1 });
  rmSync(folder, { recursive: true });
  const { matches } = await searchRows(join(place, "index"), "close the bank account with the card", { top: 1 });
  assert.equal(matches[0].row, 4);
});

test("files that are no encoder, are damaged, or are stopped", async () => {
  const open = (folder: string) => openRowEncoder([], { ...options, with: folder });
  const strange = folderOf("bert", (states) => ({ out: mul(states, input("scale", [], "float32")) }), "strange");
  const other = folderOf("bert", (_, mask) => ({ mask }), "other");
  const cut = folderOf("bert", undefined, "cut");
  truncateSync(join(cut, "onnx", "model.onnx"), 3000);
  const text = folderOf("bert", undefined, "text");
  writeFileSync(join(text, "onnx", "model.onnx"), "no graph");
  const failing: [string, RegExp][] = [
    [strange, /takes the input 'scale'/],
    [other, /takes no input_ids|gives 'mask' of shape/],
    [cut, /onnx.model\.onnx cannot be used: this ONNX file is damaged/],
    [text, /cannot be used: this ONNX file/],
  ];
  for (const [folder, message] of failing)
    await assert.rejects(async () => (await open(folder)).close(), { name: "UserError", message });
  const infinite = folderOf("bert", (states) => ({ last_hidden_state: div(states, sub(states, states)) }), "infinite");
  const broken = await open(infinite);
  await assert.rejects(broken.encode(texts), { name: "UserError", message: /gives -?(NaN|Infinity) as a number/ });
  await broken.close();
  const nested = folderOf("bert", undefined, "nested");
  rmSync(join(nested, "onnx", "model.onnx"));
  mkdirSync(join(nested, "onnx", "model.onnx"));
  assert.throws(() => readGraphEncoder(nested), { name: "UserError", message: /is a folder, not a file/ });
  const encoder = await open(folderOf("bert", undefined, "stopped"));
  const controller = new AbortController();
  const work = encoder.encode(new Array(5000).fill(texts[3]), { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(work, { name: "CancelledError" });
  await encoder.close();
  assert.ok(readFileSync(join(cut, "onnx", "model.onnx")).length === 3000);
});
