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

test("shares by group and what to ignore, for people, for programs, as a column and on the map", () => {
  const handles = join(folder, "handles.csv");
  const out = join(folder, "by.csv");
  const lines = rows.map((row) => row.replace(/today/, "@bank today https://t.co/x"));
  writeFileSync(handles, `id,body,team\n${lines.join("\n")}\n`);
  const ask = ["topics", handles, "--text", "body", "--topics", "2", "--by", "team", "--ignore", "@\\w+|https?:\\S+"];
  const { code, stdout, stderr } = columnist([...ask, "--out", out, "--json"]);
  assert.equal(code, 0, stderr);
  const { by, topics, columns } = JSON.parse(stdout);
  assert.equal(by.column, "team");
  assert.deepEqual(
    by.groups.map(({ value, rows, shares }: { value: string; rows: number; shares: number[] }) => [
      value,
      rows,
      Math.max(...shares),
    ]),
    [
      ["a", 40, 1],
      ["b", 40, 1],
    ],
  );
  assert.deepEqual(columns, ["topic", "topic_words", "x", "y", "topic_share"]);
  for (const { words, examples } of topics) {
    assert.ok(!words.some((word: string) => ["https", "co", "today"].includes(word)), words.join());
    assert.equal(examples.length, 2);
    assert.match(examples[0], /@bank/);
  }
  assert.match(readFileSync(out, "utf8"), /,1\.0\n/);
  assert.match(readFileSync(join(folder, "by.html"), "utf8"), /"by":"team"/);
  const told = columnist(ask).stdout;
  assert.match(told, /Topic shares by team:\n\n +a +b\nrows +40 +40\n/);
  assert.match(told, /100\.0 %/);
  assert.match(told, /Next: columnist topics .* --out topics\.csv/);
  assert.ok(
    told.split("\n").every((line) => line.length <= 80 || line.startsWith("Next: ")),
    told,
  );
});

test("Chinese texts have topics with words", () => {
  const chinese = join(folder, "zh.csv");
  const words = [
    ["电影", "演员", "导演", "票房"],
    ["天气", "下雨", "温度", "晴朗"],
  ];
  const texts = Array.from({ length: 60 }, (_, i) =>
    [0, 1, 2, 3, 4].map((j) => words[i % 2][(i * 7 + j * (1 + (i % 3))) % 4]).join(""),
  );
  writeFileSync(chinese, `text\n${texts.join("\n")}\n`);
  const { code, stdout, stderr } = columnist(["topics", chinese, "--text", "text", "--json"]);
  assert.equal(code, 0, stderr);
  const { topics } = JSON.parse(stdout);
  assert.equal(topics.length, 2);
  const found = topics.flatMap((topic: { words: string[] }) => topic.words);
  assert.ok(found.includes("电影") && found.includes("下雨"), found.join());
});

test("wrong input ends with 2 and writes nothing", () => {
  const out = join(folder, "never.csv");
  for (const more of [
    ["--topics", "many"],
    ["--topics", "500"],
    ["--color", "tem"],
    ["--by", "tem"],
    ["--by", "body", "--ignore", "("],
    ["--ignore", "(a+)+$"],
    ["--ignore", "\\w*"],
  ]) {
    const { code, stderr } = columnist(["topics", table, "--text", "body", ...more, "--out", out]);
    assert.equal(code, 2, stderr);
    assert.equal(existsSync(out), false);
  }
});
