// What the tests of tables share: files in a folder of their own, reading and scoring them, and what came of it.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import { UserError } from "../src/base/errors.js";
import { appendColumns, type Score } from "../src/tables/append-columns.js";
import { readTextAndLabels } from "../src/tables/read-rows.js";
import { openTable, type TableSource } from "../src/tables/source.js";

export const folder = mkdtempSync(join(tmpdir(), "columnist-tables-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

export function file(name: string, data: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, data);
  return path;
}

export async function read(source: TableSource, text: string[], label?: string) {
  const table = await openTable(source);
  try {
    return await readTextAndLabels(table, { text, label });
  } finally {
    table.close();
  }
}

export async function fails(work: () => Promise<unknown>, ...patterns: RegExp[]) {
  await assert.rejects(work, (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    for (const pattern of patterns) assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /LINE 1:|Possible|\n/);
    return true;
  });
}

export const lengths: Score = async (texts) => [texts.map((text) => text?.length ?? null)];

export async function score(source: TableSource, outPath: string, text = ["text"], name = "length") {
  const table = await openTable(source);
  try {
    return await appendColumns(table, { text, outPath, newColumns: [{ name, type: "DOUBLE" }] }, lengths);
  } finally {
    table.close();
  }
}

export interface Passed {
  lines?: string[];
  types?: Record<string, string>;
  rows?: unknown[][];
  said: string[];
}

/** Lines or rows of the output, and what was said. */
export async function passed(source: TableSource, ending: string): Promise<Passed> {
  const outPath = join(folder, `passed.${ending}`);
  const said: string[] = [];
  const table = await openTable(source);
  const newColumns = [{ name: "n", type: "INTEGER" as const }];
  const options = { text: ["text"], outPath, newColumns, onMessage: (message: string) => said.push(message) };
  await appendColumns(table, options, async (texts) => [texts.map(() => 1)]);
  table.close();
  if (ending !== "parquet") return { lines: readFileSync(outPath, "utf8").trimEnd().split("\n"), said };
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const found = await connection.runAndReadAll(`FROM '${outPath}'`);
  const types = Object.fromEntries(
    found.columnNames().map((name, i) => [name, found.columnType(i).alias ?? String(found.columnType(i))]),
  );
  const answer = { types, rows: found.getRowsJson(), said };
  connection.closeSync();
  instance.closeSync();
  return answer;
}
