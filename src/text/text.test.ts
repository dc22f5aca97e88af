import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../base/errors.js";
import { suggestMaxLength } from "./suggest-max-length.js";
import { decode } from "./word-piece/decode.js";
import { encode, encodeTexts, encodeWithOffsets } from "./word-piece/encode.js";
import { trainVocabulary } from "./word-piece/train-vocabulary.js";
import { createVocabulary, unknownId, type WordPieceVocabulary } from "./word-piece/vocabulary.js";
import { vocabularyFromJson, vocabularyToJson } from "./word-piece/vocabulary-json.js";
import { words } from "./words.js";

interface Case {
  case: string;
  tokenizer: string;
  texts: string[];
  ids: number[][];
  offsets: [number, number][][];
  decoded: string[];
  ranges: Record<string, [number, number][]>;
  sha256: string;
}
const { cases }: { cases: Case[] } = JSON.parse(readFileSync("test/golden/wordpiece.json", "utf8"));
const corpus = [
  "A good film, a good cast!",
  "Unwatchable. A bad film",
  "__proto__ of café 中文 😀",
  "café, 中文; 😀 __proto__",
];

test("encode: the ids, offsets and decoded texts of the Python library, from its own file, written the same", () => {
  for (const { tokenizer: json, texts, ids, offsets, decoded } of cases.filter((one) => one.case === "texts")) {
    const tokenizer = vocabularyFromJson(json);
    for (const [i, text] of texts.entries())
      for (let repeat = 0; repeat < 2; repeat++)
        assert.deepEqual(encode(tokenizer, text), ids[i], JSON.stringify(text));
    assert.deepEqual(encodeTexts(tokenizer, texts), ids);
    for (const [i, text] of texts.entries()) {
      const placed = encodeWithOffsets(tokenizer, text);
      assert.deepEqual(placed.ids, ids[i]);
      assert.deepEqual(
        placed.starts.map((start, k) => [start, placed.ends[k]]),
        offsets[i],
        JSON.stringify(text),
      );
      assert.equal(decode(tokenizer, ids[i]), decoded[i]);
    }
    assert.throws(() => decode(tokenizer, [2, tokenizer.tokens.length]), UserError);
    assert.deepEqual(JSON.parse(vocabularyToJson(tokenizer)), JSON.parse(json));
  }
});

test("words: every code point as the Python library", () => {
  const { ranges, sha256 } = cases.find((one) => one.case === "characters")!;
  const kinds = new Map<number, string>();
  for (const [kind, list] of Object.entries(ranges))
    for (const [from, to] of list) for (let code = from; code <= to; code++) kinds.set(code, kind);
  const lines: string[] = [];
  for (let code = 0; code < 0x110000; code++) {
    if (code === 0xd800) code = 0xe000;
    const found = words(`a${String.fromCodePoint(code)}b`);
    const kind =
      found[0] === "ab" && found.length === 1 ? "removed" : [undefined, "space", "isolated"][found.length - 1];
    if (kind !== kinds.get(code)) assert.fail(`U+${code.toString(16)} is ${kind}, not ${kinds.get(code)}`);
    lines.push(found.join(" "));
  }
  assert.equal(
    createHash("sha256")
      .update(`${lines.join("\n")}\n`)
      .digest("hex"),
    sha256,
  );
});

test("words: examples", () => {
  assert.deepEqual(words("Don't panic!"), ["don", "'", "t", "panic", "!"]);
  assert.deepEqual(words("ABC é", false), ["ABC", "é"]);
  assert.deepEqual(words("a\ud800b \udc00"), ["ab"]);
  assert.deepEqual(words(""), []);
});

test("trainTokenizer: words by count and code point, then characters and pieces", () => {
  const { tokens } = trainVocabulary(["b a b", "a \ufb01 \u{1d7ce}", "\u{1d7ce} \ufb01 xyz"]);
  assert.deepEqual(tokens, ["[PAD]", "[UNK]", "a", "b", "\ufb01", "\u{1d7ce}"]);
  const rare = ["ing", "walking", "talking", "jumping", "running", "singing", "eating", "making", "lying"];
  assert.ok(trainVocabulary(rare, { vocabSize: 300 }).ids.has("##ing"));
  const proto = trainVocabulary(["__proto__ constructor", "__proto__ constructor"]);
  assert.ok(!encode(proto, "proto constructor").includes(unknownId));
  for (let vocabSize = 3; vocabSize < 80; vocabSize++) {
    const { tokens: some } = trainVocabulary([...corpus, ...rare, ...rare], { vocabSize, minCount: 1 });
    assert.ok(some.length <= vocabSize);
    assert.equal(new Set(some).size, some.length);
  }
  assert.deepEqual(trainVocabulary([]).tokens, ["[PAD]", "[UNK]"]);
  for (const options of [{ vocabSize: 2 }, { vocabSize: Number.NaN }, { minCount: 0 }, { minCount: 1.5 }])
    assert.throws(() => trainVocabulary(corpus, options), UserError);
});

test("encode: cuts, and takes any text", () => {
  const tokenizer = trainVocabulary(corpus);
  assert.deepEqual(encode(tokenizer, "good film good", 2), encode(tokenizer, "good film"));
  assert.throws(() => encode(tokenizer, "good", 0), UserError);
  assert.deepEqual(encode(tokenizer, "[PAD][UNK]"), [0, unknownId]);
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
    fc
      .array(fc.constantFrom("good", "film", " ", "[PAD]", "__proto__", "toString", "é", "中", "😀"))
      .map((a) => a.join("")),
  );
  fc.assert(
    fc.property(
      fc.array(anything),
      anything,
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      (texts, text, lowercase, n) => {
        const made = trainVocabulary([...texts, ...corpus], { lowercase, minCount: 1 });
        const ids = encode(made, text);
        assert.ok(ids.every((id) => Number.isInteger(id) && id >= 0 && id < made.tokens.length));
        assert.deepEqual(encode(made, text, n), ids.slice(0, n));
        assert.equal(typeof decode(made, ids), "string");
        checkPlaces(made, text, ids);
        assert.deepEqual(encodeWithOffsets(made, text, n).starts, encodeWithOffsets(made, text).starts.slice(0, n));
        const loaded = vocabularyFromJson(vocabularyToJson(made));
        assert.deepEqual(loaded, made);
        assert.deepEqual(encode(loaded, text), ids);
        for (const known of texts.filter((one) => !one.includes("[") && words(one).every((word) => word.length <= 100)))
          assert.ok(!encode(made, known).includes(unknownId));
      },
    ),
    { seed: 7, numRuns: 100 },
  );
});

/** Places go forward within the text, and what stands there is the token, or becomes it by itself. */
function checkPlaces(tokenizer: WordPieceVocabulary, text: string, wanted: number[]) {
  const { ids, starts, ends } = encodeWithOffsets(tokenizer, text);
  assert.deepEqual(ids, wanted);
  for (const [i, id] of ids.entries()) {
    assert.ok(0 <= starts[i] && starts[i] < ends[i] && ends[i] <= text.length);
    if (i > 0) assert.ok(starts[i - 1] <= starts[i] && ends[i - 1] <= ends[i]);
    const there = text.slice(starts[i], ends[i]);
    // The two units of a lower-cased dotted capital I have one place.
    if (id < 2 || there.includes("\u0130")) continue;
    assert.equal(words(there, tokenizer.lowercase).join(""), tokenizer.tokens[id].replace(/^##(?=.)/s, ""));
  }
}

test("encode: remembers words, forgets them, and gives the same ids", () => {
  const tokenizer = createVocabulary(["[PAD]", "[UNK]", ...[..."0123456789"].flatMap((c) => [c, `##${c}`])]);
  const spelled = (word: string) => [...word].map((c, i) => 2 + 2 * Number(c) + (i > 0 ? 1 : 0));
  for (let from = 0; from < 300_000; from += 1000) {
    const numbers = Array.from({ length: 1000 }, (_, i) => String(from + i));
    assert.deepEqual(encode(tokenizer, numbers.join(" ")), numbers.flatMap(spelled));
  }
  assert.deepEqual(encode(tokenizer, "17 299999 0"), ["17", "299999", "0"].flatMap(spelled));
  assert.deepEqual(encode(tokenizer, `${"1".repeat(100)} ${"1".repeat(101)}`), [...spelled("1".repeat(100)), 1]);
  // 100 characters that are left of more.
  assert.deepEqual(encode(tokenizer, `${"\u200b\u200b1".repeat(100)} 2`), [
    ...spelled("1".repeat(100)),
    ...spelled("2"),
  ]);
});

test("fromTokenizerJson: other layouts are refused", () => {
  const good = vocabularyToJson(trainVocabulary(corpus));
  const changed = (change: (layout: ReturnType<typeof JSON.parse>) => void) => {
    const layout = JSON.parse(good);
    change(layout);
    return JSON.stringify(layout);
  };
  const wrong = [
    "",
    "null",
    "[]",
    "{}",
    '{"model":{"vocab":{}}}',
    good.slice(0, -10),
    changed((l) => delete l.pre_tokenizer),
    changed((l) => (l.model.type = "BPE")),
    changed((l) => (l.model.vocab.good = 0)),
    changed((l) => (l.model.vocab.good = 1e9)),
    changed((l) => (l.model.vocab.good = "3")),
    changed((l) => delete l.model.vocab["[PAD]"]),
    changed((l) => ([l.model.vocab["[PAD]"], l.model.vocab["[UNK]"]] = [1, 0])),
    changed((l) => (l.normalizer.strip_accents = null)),
    changed((l) => (l.post_processor = { type: "BertProcessing" })),
    changed((l) => (l.truncation = { max_length: 3 })),
    changed((l) => l.added_tokens.pop()),
  ];
  for (const json of wrong) assert.throws(() => vocabularyFromJson(json), UserError, json.slice(0, 80));
});

test("suggestMaxLength: nearly all texts whole, never longer than the longest", () => {
  assert.equal(suggestMaxLength([]), 1);
  assert.equal(suggestMaxLength([0, 0]), 1);
  assert.equal(suggestMaxLength([3, 5, 9, 4]), 9);
  assert.equal(suggestMaxLength([...new Array(99).fill(10), 500]), 16);
});
