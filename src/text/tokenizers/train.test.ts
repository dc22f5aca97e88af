import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { UserError } from "../../base/errors.js";
import { wordOf } from "../word-table.js";
import { countWords } from "./count-words.js";
import type { Splitting } from "./splitters.js";
import { trainByteLevelBpe } from "./train-byte-level-bpe.js";
import { trainCharacters } from "./train-characters.js";
import { trainWordPiece } from "./train-word-piece.js";

interface Case {
  case: string;
  tokenizer: string;
  corpus: string[];
  options: { vocabSize?: number; minCount?: number };
}
const { cases }: { cases: Case[] } = JSON.parse(readFileSync("test/golden/language-tokenizers.json", "utf8"));
const golden = (name: string) => cases.find((one) => one.case === name)!;

test("bpe: the vocabulary and merges of the Python library from the same texts, on any number of threads", async () => {
  const { tokenizer: json, corpus, options } = golden("bpe");
  const expected = JSON.parse(json).model;
  for (const threads of [1, 2, 3]) {
    const trained = await trainByteLevelBpe([corpus.slice(0, 3), corpus.slice(3)], { ...options, threads });
    const { vocab, merges } = JSON.parse(trained.toJson()).model;
    assert.deepEqual(vocab, expected.vocab);
    assert.deepEqual(
      merges.map((merge: string) => merge.split(" ")),
      expected.merges,
    );
  }
});

test("wordpiece: the vocabulary of the Python library from the same texts, but for the order of ties", async () => {
  const { tokenizer: json, corpus, options } = golden("wordpiece");
  const expected = Object.keys(JSON.parse(json).model.vocab);
  for (const threads of [1, 2]) {
    const trained = await trainWordPiece([corpus.slice(0, 3), corpus.slice(3)], { ...options, threads });
    const { model, added_tokens } = JSON.parse(trained.toJson());
    assert.deepEqual(Object.keys(model.vocab).sort(), expected.sort());
    assert.deepEqual(added_tokens, JSON.parse(json).added_tokens);
    for (const text of corpus) {
      const ids = trained.encode(text);
      assert.ok(!ids.includes(trained.roles.unknown!));
      assert.equal(trained.decode(ids).replaceAll(" ", ""), text.replaceAll(/\s/g, ""));
    }
  }
});

test("characters: the vocabulary in code-point order; the rarest give way", async () => {
  const { tokenizer: json, corpus } = golden("characters");
  const trained = JSON.parse((await trainCharacters([corpus])).toJson());
  assert.deepEqual(trained.model.vocab, JSON.parse(json).model.vocab);
  assert.deepEqual(trained.added_tokens, JSON.parse(json).added_tokens);
  const small = await trainCharacters([["abbccc", "\ud800"]], { vocabSize: 4 });
  assert.deepEqual(Object.keys(JSON.parse(small.toJson()).model.vocab), ["<|endoftext|>", "<unk>", "b", "c"]);
  assert.equal(small.decode(small.encode("abcab")), "bcb");
});

test("countWords: the same on any number of threads, the rarest forgotten when there are too many", async () => {
  // The last half of the texts is mostly new words.
  const texts = Array.from({ length: 12 }, (_, i) =>
    Array.from({ length: 1200 }, (_, k) => ` w${k % 50} x${i < 6 ? k % 90 : i * 2000 + k}`).join(""),
  );
  async function* batches() {
    for (const text of texts) yield [text];
  }
  const counted = async (splitting: Splitting, threads: number, mostWords?: number) => {
    const { words, counts } = await countWords(batches(), { splitting, threads, mostWords, shardLength: 20_000 });
    return new Map(Array.from({ length: words.count }, (_, i) => [wordOf(words, i), counts[i]]));
  };
  for (const most of [undefined, 1000]) {
    const one = await counted("gpt2", 1, most);
    assert.deepEqual(await counted("gpt2", 2, most), one);
    assert.equal(one.get(" w"), 12 * 1200);
    if (most !== undefined) assert.ok(one.size < 4000, String(one.size));
  }
});

test("options out of range and empty texts are refused", async () => {
  await assert.rejects(trainByteLevelBpe([["a"]], { vocabSize: 256 }), UserError);
  await assert.rejects(trainByteLevelBpe([["a"]], { minCount: 0 }), UserError);
  await assert.rejects(trainByteLevelBpe([[""], []]), /no text/);
  await assert.rejects(trainCharacters([[""]]), /no text/);
  await assert.rejects(trainCharacters([["a"]], { vocabSize: 2 }), UserError);
});
