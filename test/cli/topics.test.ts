import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-topics-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const table = join(folder, "t.csv");
const parts = [
  ["rain", "wind", "snow", "cold", "sun", "storm"],
  ["card", "bank", "pay", "cash", "fee", "money"],
];
const rows = Array.from({ length: 80 }, (_, i) => {
  const words = parts[i % 2];
  return `${i},${words[i % 6]} ${words[(i * 5 + 1) % 6]} ${words[(i * 7 + 2) % 6]} today,${"ab"[i % 2]}`;
});
writeFileSync(table, `id,body,team\n${rows.join("\n")}\n80,,a\n`);

test("topics for people and programs, as columns and as a map", () => {
  const out = join(folder, "out.csv");
  const ask = ["topics", table, "--text", "body", "--topics", "2", "--color", "team", "--out", out, "--json"];
  const { code, stdout, stderr } = columnist(ask);
  assert.equal(code, 0, stderr);
  const { topics, withoutVector, columns } = JSON.parse(stdout);
  assert.deepEqual([topics.length, withoutVector, columns], [2, 1, ["topic", "topic_words", "x", "y"]]);
  const written = readFileSync(out, "utf8");
  const found = written
    .trim()
    .split("\n")
    .slice(1, 81)
    .map((line) => line.split(",")[3]);
  assert.ok(found.every((topic, row) => topic === found[row % 2]) && found[0] !== found[1]);
  const map = readFileSync(join(folder, "out.html"), "utf8");
  assert.match(map, /^<!doctype html>/);
  assert.match(map, /"name":"team"/);
  assert.equal(columnist(ask).code, 0);
  assert.equal(readFileSync(out, "utf8"), written);
  const auto = columnist(["topics", table, "--text", "body"]);
  assert.match(auto.stdout, /topics in 81 rows/);
});

test("wrong input ends with 2 and writes nothing", () => {
  const out = join(folder, "never.csv");
  for (const more of [
    ["--topics", "many"],
    ["--topics", "500"],
    ["--color", "tem"],
  ]) {
    const { code, stderr } = columnist(["topics", table, "--text", "body", ...more, "--out", out]);
    assert.equal(code, 2, stderr);
    assert.equal(existsSync(out), false);
  }
});
