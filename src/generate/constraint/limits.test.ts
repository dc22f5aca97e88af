import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../base/errors.js";
import { compilePattern, nextState } from "./automaton.js";
import { codePointsOf } from "./code-points.js";
import { jsonSchemaPattern } from "./json-schema.js";
import { parseRegex } from "./parse-regex.js";
import { constrainTokens } from "./token-constraint.js";

const bytes = { vocabSize: 256, tokenBytes: (id: number) => Uint8Array.of(id) };

function matches(schema: unknown): (text: string) => boolean {
  const automaton = compilePattern(jsonSchemaPattern(schema));
  return (text) => {
    let state = 0;
    for (const byte of Buffer.from(text)) {
      state = nextState(automaton, state, byte);
      if (state < 0) return false;
    }
    return automaton.accepting[state] === 1;
  };
}

/** $defs of which each contains the next one twice, as `make` says. */
function doubling(levels: number, make: (ref: object) => object) {
  const $defs = Object.fromEntries(
    Array.from({ length: levels }, (_, i) => [`d${i}`, make({ $ref: `#/$defs/d${i + 1}` })]),
  );
  return { $defs: { ...$defs, [`d${levels}`]: { type: "boolean" } }, $ref: "#/$defs/d0" };
}

const nested = (levels: number, make: (inner: unknown) => object, inner: unknown = { type: "null" }) =>
  Array.from({ length: levels }).reduce((schema) => make(schema), inner);

test("references that double are built once, and refused where the answer itself doubles", () => {
  assert.ok(matches(doubling(39, (ref) => ({ anyOf: [ref, ref] })))("true"));
  for (const make of [
    (ref: object) => ({ type: "object", properties: { a: ref, b: ref }, required: ["a", "b"] }),
    (ref: object) => ({ type: "array", items: ref, minItems: 2, maxItems: 2 }),
    (ref: object) => ({ anyOf: [ref, { type: "array", items: ref }] }),
  ])
    assert.throws(() => compilePattern(jsonSchemaPattern(doubling(39, make))), UserError);
});

test("schemas and expressions of hostile size are refused, by what is too much", () => {
  const many = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, value]));
  for (const [schema, message] of [
    [nested(3000, (items) => ({ type: "array", items })), /nested more than 400 levels/],
    [nested(100_000, (items) => ({ type: "array", items })), /nested more than 400 levels/],
    [nested(150, (items) => ({ type: "array", items })), /more than 100 schemas deep/],
    [{ const: nested(100_000, (inner) => [inner]) }, /nested more than 400 levels/],
    [{ type: "object", properties: many(100_000, { type: "null" }) }, /more than 50000 schemas/],
    [{ type: "object", properties: many(20_000, { type: "number" }) }, /too large/],
    [{ type: "string", minLength: 1e7 }, /from 0 to 1000, not 10000000/],
    [{ type: "array", maxItems: 1e9 }, /from 0 to 1000/],
    [{ type: "string", pattern: "((a{1000}){1000}){1000}" }, /too large/],
    [{ type: "string", pattern: "(((){1000}){1000}){1000}" }, /too large/],
    [{ type: "string", pattern: "(".repeat(20_000) }, /more than 200 groups/],
    [{ $ref: `#/${"a/".repeat(100_000)}` }, /does not exist/],
    [{ $ref: "#/%" }, /does not exist/],
  ] as const)
    assert.throws(
      () => compilePattern(jsonSchemaPattern(schema)),
      (error: Error) => error instanceof UserError && message.test(error.message) && error.message.length < 600,
      JSON.stringify(schema instanceof Object && "const" in schema ? "const" : message.source),
    );
  for (const [source, message] of [
    ["(".repeat(20_000), /more than 200 groups/],
    ["(?:".repeat(5000) + ")".repeat(5000), /more than 200 groups/],
    ["a".repeat(200_000), /200000 characters/],
    ["(a{0,1000}){0,190}", /too large/],
    ["[01]*1[01]{22}", /too large/],
  ] as const)
    assert.throws(
      () => compilePattern(parseRegex(source).pattern),
      (error: Error) => error instanceof UserError && message.test(error.message) && error.message.length < 600,
      source.slice(0, 40),
    );
});

test("a choice of 200,000 texts", () => {
  const texts = Array.from({ length: 200_000 }, (_, i) => `choice ${i} of ${(i * 7919) % 200_003}`);
  const before = process.memoryUsage.rss();
  const pattern = jsonSchemaPattern({ type: "object", properties: { a: { enum: texts } }, required: ["a"] });
  const constraint = constrainTokens(pattern, bytes);
  assert.ok(process.memoryUsage.rss() - before < 400e6);
  assert.equal(constraint.shortest, '{"a":"choice 0 of 0"}'.length);
  let state = constraint.start;
  for (const byte of Buffer.from('{"a": "choice 12')) state = constraint.next(state, byte);
  const following = Array.from(constraint.allowed(state, 1000), (id) => String.fromCharCode(id));
  assert.deepEqual(following, [..." 0123456789"]);
});

test("texts that begin each other, repeat, are empty or half a character", () => {
  const found = matches({ enum: ["a", "ab", "abc", "a", "", "é", "\ud800", "\ud801x", "\uffff", "😀", "b"] });
  for (const text of ["a", "ab", "abc", "", "é", "\ud800", "\ud801x", "\uffff", "😀", "b"])
    assert.ok(found(JSON.stringify(text)), JSON.stringify(text));
  for (const text of ["c", "abcd", "x", "\ufffd"]) assert.ok(!found(JSON.stringify(text)), text);
});

test("properties that may be left out come in order, with commas between those that are there", () => {
  const names = Array.from({ length: 300 }, (_, i) => `p${i}`);
  const properties = Object.fromEntries(names.map((name) => [name, { type: "boolean" }]));
  const found = matches({ type: "object", properties, required: ["p7"] });
  for (const kept of [["p7"], ["p0", "p7"], ["p7", "p299"], names])
    assert.ok(found(JSON.stringify(Object.fromEntries(kept.map((name) => [name, true])))));
  for (const text of ["{}", '{"p0":true}', '{"p8":true,"p7":true}', '{"p7":true,}', '{,"p7":true}'])
    assert.ok(!found(text));
});

test("classes of characters, as the engine tests them one by one", () => {
  for (const pattern of [/\p{L}/u, /\P{L}/u, /\p{Script=Han}/u, /\p{Any}/u, /\p{Lu}/u]) {
    const points: boolean[] = [];
    for (const [from, to] of codePointsOf(pattern)) for (let point = from; point <= to; point++) points[point] = true;
    for (let point = 0; point <= 0x10ffff; point += point > 0x20000 ? 97 : 1)
      if (point < 0xd800 || point > 0xdfff)
        assert.equal(points[point] === true, pattern.test(String.fromCodePoint(point)), `${pattern} ${point}`);
  }
});
