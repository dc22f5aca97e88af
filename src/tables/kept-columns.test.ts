import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { appendColumns, openTable, sampleTexts } from "./index.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-kept-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

async function withLengths(source: string, outPath: string): Promise<void> {
  const table = await openTable({ path: source });
  const newColumns = [{ name: "length", type: "INTEGER" }] as const;
  try {
    await appendColumns(table, { text: ["text"], outPath, newColumns }, async (texts) => [
      texts.map((text) => text?.length ?? null),
    ]);
  } finally {
    table.close();
  }
}

test("two columns without a name pass through CSV, and are not made one field of a JSON object", async () => {
  writeFileSync(at("blank.csv"), ",text,\n1,good,2\n");
  await withLengths(at("blank.csv"), at("out.csv"));
  assert.equal(readFileSync(at("out.csv"), "utf8"), ",text,,length\n1,good,2,4\n");
  await assert.rejects(withLengths(at("blank.csv"), at("out.jsonl")), /Two columns are called '', and a JSON object/);
});

test("a table without rows and without columns has no texts", async () => {
  writeFileSync(at("none.json"), "[]");
  const table = await openTable({ path: at("none.json") });
  assert.deepEqual(await sampleTexts(table, ["text"], 10), []);
  table.close();
});
