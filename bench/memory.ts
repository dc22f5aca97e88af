// Peak memory of the commands that answer row by row, over one and three million rows: it must not grow with them.
//   node dist/bench/memory.js [--data <folder>] [--rows 1000000] [--commands predict,score,embed,tokenize] [--formats csv,parquet]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultDataFolder, type LabelledRow, readRows } from "./data-sets.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    rows: { type: "string", default: "1000000" },
    commands: { type: "string", default: "predict,score,embed,tokenize" },
    formats: { type: "string", default: "csv,parquet" },
  },
});
const fewer = Number(flags.rows);
const times = 3;
const bench = openBench("memory");
const folder = mkdtempSync(join(tmpdir(), "columnist-memory-"));
const at = (name: string) => join(folder, name);
try {
  const source = join(flags.data, "sms-spam.csv");
  const rows = await readRows(source);
  writeRepeated(at("fewer.csv"), rows, fewer);
  writeRepeated(at("more.csv"), rows, times * fewer);
  const commands: Record<string, (table: string, out: string) => string[]> = {
    predict: (table, out) => ["predict", at("model"), table, "--out", out],
    score: (table, out) => ["score", at("lm"), table, "--out", out],
    embed: (table, out) => ["embed", table, "--text", "text", "--with", at("words"), "--out", out],
    tokenize: (table, out) => ["tokenize", at("lm"), table, "--out", out],
  };
  await runCommand(["train", source, "--text", "text", "--label", "label", "--model", "linear", "--out", at("model")]);
  await runCommand(["pretrain", source, "--text", "text", "--model", "ngram", "--out", at("lm")]);
  await runCommand(["embeddings", "train", source, "--text", "text", "--out", at("words")]);
  for (const command of flags.commands.split(","))
    for (const format of flags.formats.split(",")) {
      // Tokens are lists, which CSV has none of.
      const ending = command === "tokenize" && format === "csv" ? "jsonl" : format;
      const few = await runCommand(commands[command](at("fewer.csv"), at(`out.${ending}`)));
      const many = await runCommand(commands[command](at("more.csv"), at(`out.${ending}`)));
      bench.figure({
        name: `${command} to ${ending}: peak memory, ${times} times the rows`,
        ours: many.peakMb / few.peakMb,
        unit: "times",
        measure: "value",
        atMost: 1.1,
        details: { rows: fewer, peakMb: [few.peakMb, many.peakMb], seconds: [few.seconds, many.seconds] },
      });
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(fewer >= 1e6 && flags.commands.split(",").length === 4 && flags.formats.split(",").length === 2);

/** The table over and over until it has `count` rows. */
function writeRepeated(path: string, rows: readonly LabelledRow[], count: number): void {
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const lines = rows.map(({ text, label }) => `${quoted(text)},${quoted(label)}\n`);
  writeFileSync(path, "text,label\n");
  for (let done = 0; done < count; done += lines.length)
    writeFileSync(path, lines.slice(0, count - done).join(""), { flag: "a" });
}
