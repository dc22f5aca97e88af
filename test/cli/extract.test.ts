// Fields out of texts by tiny decoders with random weights: whatever they write, it follows the schema.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-extract-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const table = at("mails.csv");
writeFileSync(
  table,
  `id,kind,body\n1,a,my card is lost\n2,b,\n3,c,${"please help me with the fee ".repeat(60)}\n4,d,how much\n`,
);

/** A tiny decoder with a chat template, whose context holds a schema. */
const writer = at("writer");
cpSync("test/golden/decoders/qwen3", writer, { recursive: true });
const config = JSON.parse(readFileSync(join(writer, "config.json"), "utf8"));
writeFileSync(join(writer, "config.json"), JSON.stringify({ ...config, max_position_embeddings: 400 }));

function schemaFile(name: string, schema: object): string {
  writeFileSync(at(name), JSON.stringify(schema));
  return at(name);
}
const fields = schemaFile("fields.json", {
  type: "object",
  properties: {
    kind: { enum: ["loss", "fee"] },
    urgent: { type: "boolean" },
    stars: { $ref: "#/$defs/stars" },
    day: { type: "string", format: "date" },
    amount: { anyOf: [{ const: 1.5 }, { const: null }] },
    parts: {
      type: "array",
      items: { type: "object", properties: { n: { enum: [1, 2] } }, required: ["n"] },
      maxItems: 2,
    },
    any: { enum: [1, "one", null] },
  },
  required: ["kind", "urgent", "stars", "day", "amount", "parts", "any"],
  $defs: { stars: { enum: [1, 2, 3] } },
});

function extract(model: string, out: string | undefined, schema = fields, ...more: string[]) {
  const target = out === undefined ? [] : ["--out", at(out)];
  const chosen = ["--text", "body", "--schema", schema, "--with", model];
  return columnist(["extract", table, ...chosen, ...target, ...more]);
}

test("a row is an object of the schema; a text that is too long is told, and stops nothing", () => {
  const run = extract(writer, "fields.jsonl", fields, "--system", "Fill in.", "--json");
  assert.equal(run.code, 0, run.stderr);
  const { columns, rows, withoutText, errors } = JSON.parse(run.stdout);
  assert.deepEqual(columns, ["kind_extracted", "urgent", "stars", "day", "amount", "parts", "any", "error"]);
  assert.deepEqual([rows, withoutText, errors], [4, 1, 1]);
  const found = readFileSync(at("fields.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const row of [found[0], found[3]]) {
    assert.ok(["loss", "fee"].includes(row.kind_extracted));
    assert.equal(typeof row.urgent, "boolean");
    assert.ok([1, 2, 3].includes(row.stars) && [1.5, null].includes(row.amount) && [1, "one", null].includes(row.any));
    assert.match(row.day, /^\d{4}-\d\d-\d\d$/);
    assert.ok(
      Array.isArray(row.parts) && row.parts.every((part: object) => [1, 2].includes((part as { n: number }).n)),
    );
    assert.equal(row.error, null);
  }
  assert.deepEqual([found[1].kind_extracted, found[1].error, found[2].kind_extracted], [null, null, null]);
  assert.match(
    found[2].error,
    /^the text takes \d+ tokens with what the model is told; it reads 400, and the fields take \d+$/,
  );
  assert.deepEqual([found[0].kind, found[3].id], ["a", "4"]);
});

test("columns have types in Parquet and are JSON text in CSV", () => {
  const schema = schemaFile("small.json", {
    type: "object",
    properties: { n: { enum: [7] }, tags: { type: "array", items: { enum: ["x"] }, minItems: 1, maxItems: 1 } },
    required: ["n", "tags"],
  });
  for (const out of ["small.parquet", "small.csv"]) {
    const run = extract(writer, out, schema, "--system", "Fill in.");
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /4 rows written to .*new columns: n, tags, error/);
  }
  assert.match(readFileSync(at("small.csv"), "utf8"), /^1,a,my card is lost,7,"\[""x""\]",$/m);
  const types = columnist([
    ...["score", "test/golden/decoders/qwen2", at("small.parquet"), "--text", "body", "--out", at("back.jsonl")],
    ...["--query", "SELECT body, typeof(n) AS n, typeof(tags) AS tags FROM input"],
  ]);
  assert.equal(types.code, 0, types.stderr);
  const [first] = readFileSync(at("back.jsonl"), "utf8").split("\n");
  assert.deepEqual([JSON.parse(first).n, JSON.parse(first).tags], ["BIGINT", "VARCHAR[]"]);
});

test("schemas that cannot be met, and models that cannot write", () => {
  const cases: [schema: string, model: string, message: RegExp, ...more: string[]][] = [
    [schemaFile("list.json", { type: "array" }), writer, /describes no columns: it must be that of an object/],
    [
      schemaFile("odd.json", { type: "object", properties: { a: { type: "set" } } }),
      writer,
      /type "set" is not one of/,
    ],
    [fields, writer, /shortest matching text takes \d+ tokens.*--max-tokens 5/s, "--max-tokens", "5"],
    [fields, writer, /takes \d+ of the 400 tokens.*shorter --system/s],
    [fields, "test/golden/encoders/bert", /is an encoder/],
    [at("none.json"), writer, /no file/],
  ];
  for (const [schema, model, message, ...more] of cases) {
    const run = extract(model, "none.csv", schema, ...more);
    assert.equal(run.code, 2, run.stdout);
    assert.match(run.stderr, message);
  }
});
