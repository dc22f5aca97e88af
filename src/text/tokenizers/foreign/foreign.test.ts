import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { UserError } from "../../../base/errors.js";
import { loadFramedTokenizer, loadTokenizer } from "../load-tokenizer.js";
import { normalizerOf } from "./normalizers.js";
import type { Json } from "./part.js";
import { preTokenizerOf } from "./pre-tokenizers.js";

interface Case {
  case: string;
  file: Json;
  ids: number[];
  framed?: number[];
  decoded?: number[];
  names: string;
}
const golden: {
  texts: string[];
  characters: string;
  cases: Case[];
  lists: number[][];
  strings: string[];
  sampled: [number, number][];
  refused: Case[];
  classes: Record<string, string>;
} = JSON.parse(readFileSync("test/golden/foreign-tokenizers.json", "utf8"));

const spellings = [...golden.characters].flatMap((character) => [character, `##${character}`]);
const pieces = {
  type: "WordPiece",
  unk_token: "[UNK]",
  continuing_subword_prefix: "##",
  max_input_chars_per_word: 10000,
  vocab: Object.fromEntries(["[UNK]", ...spellings].map((token, id) => [token, id])),
};
const fileOf = (parts: Json) =>
  JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: pieces,
    ...parts,
  });

test("every part of a tokenizer.json: the ids and texts of the Python library", async (t) => {
  for (const { case: name, file, ids, decoded } of golden.cases)
    await t.test(name, () => {
      const tokenizer = loadTokenizer(fileOf(file));
      for (const [i, text] of golden.texts.entries())
        for (let repeat = 0; repeat < 2; repeat++) {
          const list = golden.lists[ids[i]];
          assert.deepEqual([...tokenizer.encode(text)], list, JSON.stringify(text));
          if (!decoded) continue;
          const stream = tokenizer.decodeStream();
          assert.equal(tokenizer.decode(list), golden.strings[decoded[i]], `decoded ${JSON.stringify(text)}`);
          assert.equal(list.map((id) => stream.push(id)).join("") + stream.end(), golden.strings[decoded[i]]);
        }
    });
});

test("special tokens around a text, within the length", () => {
  const framed = golden.cases.filter((one) => one.framed);
  assert.ok(framed.length > 5);
  for (const { case: name, file, ids, framed: around } of framed) {
    const { encode, frame } = loadFramedTokenizer(fileOf(file));
    const [before, after] = [frame.before.length, frame.after.length];
    for (const [i, text] of golden.texts.entries()) {
      const [plain, list] = [golden.lists[ids[i]], golden.lists[around![i]]];
      assert.deepEqual([...encode(text, 10_000)], list, `${name} ${JSON.stringify(text)}`);
      const cut = [...list.slice(0, before), ...plain.slice(0, 2), ...list.slice(list.length - after)];
      assert.deepEqual([...encode(text, before + 2 + after)], cut, `${name} ${JSON.stringify(text)}`);
    }
  }
});

test("what is not computed as in Python is refused by name", () => {
  for (const { case: name, file, names } of golden.refused)
    assert.throws(
      () => loadFramedTokenizer(fileOf(file)),
      (error) => error instanceof UserError && new RegExp(names).test(error.message),
      name,
    );
});

test("code points of every block: normalized and split as in the Python library", () => {
  const parts = new Map(golden.cases.map(({ case: name, file }) => [name, file]));
  for (const [name, expected] of Object.entries(golden.classes)) {
    const normalizer = parts.get(`normalizer ${name}`)?.normalizer;
    const normalize = normalizerOf(normalizer ?? null);
    const split = preTokenizerOf(parts.get(`pre_tokenizer ${name}`)?.pre_tokenizer ?? null, true);
    const digest = createHash("sha256");
    for (const [from, to] of golden.sampled)
      for (let code = from; code < to; code++) {
        const character = String.fromCodePoint(code);
        const line = normalizer
          ? normalize(`a\u0345${character}\u0345\u0334a`)
          : split([{ text: `a${character}1`, isFirst: true }])
              .map(({ text }) => text)
              .join("\u0001");
        digest.update(code === 0 ? line : `\n${line}`);
      }
    assert.equal(digest.digest("hex"), expected, name);
  }
});
