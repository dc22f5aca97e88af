// columnist tokenize with tokenizers of every kind.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type Tokenizer, trainByteLevelBpe, trainCharacters, trainWordPiece } from "../../src/text/tokenizers/index.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-tokenize-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

const texts = ["The cat 😀 sat.", "", "On the mat, the cat sat.\nTwice", "  ", "Ünï 😀😀 the"];
let tokenizers: Record<string, Tokenizer>;

before(async () => {
  const corpus = [texts, ["the cat and the mat"]];
  tokenizers = {
    bpe: await trainByteLevelBpe(corpus, { vocabSize: 280, threads: 1 }),
    wordpiece: await trainWordPiece(corpus, { vocabSize: 80, threads: 1 }),
    characters: await trainCharacters([["The cat saton ,."]]),
  };
  for (const [name, tokenizer] of Object.entries(tokenizers)) {
    mkdirSync(at(name));
    writeFileSync(join(at(name), "tokenizer.json"), tokenizer.toJson());
  }
  writeFileSync(at("texts.jsonl"), texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
  writeFileSync(at("a.txt"), texts[0]);
  writeFileSync(at("b.txt"), texts[2]);
});

interface Row {
  row: number;
  ids: number[];
  tokens: string[];
  offsets: [number, number][];
}
const lines = (text: string): Row[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("ids, tokens and places of every row, as JSON Lines, JSON and Parquet", () => {
  for (const [name, tokenizer] of Object.entries(tokenizers)) {
    const { code, stdout, stderr } = columnist(["tokenize", at(name), at("texts.jsonl"), "--text", "text"]);
    assert.equal(code, 0, stderr);
    const rows = lines(stdout);
    assert.deepEqual(
      rows.map(({ row }) => row),
      [1, 2, 3, 4, 5],
    );
    for (const [i, { ids, tokens, offsets }] of rows.entries()) {
      assert.deepEqual(ids, [...tokenizer.encode(texts[i])]);
      assert.deepEqual(
        tokens,
        ids.map((id) => tokenizer.idToToken(id)),
      );
      const { starts, ends } = tokenizer.encodeWithOffsets(texts[i]);
      const characters = [...texts[i]];
      for (const [k, [from, to]] of offsets.entries())
        assert.equal(characters.slice(from, to).join(""), texts[i].slice(starts![k], ends![k]));
    }
    const file = ["--text", "text", "--threads", "2", "--json", "--out"];
    const written = columnist([
      "tokenize",
      join(at(name), "tokenizer.json"),
      at("texts.jsonl"),
      ...file,
      at("ids.parquet"),
    ]);
    assert.equal(written.code, 0, written.stderr);
    const { rows: count, withoutText, tokens, tokenizer: found } = JSON.parse(written.stdout);
    assert.deepEqual([count, withoutText], [5, 2]);
    assert.equal(tokens, rows.flatMap(({ ids }) => ids).length);
    assert.deepEqual(found, { kind: tokenizer.kind, vocabSize: tokenizer.vocabSize });
    const utf16 = columnist([
      ...[
        "tokenize",
        at(name),
        at("texts.jsonl"),
        "--offsets",
        "utf-16",
        "--out",
        at("ids.jsonl.gz"),
        "--text",
        "text",
      ],
    ]);
    assert.equal(utf16.code, 0, utf16.stderr);
    const placed = lines(gunzipSync(readFileSync(at("ids.jsonl.gz"))).toString());
    const { starts, ends } = tokenizer.encodeWithOffsets(texts[0]);
    assert.deepEqual(
      placed[0].offsets,
      Array.from(starts!, (start, k) => [start, ends![k]]),
    );
    // Parquet holds the same: it is read as a table again.
    const again = columnist([
      "tokenize",
      at(name),
      at("ids.parquet"),
      "--query",
      "SELECT ids::VARCHAR AS i FROM input",
      "--text",
      "i",
    ]);
    assert.equal(again.code, 0, again.stderr);
  }
});

test("text files are one text each; --json without --out is one document", () => {
  const { code, stdout } = columnist(["tokenize", at("bpe"), at("?.txt"), "--json"]);
  assert.equal(code, 0);
  const { rows, texts: found, lm } = JSON.parse(stdout);
  assert.deepEqual([rows, lm], [2, at("bpe")]);
  assert.deepEqual(
    found.map(({ ids }: Row) => tokenizers.bpe.decode(ids)),
    [texts[0], texts[2]],
  );
});

test("a long text takes several rows with its number, and its places go on", () => {
  const long = `${"the cat sat. ".repeat(25_000)}😀${" the mat".repeat(300_000)}`;
  writeFileSync(at("long.txt"), long);
  const { code } = columnist([
    "tokenize",
    at("characters"),
    at("long.txt"),
    "--out",
    at("long.jsonl"),
    "--threads",
    "2",
  ]);
  assert.equal(code, 0);
  const rows = lines(readFileSync(at("long.jsonl"), "utf8"));
  assert.ok(rows.length > 20 && rows.every(({ row, ids }) => row === 1 && ids.length <= 100_000));
  assert.deepEqual(
    rows.flatMap(({ offsets }) => offsets.map(([from]) => from)),
    [...long].map((_, i) => i),
  );
});

test("wrong input: exit code 2, a next step, nothing left behind", () => {
  const wrong: [string[], RegExp][] = [
    [[at("none"), at("texts.jsonl")], /There is no '.*none'.*Specify a model folder/],
    [[folder, at("texts.jsonl")], /has no tokenizer\.json/],
    [[at("a.txt"), at("texts.jsonl")], /a\.txt: .*not JSON/],
    [[at("bpe"), at("texts.jsonl")], /No text column is specified/],
    [[at("bpe"), at("texts.jsonl"), "--text", "texd"], /Did you mean 'text'/],
    [[at("bpe"), at("texts.jsonl"), "--text", "text", "--out", at("x.csv")], /x\.csv' has no supported extension/],
    [[at("bpe"), at("texts.jsonl"), "--text", "text", "--out", at("no/x.jsonl")], /There is no folder/],
    [[at("bpe"), at("texts.jsonl"), "--text", "text", "--offsets", "bytes"], /one of code-points, utf-16/],
  ];
  const there = readdirSync(folder);
  for (const [args, pattern] of wrong) {
    const { code, stderr } = columnist(["tokenize", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, pattern);
  }
  assert.deepEqual(readdirSync(folder), there);
});
