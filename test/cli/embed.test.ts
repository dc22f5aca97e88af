import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-embed-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const table = join(folder, "t.csv");
writeFileSync(table, "id,body\n1,rain and wind\n2,\n3,pay by card\n4,wind and snow\n5,card or cash\n6,zzz\n");
const glove = join(folder, "glove.txt");
writeFileSync(glove, "rain 1 0 0.5\nwind 0.9 0.1 0.2\ncard 0 1 0.1\npay 0.1 1 0.4\n");

const rowsOf = (path: string) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("every row gets a vector of unit length, from its own words or from given ones", () => {
  const out = join(folder, "out.jsonl");
  for (const [more, dim] of [
    [["--with", glove], 3],
    [[], 10],
  ] as const) {
    const { code, stdout, stderr } = columnist(["embed", table, "--text", "body", ...more, "--out", out, "--json"]);
    assert.equal(code, 0, stderr);
    assert.ok(JSON.parse(stdout).dim <= dim);
    const rows = rowsOf(out);
    assert.deepEqual(
      rows.map(({ id }) => id),
      ["1", "2", "3", "4", "5", "6"],
    );
    assert.equal(rows[1].vector, null);
    assert.equal(rows[5].vector, null);
    for (const row of [0, 2, 3, 4]) assert.ok(Math.abs(Math.hypot(...rows[row].vector) - 1) < 1e-5);
    const first = readFileSync(out);
    columnist(["embed", table, "--text", "body", ...more, "--out", out]);
    assert.ok(first.equals(readFileSync(out)));
  }
});

test("Parquet; wrong vectors end with 2 and write nothing", () => {
  const out = join(folder, "rows.parquet");
  assert.equal(columnist(["embed", table, "--text", "body", "--out", out]).code, 0);
  assert.equal(readFileSync(out).toString("latin1", 0, 4), "PAR1");
  const never = join(folder, "never.parquet");
  const { code, stderr } = columnist(["embed", table, "--text", "body", "--with", join(folder, "x"), "--out", never]);
  assert.equal(code, 2, stderr);
  assert.equal(existsSync(never), false);
});
