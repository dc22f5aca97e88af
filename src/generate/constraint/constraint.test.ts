import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import { byteCharacters } from "../../text/tokenizers/byte-alphabet.js";
import { createByteLevelBpe, createCharacters, type Tokenizer } from "../../text/tokenizers/index.js";
import { compilePattern, nextState } from "./automaton.js";
import { codePoints, utf8Ranges } from "./code-points.js";
import { jsonSchemaPattern } from "./json-schema.js";
import { parseRegex } from "./parse-regex.js";
import { literalPattern, oneOfTexts, type Pattern } from "./pattern.js";
import { constrainTokens } from "./token-constraint.js";

function matches(pattern: Pattern): (text: string) => boolean {
  const automaton = compilePattern(pattern);
  return (text) => {
    let state = 0;
    for (const byte of Buffer.from(text)) {
      state = nextState(automaton, state, byte);
      if (state < 0) return false;
    }
    return automaton.accepting[state] === 1;
  };
}

/** GPT-2's arrangement with these merges; a merge may use the ones before it. */
function bpe(...merges: [string, string][]): Tokenizer {
  const spelled = (text: string) => Array.from(Buffer.from(text), (byte) => byteCharacters[byte]).join("");
  const tokens = ["<|endoftext|>", ...byteCharacters];
  const pairs = merges.map(([left, right]): [number, number] => {
    const ids = [left, right].map((part) => tokens.indexOf(spelled(part)));
    tokens.push(spelled(left + right));
    return [ids[0], ids[1]];
  });
  return createByteLevelBpe({ tokens, merges: pairs, specials: new Map([["<|endoftext|>", 0]]) });
}

const english = bpe(
  [" ", "t"],
  [" t", "h"],
  [" th", "e"],
  ['"', ":"],
  ['":', " "],
  ['"', ","],
  ["0", "0"],
  ["00", "0"],
  ["y", "e"],
  ["ye", "s"],
  ["n", "o"],
  [".", "5"],
  ["a", "b"],
  ["ab", "ab"],
);
const letters = createCharacters({
  tokens: ["<unk>", ...'abcdefghijklmnopqrstuvwxyz0123456789 .,:{}[]"-\\n'],
  specials: new Map([["<unk>", 0]]),
  unknownId: 0,
});

/** Writes by random logits; the end is one of the choices where the text is whole. */
function write(pattern: Pattern, tokenizer: Tokenizer, maxTokens: number, seed: number): string {
  const constraint = constrainTokens(pattern, tokenizer);
  const random = createRandom(seed);
  const ids: number[] = [];
  let state = constraint.start;
  for (let left = maxTokens; left > 0; left--) {
    const allowed = constraint.allowed(state, left);
    if (constraint.isComplete(state) && (allowed.length === 0 || random.float() < 0.05)) break;
    assert.ok(allowed.length > 0, `stuck after ${JSON.stringify(tokenizer.decode(ids))}`);
    const id = allowed[random.integer(allowed.length)];
    ids.push(id);
    state = constraint.next(state, id);
  }
  assert.ok(constraint.isComplete(state), "the text is not whole");
  return tokenizer.decode(ids);
}

test("UTF-8 ranges: every character of a set, and no other", () => {
  const sets = fc.array(fc.tuple(fc.nat(0x10ffff), fc.nat(0x10ffff)), { maxLength: 4 });
  fc.assert(
    fc.property(sets, fc.array(fc.nat(0x10ffff), { maxLength: 40 }), (pairs, others) => {
      const set = codePoints(pairs.map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]));
      const ranges = utf8Ranges(set);
      const borders = set.flatMap(([from, to]) => [from - 1, from, to, to + 1]);
      for (const point of [...borders, ...others]) {
        if (point < 0 || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) continue;
        const bytes = Buffer.from(String.fromCodePoint(point));
        const hits = ranges.filter(
          (range) =>
            range.length === bytes.length && range.every(([low, high], i) => low <= bytes[i] && bytes[i] <= high),
        );
        assert.equal(hits.length, set.some(([from, to]) => from <= point && point <= to) ? 1 : 0, String(point));
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

const character = fc.constantFrom(..."abc01 é€😀-_\n");
const { regex: regexes } = fc.letrec<{ regex: string; term: string; atom: string }>((tie) => ({
  regex: fc.array(tie("term"), { minLength: 1, maxLength: 3 }).map((options) => options.join("|")),
  term: fc.array(tie("atom"), { maxLength: 3 }).map((parts) => parts.join("")),
  atom: fc
    .tuple(
      fc.oneof(
        { depthSize: "small" },
        character,
        fc.constantFrom(
          ".",
          "\\d",
          "\\w",
          "\\s",
          "\\D",
          "\\W",
          "[a-c]",
          "[^a]",
          "[é-€\\d]",

          "\\.",
          "\\u{1F600}",
        ),
        tie("regex").map((inner) => `(${inner})`),
        tie("regex").map((inner) => `(?:${inner})`),
      ),
      fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"),
    )
    .map(([atom, quantifier]) => atom + quantifier),
}));

test("regular expressions match what JavaScript's do", () => {
  fc.assert(
    fc.property(regexes, fc.array(fc.array(character, { maxLength: 6 }), { maxLength: 30 }), (source, texts) => {
      const expected = new RegExp(`^(?:${source})$`, "u");
      const found = matches(parseRegex(source).pattern);
      for (const text of texts.map((characters) => characters.join("")))
        assert.equal(found(text), expected.test(text), `/${source}/ on ${JSON.stringify(text)}`);
    }),
    { seed: 7, numRuns: 80 },
  );
});

test("properties of Unicode and characters beyond the first plane", () => {
  const found = matches(parseRegex("\\p{Lu}\\p{Ll}+ [^\\p{L}]\\u{1F600}").pattern);
  assert.ok(found("Élan 😀😀") && found("Ab ?😀"));
  assert.ok(!found("élan 😀😀") && !found("Élan x😀"));
});

test("regular expressions that are not supported say what and where", () => {
  for (const [source, message] of [
    ["a(?=b)", /a lookaround/],
    ["(ab", /a '\(' has no '\)'/],
    ["ab)", /a '\)' without a '\(' at character 3/],
    ["*a", /nothing for '\*' to repeat at character 1/],
    ["a**", /second quantifier/],
    ["a{3,1}", /out of order/],
    ["a{5000}", /larger than 1000/],
    ["[a", /a '\[' has no '\]'/],
    ["[z-a]", /out of order/],
    ["\\1", /\\1 is not supported/],
    ["a$b", /only supported at the ends/],
    ["\\p{Nonsense}", /not a Unicode property/],
    ["[]", /No text can match/],
  ] as const)
    assert.throws(
      () => compilePattern(parseRegex(source).pattern),
      (error: Error) => error instanceof UserError && message.test(error.message),
      source,
    );
  assert.throws(() => compilePattern(parseRegex("((a{1,100}){1,100}){1,100}").pattern), UserError);
});

test("constrained text matches, however few tokens there are", () => {
  const sources = ["(yes|no)+", "[0-9]{1,5}(\\.[0-9]{1,3})?", "the .{3,20}", "(ab|abab)*c", "é{1,3}|😀+", "[a-z ]{5,}"];
  const runs = fc.tuple(fc.constantFrom(...sources), fc.nat(), fc.nat(30), fc.boolean());
  fc.assert(
    fc.property(runs, ([source, seed, extra, usesLetters]) => {
      const tokenizer = usesLetters && /^[\x20-\x7e]*$/.test(source) ? letters : english;
      const { pattern } = parseRegex(source);
      const { shortest } = constrainTokens(pattern, tokenizer);
      const text = write(pattern, tokenizer, Math.max(1, shortest + extra), seed);
      assert.match(text, new RegExp(`^(?:${source})$`, "u"));
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("tokens that are allowed are exactly those after which the text can be finished", () => {
  const constraint = constrainTokens(oneOfTexts(["yes", "no", "yesno"]), english);
  const allowed = (state: number, left: number) =>
    Array.from(constraint.allowed(state, left), (id) => english.decode([id])).sort();
  assert.equal(constraint.shortest, 1);
  assert.deepEqual(allowed(constraint.start, 3), ["n", "no", "y", "ye", "yes"]);
  assert.deepEqual(allowed(constraint.start, 1), ["no", "yes"]);
  const yes = constraint.next(constraint.start, english.encode("yes")[0]);
  assert.ok(constraint.isComplete(yes) && constraint.canGoOn(yes));
  assert.deepEqual(allowed(yes, 9), ["n", "no"]);
  const no = constraint.next(yes, english.encode("no")[0]);
  assert.ok(constraint.isComplete(no) && !constraint.canGoOn(no));
});

test("a vocabulary without the characters is refused", () => {
  assert.throws(() => constrainTokens(literalPattern("ÄÖ"), letters), /cannot be spelled|lacks characters/);
  // What can't be spelled is left out where there is something else.
  assert.equal(write(oneOfTexts(["Ä", "b"]), letters, 5, 1), "b");
});

const schemas: [schema: object, holds: (value: never) => boolean][] = [
  [
    {
      type: "object",
      properties: {
        name: { type: "string", maxLength: 8 },
        stars: { type: "integer" },
        price: { type: "number" },
        kind: { enum: ["good", 'so "so"', null] },
        tags: { type: "array", items: { type: "string", pattern: '^[a-c"\\\\]{1,3}$' }, minItems: 1, maxItems: 3 },
      },
      required: ["stars", "tags"],
    },
    ({ name, stars, price, kind, tags }: Record<string, never>) =>
      (name === undefined || (typeof name === "string" && [...(name as string)].length <= 8)) &&
      Number.isInteger(stars) &&
      (price === undefined || typeof price === "number") &&
      [undefined, "good", 'so "so"', null].includes(kind) &&
      (tags as string[]).length >= 1 &&
      (tags as string[]).length <= 3 &&
      (tags as string[]).every((tag) => /^[a-c"\\]{1,3}$/.test(tag)),
  ],
  [
    { type: "object", properties: { a: { type: "boolean" }, b: { type: "null" }, c: { const: [1, { d: "é" }] } } },
    (value: Record<string, unknown>) => Object.keys(value).every((key) => "abc".includes(key)),
  ],
  [
    {
      $defs: { point: { type: "array", items: { type: "integer" }, minItems: 2, maxItems: 2 } },
      $ref: "#/$defs/point",
    },
    (value: number[]) => value.length === 2 && value.every(Number.isInteger),
  ],
  [
    { anyOf: [{ type: "string", format: "date" }, { type: ["integer", "null"] }] },
    (value: unknown) =>
      value === null || Number.isInteger(value) || (typeof value === "string" && !Number.isNaN(Date.parse(value))),
  ],
  [{}, () => true],
  [{ type: "object" }, (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value)],
  [{ type: "array", items: { type: "boolean" }, maxItems: 0 }, (value: unknown[]) => value.length === 0],
];

test("JSON by a schema always parses and holds", () => {
  fc.assert(
    fc.property(fc.constantFrom(...schemas), fc.nat(), fc.nat(40), ([schema, holds], seed, extra) => {
      const pattern = jsonSchemaPattern(schema);
      const { shortest } = constrainTokens(pattern, english);
      const text = write(pattern, english, shortest + extra, seed);
      assert.ok(holds(JSON.parse(text) as never), `${text} by ${JSON.stringify(schema)}`);
    }),
    { seed: 7, numRuns: 150 },
  );
});

test("schemas that are not supported say where and why", () => {
  for (const [schema, message] of [
    [{ type: "object", properties: { a: { type: "text" } } }, /at #\/properties\/a: type "text" is not one of/],
    [{ type: "integer", minimum: 3 }, /"minimum" is not supported/],
    [{ $ref: "#" }, /refers to itself/],
    [
      {
        type: "object",
        properties: { next: { $ref: "#/$defs/node" } },
        $defs: { node: { anyOf: [{ $ref: "#/$defs/node" }] } },
      },
      /"#\/\$defs\/node" refers to itself/,
    ],
    [{ $ref: "other.json" }, /points outside the document/],
    [{ $ref: "#/$defs/none" }, /does not exist/],
    [{ type: "string", pattern: "(", maxLength: 3 }, /cannot be combined/],
    [{ type: "string", pattern: "(" }, /regular expression/],
    [{ type: "array", minItems: 3, maxItems: 2 }, /more than maxItems/],
    [{ type: "object", required: ["a"] }, /not among the properties/],
    [{ enum: [] }, /at least one/],
    [{ enum: ["a"], type: "integer" }, /no value of the enum/],
    [{ allOf: [{}] }, /"allOf" is not supported/],
    ["string", /a schema is an object/],
    [false, /no value at all/],
  ] as const)
    assert.throws(
      () => jsonSchemaPattern(schema),
      (error: Error) => error instanceof UserError && message.test(error.message),
      JSON.stringify(schema),
    );
});
