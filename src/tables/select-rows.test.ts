import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { file, folder } from "../../test/table-files.js";
import { openTable, sampleColumns, selectRows } from "./index.js";

test("rows of JSON Lines are written as JSON as they are, also where nothing is added", async () => {
  const lines = ['{"id":1,"body":"a, b",  "n":1.50}', "{}", '{"id":3}'];
  const table = await openTable({ path: file("rows.jsonl", `${lines.join("\n")}\n`) });
  try {
    const out = join(folder, "some.jsonl");
    await selectRows(table, { rows: [2, 0, 1], outPath: out });
    assert.equal(readFileSync(out, "utf8"), `${[lines[2], lines[0], lines[1]].join("\n")}\n`);
  } finally {
    table.close();
  }
});

test("columns of rows that are spread over the table, by number", async () => {
  const rows = Array.from({ length: 1000 }, (_, i) => `${i},${i % 2 ? "" : `v${i}`}`);
  const table = await openTable({ path: file("many.csv", `place,value\n${rows.join("\n")}\n`) });
  try {
    const { places, values } = await sampleColumns(table, ["value", "place"], 300);
    assert.deepEqual(places.slice(0, 3), [0, 4, 8]);
    assert.equal(places.length, 250);
    assert.deepEqual(values[1], places.map(String));
    assert.deepEqual(values[0].slice(0, 2), ["v0", "v4"]);
    const all = await sampleColumns(table, ["value"], 1000);
    assert.deepEqual([all.places.length, all.values[0][1]], [1000, null]);
    const none = await sampleColumns(table, [], 1000);
    assert.deepEqual([none.places.length, none.values], [1000, []]);
  } finally {
    table.close();
  }
});
