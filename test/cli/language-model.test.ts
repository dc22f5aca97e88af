// columnist perplexity and score on a real n-gram model of a few texts.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeFolder } from "../../src/folders/index.js";
import { writeModelFiles } from "../../src/folders/model-files.js";
import { ngramFiles, ngramLanguageModel, trainNgram } from "../../src/tasks/language/index.js";
import { createCharacters } from "../../src/text/tokenizers/index.js";
import { changeFacts } from "../folders.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-language-model-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

const characters = [..."abcdefghijklmnopqrstuvwxyz .,'"];
const specials = new Map([
  ["<|endoftext|>", 0],
  ["<|unknown|>", 1],
]);
const tokenizer = createCharacters({ tokens: [...specials.keys(), ...characters], specials, unknownId: 1 });
const texts = [
  "the cat sat on the mat.",
  "the dog sat on the cat.",
  "a cat and a dog, and the mat.",
  "the cat's mat is on the dog's mat.",
];
const rows = ["the cat sat on the dog.", "xq zvw kjq, xxq zvv kqj xq.", "", "a dog on a mat, and a cat."];

async function model(name: string, order: number): Promise<void> {
  const ids = texts.map((text) => tokenizer.encode(text));
  const ngrams = await trainNgram(ids, { order, vocabSize: tokenizer.vocabSize, endId: 0 });
  const { parameters } = ngramLanguageModel(ngrams, tokenizer);
  const files = ngramFiles(ngrams, tokenizer);
  await writeFolder(
    at(name),
    "language-model",
    {
      model: files.config,
      family: "ngram",
      parameters,
      textColumns: ["text"],
      vocabSize: tokenizer.vocabSize,
      options: { seed: 0, order },
      data: {
        source: "texts",
        trainingTexts: texts.length,
        validationTexts: 0,
        trainingTokens: ids.reduce((sum, { length }) => sum + length, 0),
        validationTokens: 0,
        fingerprint: "",
      },
    },
    (aside) => writeModelFiles(aside, files),
  );
}

before(async () => {
  await model("short", 1);
  await model("long", 4);
  writeFileSync(at("rows.jsonl"), rows.map((text, id) => `${JSON.stringify({ id, text })}\n`).join(""));
});

test("perplexity: figures that belong together, alone and mixed", () => {
  const { code, stdout, stderr } = columnist(["perplexity", at("long"), at("rows.jsonl"), "--text", "text", "--json"]);
  assert.equal(code, 0, stderr);
  const { loss, perplexity, bitsPerByte, bitsPerCharacter, tokens, bytes, texts: count } = JSON.parse(stdout);
  const all = rows.join("");
  assert.deepEqual([count, tokens, bytes], [3, all.length, all.length]);
  assert.ok(Math.abs(perplexity - Math.exp(loss)) < 1e-9);
  assert.ok(Math.abs(bitsPerByte - loss / Math.LN2) < 1e-9);
  assert.equal(bitsPerCharacter, bitsPerByte);

  writeFileSync(at("unknown.txt"), "a cat & a dog");
  const unknown = columnist(["perplexity", at("long"), at("unknown.txt"), "--json"]);
  assert.equal(JSON.parse(unknown.stdout).unknownTokens, 1, unknown.stderr);
  assert.match(unknown.stderr, /1 of 13 tokens are unknown/);

  const mixed = columnist(["perplexity", at("long"), at("rows.jsonl"), "--mix", at("short"), "--json"]);
  assert.equal(mixed.code, 0, mixed.stderr);
  const document = JSON.parse(mixed.stdout);
  assert.deepEqual(
    document.models.map(({ family }: { family: string }) => family),
    ["ngram", "ngram"],
  );
  assert.equal(document.models[0].bitsPerByte, bitsPerByte);
  const [weight, rest] = document.mixture.weights;
  assert.ok(weight >= 0 && weight <= 1 && Math.abs(weight + rest - 1) < 1e-12);

  const args = ["perplexity", at("long"), at("rows.jsonl"), "--mix", at("short"), "--fit", at("rows.jsonl")];
  const fitted = JSON.parse(columnist([...args, "--json"]).stdout);
  for (const other of [document, ...document.models]) assert.ok(fitted.bitsPerByte <= other.bitsPerByte + 1e-12);
  const { stdout: printed } = columnist(args);
  assert.match(printed, /Bits\/byte/);
  for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
});

test("score: columns that add up to the perplexity, and the oddest row", () => {
  const scored = columnist(["score", at("long"), at("rows.jsonl"), "--out", at("scored.jsonl"), "--json"]);
  assert.equal(scored.code, 0, scored.stderr);
  const document = JSON.parse(scored.stdout);
  assert.deepEqual([document.rows, document.withoutText], [4, 1]);
  assert.deepEqual(document.columns, ["log_probability", "bits_per_byte"]);
  assert.equal(document.oddest[0].row, 2);
  const lines = readFileSync(at("scored.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ id, text }) => [id, text]),
    rows.map((text, id) => [id, text]),
  );
  assert.equal(lines[2].log_probability, null);
  const sum = lines.reduce((total, line) => total + (line.log_probability ?? 0), 0);
  const { loss, tokens } = JSON.parse(columnist(["perplexity", at("long"), at("rows.jsonl"), "--json"]).stdout);
  assert.ok(Math.abs(sum + loss * tokens) < 1e-6);
  for (const line of lines)
    if (line.text !== "")
      assert.ok(Math.abs(line.bits_per_byte + line.log_probability / Math.LN2 / line.text.length) < 1e-9);

  const piped = columnist(["score", at("long"), "-"], readFileSync(at("rows.jsonl"), "utf8"));
  assert.equal(piped.code, 0, piped.stderr);
  assert.match(piped.stdout, /^id,text,log_probability,bits_per_byte\n/);
  const asJson = JSON.parse(columnist(["score", at("long"), at("rows.jsonl"), "--json"]).stdout);
  assert.deepEqual(asJson.scores, lines);
});

test("predict and evaluate take a language model like any other", () => {
  const table = at("rows.jsonl");
  const predicted = columnist(["predict", at("long"), table]);
  assert.equal(predicted.code, 0, predicted.stderr);
  assert.equal(predicted.stdout, columnist(["score", at("long"), table]).stdout);
  assert.match(
    columnist(["predict", at("long"), table, "--probabilities"]).stdout,
    /bits_per_byte,tokens,perplexity\n/,
  );

  const document = JSON.parse(columnist(["evaluate", at("long"), table, "--json"]).stdout);
  const { loss, perplexity, bitsPerByte, tokens } = JSON.parse(
    columnist(["perplexity", at("long"), table, "--json"]).stdout,
  );
  assert.deepEqual([document.task, document.family, document.rows, document.tokens], ["language", "ngram", 3, tokens]);
  for (const [name, value] of Object.entries({ loss, perplexity, bitsPerByte }))
    assert.ok(Math.abs(document[name] - value) < 1e-9 * value, name);
  assert.equal(document.mistakes[0].row, 2);
  const { stdout } = columnist(["evaluate", at("long"), table]);
  assert.match(stdout, /The ngram model on .*rows\.jsonl: [\d.]+ bits per byte \(3 rows\)\./);
  assert.match(stdout, /Bits per byte +[\d.]+ +[\d.]+ – [\d.]+ with 95 % confidence/);
  for (const line of stdout.replaceAll(at(""), "").split("\n")) assert.ok(line.length <= 80, line);

  writeFileSync(
    at("grouped.jsonl"),
    rows.map((body, i) => `${JSON.stringify({ body, shop: i % 2 ? "odd" : "even" })}\n`).join(""),
  );
  const grouped = ["evaluate", at("long"), at("grouped.jsonl"), "--text", "body", "--by", "shop", "--json"];
  const { groups } = JSON.parse(columnist(grouped).stdout);
  assert.deepEqual(
    groups.map(({ group, rows: count }: { group: string; rows: number }) => [group, count]),
    [
      ["odd", 2],
      ["even", 1],
    ],
  );
  // A text file that comes in pieces is one text.
  writeFileSync(at("long.txt"), "a cat and a dog sat on the mat. ".repeat(70_000));
  const whole = JSON.parse(columnist(["evaluate", at("long"), at("long.txt"), "--json"]).stdout);
  const streamed = JSON.parse(columnist(["perplexity", at("long"), at("long.txt"), "--json"]).stdout);
  assert.deepEqual([whole.rows, whole.tokens], [1, streamed.tokens]);
  assert.ok(Math.abs(whole.bitsPerByte - streamed.bitsPerByte) < 1e-9);

  const refused = columnist(["evaluate", at("long"), table, "--label", "id"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /reads no labels such as 'id'\. Omit --label\./);
  const tally = columnist(["predict", at("long"), table, "--by", "id"]);
  assert.equal(tally.code, 2);
  assert.match(tally.stderr, /no figures by group.*Omit --by, or measure the groups: columnist evaluate/s);
});

test("a wrong folder, column, file or mixture is told in plain words", () => {
  const table = at("rows.jsonl");
  const refused = (args: string[], message: RegExp) => {
    const { code, stderr } = columnist(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  };
  refused(["perplexity", at("nowhere"), table], /no model folder.*Create one: columnist pretrain/);
  refused(["perplexity", at("long"), table, "--text", "txt"], /Column 'txt' is not in .*Did you mean 'text'/);
  refused(["perplexity", at("long"), table, "--fit", table], /Specify the second model with --mix/);
  refused(["score", at("long"), table, "--out", at("out.xyz")], /no supported extension/);
  const changed = (facts: Record<string, unknown>) => {
    rmSync(at("other"), { recursive: true, force: true });
    cpSync(at("long"), at("other"), { recursive: true });
    changeFacts(at("other"), facts);
  };
  changed({ kind: "text-model" });
  refused(["score", at("other"), table], /contains a text model, not a language model/);
  changed({ family: "markov" });
  refused(["score", at("other"), table], /family 'markov'/);
  for (const name of ["tokenizer.json", "weights.safetensors"]) {
    changed({});
    rmSync(at(`other/${name}`));
    refused(["score", at("other"), table], new RegExp(`has no ${name}`));
  }
  changed({});
  writeFileSync(at("other/weights.safetensors"), readFileSync(at("short/weights.safetensors")));
  refused(["score", at("other"), table], /weights\.safetensors is damaged: it has \d+ bytes, not \d+/);
});
