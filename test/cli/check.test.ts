import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { findTableLabelErrors } from "../../src/workflows/check/label-errors.js";
import { checkTable } from "../../src/workflows/check/run.js";
import { columnist, reviews } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-check-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

function write(name: string, rows: readonly object[]): string {
  writeFileSync(at(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return at(name);
}

const rows = reviews(160, 3).map(({ body, mood }, i) => ({ id: i, body, mood }));
const table = write("rows.jsonl", [
  { id: -1, body: "  ", mood: "good" },
  ...rows,
  { ...rows[4], mood: rows[4].mood === "good" ? "bad" : "good" },
]);
const tested = write("test.jsonl", [
  ...reviews(30, 8).map(({ body, mood }) => ({ body, mood })),
  rows[2],
  { ...rows[3], body: rows[3].body.toUpperCase() },
]);
const columns = ["--text", "body", "--label", "mood"];

test("findings for people, for programs and as a page", async () => {
  const said = columnist(["check", table, ...columns, "--test", tested]);
  assert.equal(said.code, 0, said.stderr);
  assert.match(said.stdout, /161 training rows, 32 test rows; rows by label: /);
  assert.match(said.stdout.replace(/\s+/g, " "), /2 rows of \S*test\.jsonl have the text of a training row\./);
  assert.ok(
    said.stdout.split("\n").every((line) => line.length <= 80),
    said.stdout,
  );
  const page = at("check.html");
  const { code, stdout, stderr } = columnist(["check", table, ...columns, "--test", tested, "--html", page, "--json"]);
  assert.equal(code, 0, stderr);
  const { findings, labels, task } = JSON.parse(stdout);
  assert.equal(task, "classify");
  assert.deepEqual(labels.map(({ label }: { label: string }) => label).sort(), ["bad", "good"]);
  const byKind = new Map(findings.map((one: { kind: string }) => [one.kind, one]));
  const rowsOf = (kind: string) => (byKind.get(kind) as { rows: number } | undefined)?.rows;
  assert.ok((rowsOf("train-test-duplicates") ?? 0) >= 2);
  assert.equal(rowsOf("empty-texts"), 1);
  assert.ok((rowsOf("conflicting-labels") ?? 0) >= 2);
  // Rows are those of the file: the first of the table has no text.
  const leak = byKind.get("train-test-duplicates") as {
    examples: { table: string; row: number; like: { row: number } }[];
    details: { testRows: number[] };
  };
  assert.ok(leak.details.testRows.includes(31) && leak.details.testRows.includes(32));
  const html = readFileSync(page, "utf8");
  assert.match(html, /<h1>\d+ findings<\/h1>/);
  assert.ok(html.includes("train-test-duplicates") && !html.includes("<script"));
  writeFileSync(at("mine.html"), "mine");
  await assert.rejects(checkTable(table, { text: ["body"], label: "mood", html: at("mine.html") }), /is not replaced/);
  await checkTable(table, { text: ["body"], label: "mood", html: page });
});

test("labels that cannot be learned are a finding", async () => {
  const { findings } = await checkTable(table, { text: ["body"], label: "id" });
  assert.equal(findings[0].kind, "unusable-labels");
  assert.match(findings[0].message, /different values/);
});

test("wrong labels: ranked and written, the table without them or with suggestions, all columns untouched", async () => {
  const random = createRandom(4);
  const turned = new Set(random.shuffle([...rows.keys()]).slice(0, 8));
  const given = rows.map((row, i) => (turned.has(i) ? { ...row, mood: row.mood === "good" ? "bad" : "good" } : row));
  const path = write("given.jsonl", [{ id: -1, body: null, mood: "good" }, ...given]);
  const args = ["check", "--label-errors", path, ...columns];
  const said = columnist(args);
  assert.equal(said.code, 0, said.stderr);
  assert.match(
    said.stdout.replace(/\s+/g, " "),
    /160 rows: \d+ labels? looks? wrong, of which about \d+( to \d+)? are\./,
  );
  assert.ok(said.stdout.split("\n").every((line) => line.length <= 80));
  const { code, stdout, stderr } = columnist([...args, "--out", at("odd.csv"), "--clean", at("clean.jsonl"), "--json"]);
  assert.equal(code, 0, stderr);
  const { suspicious, clean } = JSON.parse(stdout);
  const found = suspicious.map(({ row }: { row: number }) => row - 2);
  assert.ok(found.filter((row: number) => turned.has(row)).length >= 6, JSON.stringify(found));
  assert.equal(found.slice(0, 4).filter((row: number) => turned.has(row)).length, 4);
  const [head, first] = readFileSync(at("odd.csv"), "utf8").split("\n");
  assert.equal(head, "mood_suggested,mood_probability,mood_suggested_probability,id,body,mood");
  assert.ok(first.startsWith(`${suspicious[0].suggested},`));
  const left = readFileSync(at("clean.jsonl"), "utf8").trim().split("\n");
  assert.deepEqual([left.length, clean.rows], [161 - suspicious.length, 161 - suspicious.length]);
  assert.equal(left[0], '{"id":-1,"body":null,"mood":"good"}');
  await findTableLabelErrors(path, { text: ["body"], label: "mood", clean: at("suggested.jsonl"), suggest: true });
  const all = readFileSync(at("suggested.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(all.length, 161);
  assert.deepEqual([all[0].mood_suggested, all[0].mood], [null, "good"]);
  for (const { row, suggested: other } of suspicious) assert.equal(all[row - 1].mood_suggested, other);
  const differing = all.slice(1).filter(({ mood, mood_suggested }) => mood !== mood_suggested);
  assert.equal(differing.length, suspicious.length);
});

test("wrong input is told with the next step, and nothing is written", async () => {
  const few = write("few.jsonl", rows.slice(0, 20));
  const lists = write(
    "lists.jsonl",
    rows.map((row) => ({ ...row, mood: [row.mood] })),
  );
  for (const [args, message] of [
    [[table, ...columns, "--out", at("x.csv")], /--out is for wrong labels: add --label-errors/],
    [["--label-errors", table, ...columns, "--test", tested], /--test is not for --label-errors/],
  ] as const) {
    const { code, stderr } = columnist(["check", ...args]);
    assert.equal(code, 2, stderr);
    assert.match(stderr.replace(/\s+/g, " "), message);
  }
  const asked = { text: ["body"], label: "mood" };
  const [out, clean] = [at("x.csv"), at("x.csv")];
  const cases: [() => Promise<unknown>, RegExp][] = [
    [() => findTableLabelErrors(table, { ...asked, suggest: true }), /suggest is for the table of clean/],
    [() => findTableLabelErrors(few, asked), /20 rows with text and label; at least 50/],
    [() => findTableLabelErrors(lists, asked), /'mood' has lists of labels/],
    [() => findTableLabelErrors(table, { ...asked, out, clean }), /are both/],
    [() => checkTable(table, { ...asked, label: "mod" }), /Did you mean 'mood'\?/],
    [() => checkTable(table, { ...asked, html: at("x.txt") }), /must end in \.html/],
    [() => checkTable("-", { ...asked, test: "-" }), /Only one of the two tables/],
  ];
  for (const [run, message] of cases) await assert.rejects(run, { name: "UserError", message });
  assert.ok(!existsSync(at("x.csv")) && !existsSync(at("x.txt")));
});
