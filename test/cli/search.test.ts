import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-search-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const table = join(folder, "t.csv");
const weather = ["rain and wind today", "cold wind and snow", "sun after the rain"];
const money = ["pay by card today", "my card was declined", "cash or card to pay"];
const texts = Array.from({ length: 60 }, (_, i) => `${(i % 2 ? money : weather)[i % 3]} ${"abcdefghij"[i % 10]}`);
writeFileSync(table, `id,body\n${texts.map((text, i) => `${i},${text}`).join("\n")}\n,\n`);

test("a table and its index give the same answers; damage and unknown words are said", () => {
  const place = join(folder, "index");
  const made = columnist(["index", table, "--text", "body", "--out", place, "--json"]);
  assert.equal(made.code, 0, made.stderr);
  assert.deepEqual([JSON.parse(made.stdout).rows, JSON.parse(made.stdout).kind], [61, "exact"]);
  const ask = (source: string, ...more: string[]) =>
    columnist(["search", source, "card declined", ...more, "--top", "5", "--json"]);
  const [direct, indexed] = [ask(table, "--text", "body"), ask(place)].map(({ stdout }) => JSON.parse(stdout).matches);
  assert.equal(direct.length, 5);
  for (const [i, match] of direct.entries()) {
    assert.match(match.text, /declined/);
    assert.equal(texts[match.row - 1], match.text);
    assert.ok(Math.abs(match.similarity - indexed[i].similarity) < 1e-4);
  }
  const unknown = columnist(["search", place, "xyzzy"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /None of the words in 'xyzzy' is in/);
  const kept = columnist(["index", table, "--text", "bodi", "--out", place]);
  assert.equal(kept.code, 2);
  assert.ok(existsSync(join(place, "columnist.json")));
  truncateSync(join(place, "words", "vectors.safetensors"), 100);
  const damaged = ask(place);
  assert.equal(damaged.code, 2);
  assert.match(damaged.stderr, /vectors\.safetensors/);
});

test("a folder of something else is not overwritten; a table needs its column", () => {
  writeFileSync(join(folder, "note.txt"), "mine");
  const { code, stderr } = columnist(["index", table, "--text", "body", "--out", folder]);
  assert.equal(code, 2);
  assert.match(stderr, /is not empty and not an index/);
  assert.match(columnist(["search", table, "rain"]).stderr, /--text/);
});

test("--out holds the hits of all questions with the rows' columns; --full; from a table and from an index", () => {
  const rows = join(folder, "rows.csv");
  const long = `cash or card to pay ${"at the counter ".repeat(12)}today`;
  const lines = texts.map((text, i) => `00${i},${i === 5 ? long : text},${i}`);
  writeFileSync(rows, `id,body,rank\n${lines.join("\n")}\n`);
  const place = join(folder, "hits-index");
  assert.equal(columnist(["index", rows, "--text", "body", "--out", place]).code, 0);
  const questions = ["card declined", "snow and wind"];
  const written = [
    ["index", place],
    ["table", rows, "--text", "body"],
  ].map(([name, source, ...more]) => {
    const out = join(folder, `hits-${name}.csv`);
    const { code, stdout, stderr } = columnist(["search", source, ...questions, ...more, "--top", "3", "--out", out]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /hits-(index|table)\.csv, 6 hits\./);
    return readFileSync(out, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(","));
  });
  for (const hits of written) {
    assert.deepEqual(hits[0], ["question", "rank_found", "score", "id", "body", "rank"]);
    assert.deepEqual(
      hits.slice(1).map(([question, rank]) => [question, rank]),
      questions.flatMap((question) => ["1", "2", "3"].map((rank) => [question, rank])),
    );
    for (const [question, , score, , body, number] of hits.slice(1)) {
      assert.match(body, question === questions[0] ? /declined/ : /snow/);
      assert.equal(body, texts[Number(number)]);
      assert.ok(Number(score) > 0.3 && Number(score) <= 1.0001);
    }
  }
  assert.deepEqual(
    written[0].map((hit) => hit.slice(3)),
    written[1].map((hit) => hit.slice(3)),
  );
  const shown = (...more: string[]) => columnist(["search", place, "counter", "--top", "1", ...more]).stdout;
  assert.ok(!shown().includes(long) && shown().trimEnd().length <= 80);
  assert.ok(shown("--full").includes(long));
  const never = columnist(["search", place, "card", "--out", join(folder, "hits.xlsx")]);
  assert.equal(never.code, 2);
  assert.match(never.stderr, /no supported extension/);
});

test("--ignore: what matches is read in no row and no question, and an index remembers it", () => {
  const rows = join(folder, "handles.csv");
  const lines = texts.map((text, i) => `@bank${i % 2} ${text}`);
  writeFileSync(rows, `body\n${lines.join("\n")}\n`);
  const place = join(folder, "handles-index");
  assert.equal(columnist(["index", rows, "--text", "body", "--ignore", "@\\w+", "--out", place]).code, 0);
  const ask = (source: string, question: string, ...more: string[]) =>
    columnist(["search", source, question, "--top", "4", "--json", ...more]);
  const plain = JSON.parse(ask(place, "snow").stdout).matches;
  assert.match(plain[0].text, /^@bank\d .*snow/);
  assert.deepEqual(JSON.parse(ask(place, "@bank1 snow").stdout).matches, plain);
  for (const source of [[place], [rows, "--text", "body", "--ignore", "@\\w+"]] as const) {
    const { code, stderr } = ask(source[0], "@bank1", ...source.slice(1));
    assert.equal(code, 2);
    assert.match(stderr, /None of the words in '@bank1'/);
  }
  const other = ask(place, "snow", "--ignore", "x+");
  assert.equal(other.code, 2);
  assert.match(other.stderr, /built with --ignore '@\\w\+'/);
});
