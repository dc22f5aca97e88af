import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
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
