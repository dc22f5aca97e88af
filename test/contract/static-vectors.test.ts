// Static vectors: folders of model2vec and sentence-transformers as in Python, and those that distil makes of an encoder.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readVectorsFolder, type TokenReader, vectorOf, wordLookup } from "../../src/embeddings/index.js";
import { openFolder } from "../../src/folders/index.js";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import { openTextEncoder } from "../../src/networks/encoders/index.js";
import { encoderTypes, readEncoder, readStaticVectors } from "../../src/networks/hugging-face/index.js";
import { withoutLastNorm } from "../../src/networks/tuned-encoder/index.js";
import { tokenShares } from "../../src/row-vectors/distil-encoder.js";
import { readIndexEncoder } from "../../src/row-vectors/index-folder.js";
import { encodeTokenRows } from "../../src/row-vectors/token-rows.js";
import { openModel } from "../../src/tasks/open-model.js";
import { distilVectors } from "../../src/workflows/distil/run.js";
import { embedTable } from "../../src/workflows/embed/run.js";
import { evaluateEmbeddings } from "../../src/workflows/embeddings-evaluate/run.js";
import { indexTable } from "../../src/workflows/index/run.js";
import { inspectModel } from "../../src/workflows/inspect/run.js";
import { searchRows } from "../../src/workflows/search/run.js";
import { findSimilar } from "../../src/workflows/similar/run.js";
import { findTableTopics } from "../../src/workflows/topics/run.js";
import { type Golden, type GoldenTensor, readGolden } from "../golden/read.js";

const place = mkdtempSync(join(tmpdir(), "columnist-static-"));
after(() => rmSync(place, { recursive: true, force: true }));
const bert = "test/golden/encoders/bert";
const { cases, texts } = readGolden<{ vectors: GoldenTensor }>("static-vectors") as Golden<{
  vectors: GoldenTensor;
}> & { texts: string[] };

const phrases = ["my card is lost", "where is my money", "close the bank account", "pay the fee with card"];
const rows = Array.from({ length: 40 }, (_, i) => `${phrases[i % 4]} ${"abcdefghij"[i % 10]}`);
const table = join(place, "t.csv");
writeFileSync(table, `id,body\n${rows.map((text, i) => `${i},${text}`).join("\n")}\n40,\n`);

for (const { case: name, vectors } of cases)
  test(`${name}: vectors of texts are Python's`, async () => {
    const words = await readStaticVectors(`test/golden/static/${name}`);
    const found = encodeTokenRows(wordLookup(words), words.tokens!, texts);
    assert.deepEqual([texts.length, words.dim], vectors.shape);
    for (const [i, value] of found.vectors.entries())
      assert.ok(Math.abs(value - vectors.data[i]) < 2e-6, `${i}: ${value} ${vectors.data[i]}`);
  });

test("distil: the encoder's vectors of the tokens, along components of texts, each by its weight", async () => {
  const out = join(place, "whole");
  const result = await distilVectors(bert, undefined, { out, dimensions: 16, threads: 1 });
  assert.deepEqual([result.dim, result.texts], [16, 0]);
  const { vectors: words, facts } = await readVectorsFolder(out);
  assert.deepEqual(
    [facts.method, facts.tokenizer, facts.words],
    ["distilled", { lowercase: false }, words.words.length],
  );
  const share = tokenShares(words.tokens!);
  assert.ok(Math.abs(share.reduce((a, b) => a + b, 0) - 1) < 1e-9);
  const weightOf = (id: number) => 1e-3 / (1e-3 + share[id]);
  const plain = words.words.map((_, id) =>
    [...words.vectors.subarray(id * 16, (id + 1) * 16)].map((value) => value / weightOf(id)),
  );
  // In texts they have the mean 0, and are uncorrelated, with deviations that fall.
  const total = share.reduce((sum, one, id) => sum + one * weightOf(id) ** 2, 0);
  const covariance = (a: number, b: number) =>
    plain.reduce((sum, one, id) => sum + share[id] * weightOf(id) ** 2 * one[a] * one[b], 0) / total;
  for (let a = 0; a < 16; a++) {
    assert.ok(Math.abs(plain.reduce((sum, one, id) => sum + share[id] * weightOf(id) * one[a], 0)) < 1e-4);
    for (let b = 0; b < a; b++) assert.ok(Math.abs(covariance(a, b)) < 1e-4);
    assert.ok(a === 0 || covariance(a, a) < covariance(a - 1, a - 1));
  }
  // With the roots of the deviations put back, they are as far from each other as the encoder's.
  const roots = Array.from({ length: 16 }, (_, d) => covariance(d, d) ** 0.5);
  const chosen = words.words.filter((word) => /^[a-z]{2,}$/.test(word)).slice(0, 5);
  assert.equal(chosen.length, 5);
  const model = readEncoder(bert);
  const encoder = openTextEncoder({ ...model, vector: withoutLastNorm(model.vector) }, 1);
  const { vectors } = await encoder.encode(chosen);
  await encoder.close();
  const ids = chosen.map((word) => words.ids.get(word)!);
  for (let a = 0; a < chosen.length; a++)
    for (let b = 0; b < a; b++) {
      const own = Math.hypot(...roots.map((root, d) => root * (plain[ids[a]][d] - plain[ids[b]][d])));
      const theirs = Math.hypot(...roots.map((_, d) => vectors[a * 16 + d] - vectors[b * 16 + d]));
      assert.ok(Math.abs(own - theirs) < 1e-4, `${chosen[a]}, ${chosen[b]}: ${own} ${theirs}`);
    }
  assert.ok(words.vectors.subarray(0, 5 * 16).every((value) => value === 0));
  assert.equal(vectorOf(words, "[CLS]"), undefined);
});

test("distil: fewer dimensions are the first ones; a table's tokens are counted beside Zipf's law", async () => {
  const read = async (name: string, given: Parameters<typeof distilVectors>[2], from?: string) => {
    await distilVectors(bert, from, { out: join(place, name), threads: 2, ...given });
    return readVectorsFolder(join(place, name));
  };
  const { vectors: whole } = await readVectorsFolder(join(place, "whole"));
  const { vectors: small } = await read("small", { dimensions: 4 });
  for (let id = 0; id < small.words.length; id++)
    assert.deepEqual(small.vectors.subarray(id * 4, id * 4 + 4), whole.vectors.subarray(id * 16, id * 16 + 4));
  const { vectors: counted, facts } = await read("counted", { dimensions: 4, text: ["body"] }, table);
  const tokens = rows.reduce((count, text) => count + small.tokens!.encode(text).length, 0);
  assert.deepEqual(facts.data, { source: table, texts: 41, tokens });
  assert.notDeepEqual(counted.vectors, small.vectors);
  const counts = new Float64Array(small.words.length);
  counts[small.ids.get("my")!] = 20;
  const [zipf, both] = [tokenShares(small.tokens!), tokenShares(small.tokens!, counts)];
  const my = small.ids.get("my")!;
  assert.ok(Math.abs(both[my] - (20 + 1e4 * zipf[my]) / 10_020) < 1e-12);
});

test("openModel refuses them by name, with the next step", async () => {
  for (const { case: name } of cases)
    await assert.rejects(openModel(`test/golden/static/${name}`), {
      name: "UserError",
      message: new RegExp(`static/${name}' holds static vectors of tokens.*with.*embedTable`),
    });
});

test("no shares where all tokens are special", () => {
  const tokenizer = {
    vocabSize: 2,
    specials: new Map([
      ["a", 0],
      ["b", 1],
    ]),
    idToToken: (id: number) => "ab"[id],
  };
  const tokens = { tokenizer } as unknown as TokenReader;
  assert.deepEqual([...tokenShares(tokens), ...tokenShares(tokens, new Float64Array(2))], [0, 0, 0, 0]);
});

test("an index whose words do not fit its weights keeps no file open", {
  skip: !existsSync("/proc/self/fd") && "open files are told by /proc",
}, async () => {
  const out = join(place, "sif");
  await indexTable(table, { text: ["body"], out, threads: 1 });
  const open = () => readdirSync("/proc/self/fd").length;
  const folder = openFolder(out, "row-index");
  rmSync(join(out, "sif.safetensors"));
  const before = open();
  for (let i = 0; i < 3; i++) await assert.rejects(readIndexEncoder(folder, 1));
  assert.equal(open(), before);
});

test("distil takes encoders of every architecture", async () => {
  for (const type of encoderTypes) {
    const out = join(place, `of-${type}`);
    const messages: string[] = [];
    const watch = { onMessage: (message: string) => void messages.push(message) };
    const { dim } = await distilVectors(`test/golden/encoders/${type}`, undefined, { out, threads: 1 }, watch);
    assert.match(messages.join(), new RegExp(`${dim} dimensions, not 256`));
    const { vectors } = await readVectorsFolder(out);
    // Whatever stands before a word in this tokenizer.
    assert.ok(vectorOf(vectors, "card"), type);
  }
});

test("commands take them: rows do not depend on the table, the index needs their folder no more", async () => {
  const from = join(place, "whole");
  const moved = join(place, "moved");
  cpSync(from, moved, { recursive: true });
  const vectorsOf = async (source: string) => {
    const out = join(place, "rows.jsonl");
    const { withoutVector } = await embedTable(source, { text: ["body"], with: moved, out, threads: 1 });
    const lines = readFileSync(out, "utf8").trim().split("\n");
    return { withoutVector, vectors: lines.map((line) => (JSON.parse(line) as { vector: number[] }).vector) };
  };
  const all = await vectorsOf(table);
  assert.equal(all.withoutVector, 1);
  const one = join(place, "one.csv");
  writeFileSync(one, `body\n${rows[3]}\n`);
  assert.deepEqual((await vectorsOf(one)).vectors[0], all.vectors[3]);
  const direct = await searchRows(table, "card lost", { text: ["body"], with: moved, top: 3 });
  await indexTable(table, { text: ["body"], with: moved, out: join(place, "index"), threads: 1 });
  rmSync(moved, { recursive: true });
  const indexed = await searchRows(join(place, "index"), "card lost", { top: 3 });
  assert.deepEqual(
    indexed.matches.map(({ text }) => text),
    direct.matches.map(({ text }) => text),
  );
  assert.equal((await inspectModel(join(place, "index"))).kind, "row-index");
  const folder = openFolder(join(place, "index"), "row-index");
  const other = { ...folder, facts: { ...folder.facts, dim: folder.facts.dim + 1 } };
  const message = /index.words does not match the vectors of the index\. Build the index again/;
  await assert.rejects(readIndexEncoder(other, 1), { name: "UserError", message });
  for (const source of [from, "test/golden/static/sentence"]) {
    const { topics } = await findTableTopics(table, { text: ["body"], with: source, topics: "2" });
    assert.equal(topics.length, 2);
    const { words } = await findSimilar(source, ["card"], { top: 3 });
    assert.ok(words.length === 3 && words.every(({ word }) => word !== "card"));
  }
  const pairs = join(place, "pairs.tsv");
  writeFileSync(pairs, "card\tmoney\t5\npay\tfee\t7\nlost\tbank\t1\n");
  const { similarity } = await evaluateEmbeddings(from, { similarity: [pairs] });
  assert.equal(similarity[0].covered, 3);
});

test("what cannot be distilled is told, with the next step", async () => {
  const out = join(place, "never");
  const decoder = "test/golden/decoders/llama";
  const failing: [Parameters<typeof distilVectors>, RegExp][] = [
    [[decoder, undefined, { out }], /writes texts.*an encoder is needed/],
    [["test/golden/gguf/llama.gguf", undefined, { out }], /GGUF file/],
    [["test/golden/static/model2vec", undefined, { out }], /static vectors already.*with/],
    [[join(place, "whole"), undefined, { out }], /folder of columnist.*columnist export/],
    [[bert, undefined, { out, text: ["body"] }], /text needs a table/],
    [[bert, table, { out, text: ["bod"] }], /bod/],
    [[bert, undefined, { out: bert }], /not empty and contains no word vectors/],
    [[bert, undefined, { out: join(bert, "vectors") }], /inside .* an input/],
  ];
  for (const [given, message] of failing) await assert.rejects(distilVectors(...given), { name: "UserError", message });
  await assert.rejects(findSimilar(bert, ["card"]), { name: "UserError", message: /columnist distil/ });
});

test("damaged static folders are told", async () => {
  const folder = join(place, "damaged");
  const write = (change: (file: ReturnType<typeof decodeSafetensors>["tensors"]) => void, modules?: object) => {
    rmSync(folder, { recursive: true, force: true });
    cpSync("test/golden/static/model2vec", folder, { recursive: true });
    const path = join(folder, "model.safetensors");
    const { tensors } = decodeSafetensors(readFileSync(path));
    change(tensors);
    writeFileSync(path, encodeSafetensors(tensors));
    if (modules) writeFileSync(join(folder, "modules.json"), JSON.stringify(modules));
  };
  const failing: [() => void, RegExp][] = [
    [() => write((all) => all.delete("embeddings")), /no matrix 'embeddings'/],
    [() => write((all) => all.delete("mapping")), /vectors for \d+ tokens, but tokenizer\.json gives ids up to/],
    [() => write((all) => all.get("mapping")!.data.fill(-1n as never)), /mapping leads to row -1/],
    [() => write((all) => all.get("embeddings")!.data.fill(Number.NaN as never)), /NaN/],
    [
      () => write((all) => void all.set("weights", { shape: [2], data: new Float32Array(2) })),
      /weights has the shape \[2\]/,
    ],
    [
      () =>
        write(() => {}, [
          { path: "", type: "a.StaticEmbedding" },
          { path: "1_Dense", type: "a.Dense" },
        ]),
      /module 'Dense'.*Normalize/,
    ],
    [() => write(() => {}, [{ path: "../x", type: "a.StaticEmbedding" }]), /not the name of a folder/],
  ];
  for (const [damage, message] of failing) {
    damage();
    await assert.rejects(readStaticVectors(folder), { name: "UserError", message });
  }
});
