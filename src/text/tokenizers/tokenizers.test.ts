import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../../base/errors.js";
import { encodeBatches } from "./encode-batches.js";
import { loadTokenizer } from "./load-tokenizer.js";
import { letter, numeral, spaceClass, splitClasses } from "./split-classes.js";
import { pieceEnd } from "./split-pieces.js";

interface Case {
  case: string;
  tokenizer: string;
  texts: string[];
  ids: number[][];
  offsets: [number, number][][];
  decoded: string[];
  ranges: Record<"letter" | "numeral" | "space", [number, number][]>;
  sha256: string;
}
const { cases }: { cases: Case[] } = JSON.parse(readFileSync("test/golden/language-tokenizers.json", "utf8"));
const golden = (name: string) => cases.find((one) => one.case === name)!;
const kinds = ["bpe", "wordpiece", "characters"] as const;

for (const kind of kinds)
  test(`${kind}: the ids, offsets and texts of the Python library, from its own file and from ours`, () => {
    const { tokenizer: json, texts, ids, offsets, decoded } = golden(kind);
    const first = loadTokenizer(json);
    assert.equal(first.kind, kind);
    assert.equal(first.toJson(), json);
    for (const tokenizer of [first, loadTokenizer(json)])
      for (const [i, text] of texts.entries())
        for (let repeat = 0; repeat < 2; repeat++) {
          assert.deepEqual([...tokenizer.encode(text)], ids[i], JSON.stringify(text));
          const placed = tokenizer.encodeWithOffsets(text);
          assert.deepEqual([...placed.ids], ids[i]);
          assert.deepEqual(
            Array.from(placed.starts!, (start, k) => [start, placed.ends![k]]),
            offsets[i],
            text,
          );
          assert.equal(tokenizer.decode(ids[i]), decoded[i]);
          const stream = tokenizer.decodeStream();
          assert.equal(ids[i].map((id) => stream.push(id)).join("") + stream.end(), decoded[i]);
        }
    assert.throws(() => first.decode([first.vocabSize]), UserError);
  });

test("splitting: every code point as the Python library", () => {
  const { ranges, sha256 } = golden("classes");
  const found = splitClasses();
  const expected = new Uint8Array(0x110000);
  for (const [name, kind] of Object.entries({ letter, numeral, space: spaceClass }))
    for (const [from, to] of ranges[name as keyof typeof ranges]) expected.fill(kind, from, to + 1);
  assert.deepEqual(found, expected);
  const digest = createHash("sha256");
  for (const [from, to] of [
    [0, 0x3400],
    [0xfe00, 0x10400],
    [0x1f000, 0x1fb00],
  ])
    for (let code = from; code < to; code++) {
      const c = String.fromCodePoint(code);
      digest.update(`${pieces(`a${c}1${c}${c} ${c}!${c}  ${c}`).join("\u0001")}\n`);
    }
  assert.equal(digest.digest("hex"), sha256);
});

test("splitting: any text is put together again by its pieces, and equals GPT-2's pattern", () => {
  // Node's own classes are of another Unicode; only characters on which the two agree are drawn.
  const pattern = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
  const common = fc.constantFrom(..." \n\t\u00a0'strevmldSTabéß中日😀𝔞1٣½.!-_\u0301\u200d");
  fc.assert(
    fc.property(fc.array(common, { maxLength: 40 }), (characters) => {
      const text = characters.join("");
      assert.deepEqual(pieces(text), text.match(pattern) ?? []);
    }),
    { numRuns: 2000 },
  );
});

test("bpe and characters: any text of theirs comes back, and places cover it", () => {
  for (const kind of ["bpe", "characters"]) {
    const tokenizer = loadTokenizer(golden(kind).tokenizer);
    const own = Array.from({ length: tokenizer.vocabSize }, (_, id) => tokenizer.idToToken(id)!);
    const any =
      kind === "bpe"
        ? fc.string({ unit: "binary" })
        : fc.array(fc.constantFrom(...own.filter((token) => token.length <= 2))).map((parts) => parts.join(""));
    fc.assert(
      fc.property(any, (text) => {
        const { ids, starts, ends } = tokenizer.encodeWithOffsets(text);
        assert.deepEqual(ids, tokenizer.encode(text));
        assert.equal(tokenizer.decode(ids), text);
        assert.equal(Buffer.concat(Array.from(ids, tokenizer.tokenBytes)).toString(), text);
        let covered = 0;
        for (let i = 0; i < ids.length; i++) {
          assert.ok(starts![i] <= covered && ends![i] > starts![i]);
          covered = ends![i];
        }
        assert.equal(covered, text.length);
      }),
    );
  }
});

test("half a surrogate pair counts as U+FFFD", () => {
  for (const kind of ["bpe", "characters"]) {
    const tokenizer = loadTokenizer(golden(kind).tokenizer);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", " ", "\ud83d", "\ude00", "\ufffd") }), (text) => {
        const wellFormed = text.replace(/[\ud800-\udfff]/gu, "\ufffd");
        const placed = tokenizer.encodeWithOffsets(text);
        assert.deepEqual(placed, tokenizer.encodeWithOffsets(wellFormed.length === text.length ? wellFormed : text));
        assert.deepEqual(placed.ids, tokenizer.encode(wellFormed));
      }),
    );
  }
});

test("a word of a million characters is encoded in linear time", () => {
  const tokenizer = loadTokenizer(golden("bpe").tokenizer);
  const text = "the".repeat(350_000);
  assert.equal(tokenizer.decode(tokenizer.encode(text)), text);
});

test("any other arrangement: the library's ids and texts, without places", () => {
  const { tokenizer: json, texts, ids, decoded } = golden("foreign");
  const tokenizer = loadTokenizer(json);
  assert.equal(tokenizer.kind, "foreign");
  assert.equal(tokenizer.toJson(), json);
  assert.deepEqual([tokenizer.roles.unknown, tokenizer.roles.endOfText], [0, 1]);
  for (const [i, text] of texts.entries()) {
    const placed = tokenizer.encodeWithOffsets(text);
    assert.deepEqual([...placed.ids], ids[i], JSON.stringify(text));
    assert.equal(placed.starts, undefined);
    assert.equal(tokenizer.decode(ids[i]), decoded[i]);
    const stream = tokenizer.decodeStream();
    assert.equal(ids[i].map((id) => stream.push(id)).join("") + stream.end(), decoded[i]);
  }
  assert.equal(Buffer.from(tokenizer.tokenBytes(tokenizer.tokenToId("▁the")!)).toString(), " the");
  assert.throws(() => tokenizer.decode([tokenizer.vocabSize]), UserError);
});

test("encodeBatches: what encode gives, in order, on any number of threads", async () => {
  for (const kind of kinds) {
    const tokenizer = loadTokenizer(golden(kind).tokenizer);
    const { texts } = golden(kind);
    const batches = Array.from({ length: 30 }, (_, i) => texts.slice(i % 7, (i % 7) + (i % 5)));
    for (const threads of [1, 2, 3])
      for (const offsets of [false, true]) {
        let i = 0;
        for await (const { ids, textsAt, starts, ends } of encodeBatches(tokenizer, batches, { threads, offsets })) {
          const placed = batches[i].map((text) => tokenizer.encodeWithOffsets(text));
          assert.deepEqual(
            batches[i].map((_, k) => ids.slice(textsAt[k], textsAt[k + 1])),
            placed.map((one) => one.ids),
          );
          assert.deepEqual(starts && [...starts], offsets ? placed.flatMap((one) => [...one.starts!]) : undefined);
          assert.deepEqual(ends && [...ends], offsets ? placed.flatMap((one) => [...one.ends!]) : undefined);
          i++;
        }
        assert.equal(i, batches.length);
      }
  }
});

test("encodeBatches: a source that fails is heard, a loop that is left ends the workers", async () => {
  const tokenizer = loadTokenizer(golden("bpe").tokenizer);
  async function* failing() {
    yield ["a"];
    throw new UserError("The source is broken.");
  }
  const all = async () => {
    for await (const _ of encodeBatches(tokenizer, failing(), { threads: 2 }));
  };
  await assert.rejects(all, /The source is broken/);
  for await (const { ids } of encodeBatches(tokenizer, Array(100).fill(["the"]), { threads: 2 })) {
    assert.deepEqual(ids, tokenizer.encode("the"));
    break;
  }
});

test("files that are none are refused", () => {
  for (const json of ["", "null", "[]", "{}", '{"model": 3}', '{"model": {"type": "Unheard", "vocab": {}}}'])
    assert.throws(() => loadTokenizer(json), UserError, json);
});

function pieces(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = pieceEnd(text, at, text.length);
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}
