import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { spellOptions } from "../../base/option.js";
import { openTable } from "../../tables/index.js";
import { findTask, taskHint } from "./find-task.js";

const combinations = (joined: (parts: string[]) => string) =>
  [["red"], ["red", "blue"], ["blue", "green"], ["red", "green"], ["red", "blue", "green"], ["blue"]].map(joined);

test("a column of lists is one of several labels; the options come first, and may not contradict each other", async () => {
  const folder = mkdtempSync(join(tmpdir(), "columnist-find-task-"));
  try {
    const find = async (lines: string[], options: Partial<Parameters<typeof findTask>[1]> = {}) => {
      const path = join(folder, "rows.jsonl");
      writeFileSync(path, `${lines.join("\n")}\n`);
      const table = await openTable({ path });
      try {
        return await findTask(table, { label: "l", ...options });
      } finally {
        table.close();
      }
    };
    assert.equal(await find(['{"l":["a"]}', '{"l":[]}', '{"l":null}']), "multilabel");
    assert.equal(await find(['{"l":["a",1]}', '{"l":["a"]}', '{"l":"b"}']), "multilabel");
    assert.equal(await find(['{"l":["a",1]}', '{"l":"a"}', '{"l":"b"}']), "classify");
    assert.equal(await find(['{"l":"a;b"}']), "classify");
    assert.equal(await find(['{"l":{"a":1}}']), "classify");
    assert.equal(await find(['{"l":"a;b"}'], { separator: ";" }), "multilabel");
    assert.equal(await find(['{"l":["a"]}'], { task: "classify" }), "classify");
    await assert.rejects(find(['{"l":"a"}'], { task: "classify", separator: ";" }), /separator is for task multilabel/);
    await assert.rejects(find(['{"m":"a"}']), /Column 'l' is not in/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("labels that combine recurring parts get a hint, whatever joins the parts", async () => {
  for (const [joined, delimiter] of [
    [(parts: string[]) => parts.join(";"), ";"],
    [(parts: string[]) => parts.join(", "), ","],
    [(parts: string[]) => parts.join(" | "), "|"],
    [(parts: string[]) => JSON.stringify(parts), ","],
    [(parts: string[]) => `['${parts.join("', '")}']`, ","],
  ] as const) {
    assert.equal(
      spellOptions((await taskHint("classify", combinations(joined), "colours")) ?? "", (name) => `--${name}`),
      `'colours' looks like several labels a row, divided by '${delimiter}': add --task multilabel. ` +
        "Without it, each combination is a label of its own.",
    );
  }
});

test("labels that only hold a delimiter get none", async () => {
  assert.equal(
    await taskHint("classify", ["Health, Beauty", "Home, Garden", "Sports, Outdoors"], "category"),
    undefined,
  );
  assert.equal(await taskHint("classify", ["Albany, NY", "Buffalo, NY", "Boston, MA", "Salem, MA"], "city"), undefined);
  assert.equal(await taskHint("classify", ["good", "bad", "good; really"], "mood"), undefined);
  assert.equal(await taskHint("classify", ["good", "bad"], "mood"), undefined);
});

test("numbers with many values get a hint; scales and numbers that are names do not", async () => {
  const numbers = Array.from({ length: 200 }, (_, i) => String((i % 50) / 2));
  assert.match(
    (await taskHint("classify", numbers, "price paid")) ?? "",
    /'price paid' contains numbers with 50 different values\..* add \S*task\S* regression/,
  );
  assert.equal(await taskHint("classify", ["1", "2", "3", "4", "5"], "stars"), undefined);
  assert.equal(
    await taskHint(
      "classify",
      numbers.map((_, i) => String(i).padStart(5, "0")),
      "zip",
    ),
    undefined,
  );
});
