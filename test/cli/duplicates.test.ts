import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-duplicates-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const table = join(folder, "tickets.csv");
writeFileSync(
  table,
  [
    "id,body",
    "1,My card has not arrived yet",
    "2,How do I change my PIN?",
    "3,my card has not arived yet!",
    "4,",
    "5,My card has not arrived yet",
    "6,yet my card has not arrived",
    "",
  ].join("\n"),
);

test("groups for people, for programs and as columns", () => {
  const out = join(folder, "marked.csv");
  const said = columnist(["duplicates", table, "--text", "body"]);
  assert.equal(said.code, 0, said.stderr);
  assert.match(said.stdout, /6 rows: 3 duplicate rows \(1 exact, 2 near\)\./);
  assert.ok(said.stdout.split("\n").every((line) => line.length <= 80));
  const { code, stdout } = columnist(["duplicates", table, "--text", "body", "--out", out, "--json"]);
  assert.equal(code, 0);
  const { groups, found, withoutText } = JSON.parse(stdout);
  assert.deepEqual([found, withoutText, groups.length], [{ exact: 1, near: 2, meaning: 0 }, 1, 1]);
  assert.deepEqual(
    groups[0].copies.map(({ row, kind }: { row: number; kind: string }) => [row, kind]),
    [
      [3, "near"],
      [5, "exact"],
      [6, "near"],
    ],
  );
  const written = readFileSync(out, "utf8").trim().split("\n");
  assert.equal(written[0], "id,body,duplicate,duplicate_group,duplicate_similarity");
  assert.deepEqual(
    written.slice(1).map((line) => line.split(",").slice(2, 4).join(" ")),
    ["first 1", " ", "near 1", " ", "exact 1", "near 1"],
  );
});

test("a threshold of 1 leaves copies alone; standard input; wrong input ends with 2 and writes nothing", () => {
  const piped = columnist(
    ["duplicates", "-", "--text", "body", "--threshold", "1", "--json"],
    readFileSync(table, "utf8"),
  );
  assert.deepEqual(JSON.parse(piped.stdout).found, { exact: 1, near: 1, meaning: 0 });
  const out = join(folder, "never.csv");
  for (const [args, message] of [
    [["--text", "bodi"], /Did you mean 'body'/],
    [["--text", "body", "--threshold", "2"], /--threshold must be a number from 0\.5 to 1, not '2'/],
  ] as const) {
    const { code, stderr } = columnist(["duplicates", table, ...args, "--out", out]);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(existsSync(out), false);
  }
  const wrongPlace = columnist(["duplicates", table, "--text", "body", "--out", join(folder, "none", "x.csv")]);
  assert.equal(wrongPlace.code, 2);
});

test("--meaning joins rows whose words are alike, by the vectors that are given", () => {
  const vectors = join(folder, "words.txt");
  const known = {
    my: [1, 0, 0, 0],
    car: [0, 1, 0, 0],
    automobile: [0, 0.99, 0.1, 0],
    is: [0.5, 0, 0, 0.5],
    broken: [0, 0, 1, 0],
    lost: [0, 0, -1, 0.3],
  };
  const lines = Object.entries(known).map(([word, numbers]) => `${word} ${numbers.join(" ")}`);
  writeFileSync(vectors, `${lines.length} 4\n${lines.join("\n")}\n`);
  const rows = join(folder, "cars.csv");
  writeFileSync(rows, "body\nmy car is broken\nmy automobile is broken\nmy car is lost\nunheard words\n");
  const args = ["duplicates", rows, "--text", "body", "--with", vectors, "--json"];
  const found = (...more: string[]) => {
    const { code, stdout, stderr } = columnist([...args, ...more]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  assert.equal(found().groups.length, 0);
  const { groups } = found("--meaning", "0.95");
  assert.deepEqual(
    groups.map(({ row, copies }: { row: number; copies: { row: number; kind: string }[] }) => [
      row,
      copies.map((copy) => [copy.row, copy.kind]),
    ]),
    [[1, [[2, "meaning"]]]],
  );
});

test("--clean writes the table without its duplicates, all columns untouched; --keep longest; --ignore", () => {
  const rows = join(folder, "more.csv");
  const lines = [
    'id,body,"a ""b"""',
    "007,my card has not arrived yet,1",
    '008,"@bank Change PIN?",2',
    "009,,3",
    '010,"My card has not arrived yet!!",",x"',
    "011,@shop change PIN,5",
    "012,my card has not arrived yet,6",
  ];
  writeFileSync(rows, `${lines.join("\n")}\n`);
  const clean = (name: string, ...more: string[]) => {
    const out = join(folder, name);
    const said = columnist(["duplicates", rows, "--text", "body", "--clean", out, ...more]);
    assert.equal(said.code, 0, said.stderr);
    return { written: readFileSync(out, "utf8"), said: said.stdout };
  };
  const first = clean("first.csv");
  assert.deepEqual(
    first.written
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.slice(0, 3)),
    ["007", "008", "009", "011"],
  );
  assert.match(first.said, /6 rows: 2 duplicate rows \(1 exact, 1 near\)\./);
  assert.match(first.said, /first\.csv, 4 of 6 rows; 2 removed\./);
  const ignored = clean("longest.jsonl", "--keep", "longest", "--ignore", "@\\w+");
  const kept = ignored.written
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    kept.map(({ id, body }) => [String(id).slice(-2).replace(/^0/, ""), body]),
    [
      ["8", "@bank Change PIN?"],
      ["9", null],
      ["10", "My card has not arrived yet!!"],
    ],
  );
  assert.equal(kept[2]['a "b"'], ",x");
  const out = join(folder, "never.csv");
  for (const [args, message] of [
    [["--keep", "first"], /--clean rows\.csv/],
    [["--clean", out, "--out", out], /--out and --clean are both/],
    [["--clean", join(folder, "x.xlsx")], /no supported extension/],
    [["--clean", out, "--ignore", "("], /--ignore '\(' is not a regular expression/],
  ] as const) {
    const { code, stderr } = columnist(["duplicates", rows, "--text", "body", ...args]);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(existsSync(out), false);
  }
});
