// Vectors by a pretrained encoder in every command that takes one, on a tiny model.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeCached } from "../hub-cache.js";
import { columnist, shell } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-encoders-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const table = join(folder, "t.csv");
const texts = ["my card is lost", "where is my money", "close the bank account", "pay the fee with card"];
const rows = Array.from({ length: 40 }, (_, i) => `${texts[i % 4]} ${"abcdefghij"[i % 10]}`);
writeFileSync(table, `id,body\n${rows.map((text, i) => `${i},${text}`).join("\n")}\n40,\n`);
const encoder = join(folder, "bert");
cpSync("test/golden/encoders/bert", encoder, { recursive: true });
const body = ["--text", "body", "--with", encoder];

const run = (...given: string[]) => {
  const { code, stdout, stderr } = columnist([...given, "--json"]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
};

test("embed: the same bytes on one thread and on two", () => {
  const files = ["1", "2"].map((threads) => {
    const out = join(folder, `${threads}.jsonl`);
    const {
      dim,
      encoder: description,
      withoutVector,
    } = run("embed", table, ...body, "--threads", threads, "--out", out);
    assert.deepEqual([dim, description, withoutVector], [16, `the bert encoder ${encoder}`, 1]);
    return readFileSync(out, "utf8");
  });
  assert.equal(files[0], files[1]);
  const [first] = files[0].split("\n").map((line) => line && JSON.parse(line));
  assert.ok(Math.abs(Math.hypot(...first.vector) - 1) < 1e-5);
});

test("index and search: the index needs the encoder's folder no more; damage is told", () => {
  const place = join(folder, "index");
  const [question, other] = ["the card is lost", "money"];
  const direct = run("search", table, question, other, ...body, "--top", "4");
  run("index", table, ...body, "--out", place);
  rmSync(encoder, { recursive: true });
  const indexed = run("search", place, question, other, "--top", "4");
  for (const [i, answer] of direct.answers.entries()) {
    assert.equal(answer.matches.length, 4);
    for (const [k, { row, similarity }] of answer.matches.entries()) {
      const found = indexed.answers[i].matches[k];
      assert.equal(rows[row - 1], answer.matches[k].text);
      assert.ok(Math.abs(similarity - found.similarity) < 1e-5, `${similarity} ${found.similarity}`);
    }
  }
  const { facts, files } = run("inspect", place);
  assert.equal(facts.encoder.kind, "pretrained");
  assert.ok(files.some(({ name }: { name: string }) => name === "encoder/1_Pooling/config.json"));
  truncateSync(join(place, "encoder", "model.safetensors"), 9000);
  const damaged = columnist(["search", place, question]);
  assert.equal(damaged.code, 2);
  assert.match(damaged.stderr, /encoder\/model\.safetensors.*9000 bytes/s);
  cpSync("test/golden/encoders/bert", encoder, { recursive: true });
});

test("topics and duplicates", () => {
  const { topics, withoutVector, encoder: description } = run("topics", table, ...body, "--topics", "2");
  assert.deepEqual([topics.length, withoutVector, description], [2, 1, `the bert encoder ${encoder}`]);
  const { found } = run("duplicates", table, ...body, "--meaning", "0.99");
  assert.ok(found.exact + found.near + found.meaning > 0);
});

test("a folder that is no encoder ends with 2 and writes nothing", () => {
  const config = join(encoder, "config.json");
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), model_type: "albert" }));
  const { code, stderr } = columnist(["embed", table, ...body, "--out", join(folder, "never.csv")]);
  assert.equal(code, 2);
  assert.match(stderr, /'albert'.*bert, distilbert/s);
});

test("an id of the Hub's cache does for a path; one that is not there gets told how to pull it", () => {
  const cache = join(folder, "hub");
  const files = readdirSync("test/golden/encoders/bert", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(json|safetensors)$/.test(name))
    .map((name) => [name, readFileSync(join("test/golden/encoders/bert", name))] as const);
  writeCached(cache, "org/tiny", "a".repeat(40), Object.fromEntries(files));
  const env = { HF_HUB_CACHE: cache };
  const out = join(folder, "by-id.jsonl");
  const embed = (model: string) =>
    shell(`columnist embed t.csv --text body --with ${model} --out ${out} --json`, { cwd: folder, env });
  const { code, stdout, stderr } = embed("org/tiny");
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).encoder, "the bert encoder org/tiny");
  assert.equal(readFileSync(out, "utf8"), readFileSync(join(folder, "1.jsonl"), "utf8"));
  for (const [model, message] of [
    ["org/tinny", /columnist pull org\/tinny\n.*org\/tiny/s],
    ["org/tiny@v2", /Revision 'v2' of org\/tiny/],
    ["glove.txt", /glove\.txt/],
    ["vectors/glove.txt", /vectors\/glove\.txt/],
  ] as const) {
    const refused = embed(model);
    assert.equal(refused.code, 2, refused.stdout);
    assert.match(refused.stderr, message);
    if (model.endsWith(".txt")) assert.doesNotMatch(refused.stderr, /pull/);
  }
});
