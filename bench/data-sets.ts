// The labelled tables that the benches measure on, read with DuckDB, and the split that both sides see. They are not part
// of the project: --data or the environment variable COLUMNIST_DATA names their folder (otherwise bench/data), which holds
//   trec/{train,test}.csv  banking77/{train,test}.csv  sms-spam.csv  movie-reviews.csv     with the columns text,label
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { createRandom } from "../src/base/random.js";

export interface LabelledRow {
  text: string;
  label: string;
}

export interface Split {
  train: LabelledRow[];
  test: LabelledRow[];
}

/** TREC question types, Banking77 intents, SMS spam, movie reviews (sentence polarity). */
export const dataSets = ["trec", "banking77", "sms-spam", "movie-reviews"] as const;
export type DataSet = (typeof dataSets)[number];

export function defaultDataFolder(): string {
  return process.env.COLUMNIST_DATA || "bench/data";
}

/** @param columns SQL expressions */
export async function readRows(path: string, columns = { text: "text", label: "label" }): Promise<LabelledRow[]> {
  if (!existsSync(path))
    throw new Error(`${path} is not there: give the folder of the data sets with --data or COLUMNIST_DATA.`);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const result = await connection.runAndReadAll(
    `select ${columns.text} as text, ${columns.label} as label from read_csv($1, header = true, all_varchar = true, parallel = false)`,
    [path],
  );
  const rows = result.getRowObjects().map(({ text, label }) => ({ text: String(text ?? ""), label: String(label) }));
  connection.closeSync();
  return rows;
}

/** The data set's own test rows where it has some, otherwise a stratified tenth drawn by the seed. */
export async function readSplit(folder: string, name: DataSet, seed: number): Promise<Split> {
  if (name === "trec" || name === "banking77") {
    const [train, test] = await Promise.all(
      ["train", "test"].map((part) => readRows(join(folder, name, `${part}.csv`))),
    );
    return { train, test };
  }
  return stratifiedSplit(await readRows(join(folder, `${name}.csv`)), 0.1, seed);
}

/** From each class, in alphabetical order, the same share goes to the test rows; both parts keep the table's order. */
export function stratifiedSplit(rows: readonly LabelledRow[], testShare: number, seed: number): Split {
  const random = createRandom(seed);
  const isTest = new Uint8Array(rows.length);
  for (const label of [...new Set(rows.map((row) => row.label))].sort()) {
    const members = rows.flatMap((row, i) => (row.label === label ? [i] : []));
    for (const row of random.shuffle(members).slice(0, Math.round(members.length * testShare))) isTest[row] = 1;
  }
  return { train: rows.filter((_, i) => !isTest[i]), test: rows.filter((_, i) => isTest[i]) };
}

/** From each class, in alphabetical order, as many as `countOf` says of its size. */
export function drawnRows(
  rows: readonly LabelledRow[],
  seed: number,
  countOf: (size: number) => number,
): LabelledRow[] {
  const random = createRandom(1000 + seed);
  return [...new Set(rows.map(({ label }) => label))].sort().flatMap((label) => {
    const own = rows.filter((row) => row.label === label);
    return random.shuffle(own).slice(0, countOf(own.length));
  });
}

/** Writes train.jsonl and test.jsonl: what our command and the peers read. Returns their paths. */
export function writeSplit(folder: string, split: Split): { train: string; test: string } {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, rows: readonly LabelledRow[]) => {
    const path = join(folder, `${name}.jsonl`);
    writeFileSync(path, rows.map(({ text, label }) => `${JSON.stringify({ text, label })}\n`).join(""));
    return path;
  };
  return { train: write("train", split.train), test: write("test", split.test) };
}
