// Properties: strings of any characters, through tables and back.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { file, folder, read, score } from "../../test/table-files.js";
import { appendColumns } from "./append-columns.js";
import { readTextAndLabels } from "./read-rows.js";
import { openTable } from "./source.js";

test("any strings pass through CSV, and every answer stays on its row", async () => {
  const strings = fc.array(
    fc.tuple(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "'", "a", ";") }),
    ),
    { minLength: 1, maxLength: 40 },
  );
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(strings, async (pairs) => {
      const expected = pairs
        .map((pair) => pair.filter((text) => text !== "").join("\n"))
        .filter((text) => text.trim() !== "");
      fc.pre(expected.length > 0);
      const path = file("p.csv", `a,b\n${pairs.map((pair) => pair.map(quote).join(",")).join("\n")}\n`);
      const table = await openTable({ path });
      const newColumns = [{ name: "copy", type: "VARCHAR" as const }];
      const outPath = join(folder, "p.out.csv");
      await appendColumns(table, { text: ["a", "b"], outPath, newColumns }, async (texts) => [texts]);
      table.close();
      const back = await openTable({ path: outPath });
      const joined = await readTextAndLabels(back, { text: ["a", "b"] });
      const copies = await readTextAndLabels(back, { text: ["copy"] });
      back.close();
      assert.deepEqual(joined.texts, expected);
      assert.deepEqual(copies.texts, expected);
    }),
    { numRuns: 20 },
  );
});

test("any strings pass through JSON Lines and Parquet", async () => {
  const unit = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.constant("2020-01-01"));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(unit, fc.option(unit)), { minLength: 1, maxLength: 30 }), async (rows) => {
      const expected = rows.map(([text]) => text).filter((text) => text.trim() !== "");
      fc.pre(expected.length > 0);
      const lines = rows.map(([text, other]) => JSON.stringify({ text, other }));
      const path = file("p.jsonl", `${lines.join("\n")}\n`);
      assert.deepEqual((await read({ path }, ["text"])).texts, expected);
      const outPath = join(folder, "p.parquet");
      await score({ path }, outPath);
      assert.deepEqual((await read({ path: outPath }, ["text"])).texts, expected);
    }),
    { numRuns: 12 },
  );
});
