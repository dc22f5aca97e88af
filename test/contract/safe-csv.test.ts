// Every command that writes a table of the user's to CSV can keep spreadsheets from running its texts as formulas.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { labelErrorsOptionsSchema } from "../../src/workflows/check/options.js";
import { duplicatesOptionsSchema } from "../../src/workflows/duplicates/options.js";
import { findTableDuplicates } from "../../src/workflows/duplicates/run.js";
import { embedOptionsSchema } from "../../src/workflows/embed/options.js";
import { embedTable } from "../../src/workflows/embed/run.js";
import { predictOptionsSchema } from "../../src/workflows/predict/options.js";
import { scoreOptionsSchema } from "../../src/workflows/score/options.js";
import { searchOptionsSchema } from "../../src/workflows/search/options.js";
import { searchRows } from "../../src/workflows/search/run.js";
import { topicsOptionsSchema } from "../../src/workflows/topics/options.js";
import { file, folder } from "../table-files.js";

test("the option is there, off, and reaches the file", async () => {
  for (const { shape } of [
    predictOptionsSchema,
    scoreOptionsSchema,
    embedOptionsSchema,
    topicsOptionsSchema,
    searchOptionsSchema,
    duplicatesOptionsSchema,
    labelErrorsOptionsSchema,
  ])
    assert.equal(shape.safeCsv.parse(undefined), false);
  const path = file("rows.csv", `text,n\n${"=one and two words,1\n".repeat(6)}other texts altogether,3\n`);
  const [out, clean, hits, vectors] = ["marked", "clean", "hits", "vectors"].map((name) => join(folder, `${name}.csv`));
  for (const safeCsv of [true, false]) {
    await findTableDuplicates(path, { text: ["text"], out, clean, safeCsv });
    await searchRows(path, "=one and two words", { text: ["text"], out: hits, top: 1, safeCsv });
    await embedTable(path, { text: ["text"], out: vectors, safeCsv });
    const mark = safeCsv ? "'" : "";
    for (const written of [out, clean, vectors])
      assert.match(readFileSync(written, "utf8").split("\n")[1], new RegExp(`^${mark}=one and two words,1`));
    assert.match(
      readFileSync(hits, "utf8").split("\n")[1],
      new RegExp(`^${mark}=one and two words,1,.*,${mark}=one and`),
    );
  }
});
