// Vectors distilled from a pretrained encoder: how well they tell the likeness of sentences, and rows a second of whole commands beside
// the encoder's own.
//   node dist/bench/distil.js [--model <folder>] [--data <folder>] [--rows 20000] [--parts sts,speed]
// --model or COLUMNIST_MODELS/all-MiniLM-L6-v2: a folder of all-MiniLM-L6-v2. --data has sms-spam.csv and stsb/test.csv (sentence1,
// sentence2, score).
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { spearman } from "../src/metrics/index.js";
import { openRowEncoder } from "../src/row-vectors/index.js";
import { distilVectors } from "../src/workflows/distil/run.js";
import { defaultDataFolder, readRows } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { runCommand } from "./run-command.js";

const models = process.env.COLUMNIST_MODELS ?? "bench/models";
const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(models, "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
    rows: { type: "string", default: "20000" },
    parts: { type: "string", default: "sts,speed" },
  },
});
if (!existsSync(flags.model))
  throw new Error(`${flags.model} is not there: give the folder of all-MiniLM-L6-v2 with --model or COLUMNIST_MODELS.`);
const bench = openBench("distil");
const folder = mkdtempSync(join(tmpdir(), "columnist-distil-"));
const parts = flags.parts.split(",");
const vectors = join(folder, "vectors");
try {
  const { seconds, tokens, dim } = await distilVectors(flags.model, undefined, { out: vectors, threads: 2 });
  bench.note(`distilled ${tokens} tokens to ${dim} dimensions in ${seconds.toFixed(0)} s`);
  if (parts.includes("sts")) await likeness();
  if (parts.includes("speed")) for (const threads of [1, 2]) await speed(threads);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(parts.length === 2 && flags.rows === "20000");

/** STS benchmark, test: rank correlation of cosines with what people said, in points. */
async function likeness(): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const file = join(flags.data, "stsb", "test.csv");
  const sql = "select sentence1, sentence2, score::double from read_csv($1, header = true, all_varchar = true)";
  const pairs = (await connection.runAndReadAll(sql, [file])).getRows();
  connection.closeSync();
  const scores = pairs.map(([, , score]) => Number(score));
  const texts = pairs.flatMap(([a, b]) => [String(a), String(b)]);
  const measured = async (source: string) => {
    const encoder = await openRowEncoder(texts, { with: source, seed: 0, threads: 2 });
    const { vectors: rows } = await encoder.encode(texts);
    await encoder.close();
    const { dim } = encoder;
    const cosines = scores.map((_, i) => {
      let product = 0;
      for (let d = 0; d < dim; d++) product += rows[2 * i * dim + d] * rows[(2 * i + 1) * dim + d];
      return product;
    });
    return 100 * spearman(cosines, scores);
  };
  const name = "STS benchmark, test: Spearman";
  const value = { unit: "points", measure: "value" } as const;
  bench.figure({ ...value, name: `${name}, distilled (256)`, ours: await measured(vectors), atLeast: 70 });
  const counted = join(folder, "counted");
  await distilVectors(flags.model, file, { out: counted, text: ["sentence1", "sentence2"], threads: 2 });
  bench.figure({ ...value, name: `${name}, weighted by its sentences`, ours: await measured(counted) });
  bench.figure({ ...value, name: `${name}, the encoder`, ours: await measured(flags.model) });
}

/** Whole commands, from their start to their end. */
async function speed(threads: number): Promise<void> {
  const rows = Number(flags.rows);
  const sms = (await readRows(join(flags.data, "sms-spam.csv"))).map(({ text }) => text);
  const table = join(folder, "sms.csv");
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"\n`;
  writeFileSync(table, `text\n${Array.from({ length: rows }, (_, i) => quoted(sms[i % sms.length])).join("")}`);
  const rate = async (source: string, repeats: number) => {
    const rates: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const out = join(folder, "out.parquet");
      const args = ["embed", table, "--text", "text", "--with", source, "--threads", String(threads), "--out", out];
      rates.push(rows / (await runCommand([...args, "--json"])).seconds);
    }
    return rates;
  };
  const [ours, theirs] = [await rate(vectors, 5), await rate(flags.model, 1)];
  bench.figure({
    name: `embed SMS, ${threads} ${threads === 1 ? "thread" : "threads"}, whole command, and the encoder's`,
    ours: median(ours),
    peer: median(theirs),
    unit: "rows/s",
    measure: "ratio",
    better: "higher",
    atLeast: 100,
    details: { rows, ours, theirs },
  });
}
