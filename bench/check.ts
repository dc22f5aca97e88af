// `columnist check`: what is known to be wrong with the data sets is found, and a million rows are checked in bounded time and memory.
//   node dist/bench/check.js [--data <folder>] [--only known,rows] [--rows 1000000]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Finding } from "../src/checks/index.js";
import { defaultDataFolder, type LabelledRow, readRows } from "./data-sets.js";
import { openBench } from "./harness.js";
import { readNovels } from "./novels.js";
import { runCommand } from "./run-command.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    only: { type: "string", default: "known,rows" },
    rows: { type: "string", default: "1000000" },
  },
});
const bench = openBench("check");
const folder = mkdtempSync(join(tmpdir(), "columnist-check-"));
const parts = { known, rows };
const chosen = Object.keys(parts).filter((name) => flags.only.split(",").includes(name)) as (keyof typeof parts)[];
try {
  for (const name of chosen) await parts[name]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(chosen.length === 2 && Number(flags.rows) >= 1e6);

async function check(table: string, ...args: string[]) {
  const { stdout, seconds, peakMb } = await runCommand([
    "check",
    table,
    "--text",
    "text",
    "--label",
    "label",
    ...args,
    "--json",
  ]);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const rowsOf = (kind: string) => findings.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.rows, 0);
  const exactOf = (kind: string) =>
    findings
      .filter((one) => one.kind === kind && one.details.match === "exact")
      .reduce((sum, one) => sum + one.rows, 0);
  return { findings, rowsOf, exactOf, seconds, peakMb };
}

/** Counts of texts with the same letters and digits, whatever stands between them, by hand. */
async function known(): Promise<void> {
  const key = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  for (const name of ["banking77", "trec"]) {
    const [train, test] = ["train", "test"].map((part) => join(flags.data, name, `${part}.csv`));
    const texts = new Set((await readRows(train)).map(({ text }) => key(text)));
    const expected = (await readRows(test)).filter(({ text }) => texts.has(key(text))).length;
    const found = await check(train, "--test", test);
    bench.figure({
      name: `${name}: test rows that stand in the training table`,
      ours: found.exactOf("train-test-duplicates"),
      peer: expected,
      unit: "",
      measure: "difference",
      atLeast: 0,
      atMost: 0,
      details: { kinds: found.findings.map(({ kind, rows: count }) => [kind, count]), seconds: found.seconds },
    });
  }
  const sms = join(flags.data, "sms-spam.csv");
  const texts = (await readRows(sms)).map(({ text }) => key(text));
  const found = await check(sms);
  bench.figure({
    name: "sms-spam: rows that repeat an earlier one",
    ours: found.exactOf("duplicates"),
    peer: texts.length - new Set(texts).size,
    unit: "",
    measure: "difference",
    atLeast: 0,
    atMost: 0,
    details: { near: found.rowsOf("duplicates") - found.exactOf("duplicates"), seconds: found.seconds },
  });
}

/** Sentences of the novels, nearly all different, and short messages over and over. */
async function rows(): Promise<void> {
  const wanted = Number(flags.rows);
  const { training, heldOut } = readNovels(join(flags.data, "text/novels.jsonl.gz"));
  const sentences: LabelledRow[] = [];
  for (const [novel, text] of [...training.texts, ...heldOut.texts].entries())
    for (const sentence of text.split(/(?<=[.!?;:,])\s+/)) {
      const line = sentence.replace(/\s+/g, " ").trim();
      if (line.length >= 25 && sentences.length < wanted) sentences.push({ text: line, label: `shelf ${novel % 8}` });
    }
  const messages = await readRows(join(flags.data, "sms-spam.csv"));
  for (const [name, some] of Object.entries({ sentences, messages })) {
    const path = join(folder, `${name}.csv`);
    writeRepeated(path, some, wanted);
    const { findings, seconds, peakMb } = await check(path);
    const details = { findings: findings.map(({ kind, rows: count, message }) => [kind, count, message]) };
    bench.figure({
      name: `${wanted} ${name}: time, start included`,
      ours: seconds,
      unit: "s",
      measure: "value",
      atMost: 60,
      details,
    });
    bench.figure({ name: `${wanted} ${name}: peak memory`, ours: peakMb, unit: "MB", measure: "value", atMost: 1536 });
  }
}

/** The rows over and over until there are `count`. */
function writeRepeated(path: string, some: readonly LabelledRow[], count: number): void {
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const lines = some.map(({ text, label }) => `${quoted(text)},${quoted(label)}\n`);
  writeFileSync(path, "text,label\n");
  for (let done = 0; done < count; done += lines.length)
    writeFileSync(path, lines.slice(0, count - done).join(""), { flag: "a" });
}
