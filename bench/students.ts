// Small models that learn what a fine-tuned encoder answers: of what the encoder gains over the same small model trained on the
// labels alone, how much they keep, and how much faster they are. 200 labelled questions of TREC; the other ones and Banking77's
// are texts without labels.
//   node dist/bench/students.js [--model <folder>] [--data <folder>] [--seeds 1,2,3] [--to linear,cnn]
// --model or COLUMNIST_MODELS/all-MiniLM-L6-v2: a folder of all-MiniLM-L6-v2.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareModels, distilModel, trainModel } from "../src/index.js";
import { defaultDataFolder, drawnRows, readRows, readSplit } from "./data-sets.js";
import { median, openBench } from "./harness.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
    seeds: { type: "string", default: "1,2,3" },
    to: { type: "string", default: "linear,cnn" },
  },
});
if (!existsSync(flags.model))
  throw new Error(`${flags.model} is not there: give the folder of all-MiniLM-L6-v2 with --model or COLUMNIST_MODELS.`);
const labelledRows = 200;
const bench = openBench("students");
const folder = mkdtempSync(join(tmpdir(), "columnist-students-"));
const at = (name: string) => join(folder, name);
const write = (name: string, rows: readonly object[]) =>
  writeFileSync(at(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
try {
  const seeds = flags.seeds.split(",").map(Number);
  const found = new Map<string, { kept: number[]; faster: number[]; accuracies: number[][] }>();
  for (const seed of seeds) {
    const { train, test } = await readSplit(flags.data, "trec", seed);
    const labelled = drawnRows(train, seed, (size) => Math.round((labelledRows * size) / train.length));
    const known = new Set(labelled.map(({ text }) => text));
    const others = [
      ...train.filter(({ text }) => !known.has(text)),
      ...(await readRows(join(flags.data, "banking77", "train.csv"))),
    ];
    write("labelled.jsonl", labelled);
    write("test.jsonl", test);
    write(
      "unlabelled.jsonl",
      [...labelled, ...others].map(({ text }) => ({ text })),
    );
    const given = { text: ["text"], label: "label", seed, overwrite: true };
    await trainModel(at("labelled.jsonl"), { ...given, base: flags.model, model: "full", out: at("teacher") });
    for (const to of flags.to.split(",") as ("linear" | "cnn")[]) {
      await trainModel(at("labelled.jsonl"), { ...given, model: to, out: at("alone") });
      const { costs } = await distilModel(at("teacher"), at("unlabelled.jsonl"), {
        to,
        seed,
        out: at(to),
        overwrite: true,
      });
      const models = [at("teacher"), at("alone"), at(to)];
      const compared = await compareModels(models, at("test.jsonl"));
      const [teacher, alone, student] = models.map(
        (path) => compared.models.find(({ model }) => model === path)!.value,
      );
      const one = found.get(to) ?? { kept: [], faster: [], accuracies: [] };
      one.kept.push((student - alone) / (teacher - alone));
      one.faster.push(costs.student.rowsPerSecond / costs.teacher.rowsPerSecond);
      one.accuracies.push([teacher, alone, student]);
      found.set(to, one);
      const shown = [teacher, alone, student].map((value) => (100 * value).toFixed(1)).join(" / ");
      bench.note(`seed ${seed}, ${to}: teacher / from labels alone / student ${shown} %`);
    }
  }
  for (const [to, { kept, faster, accuracies }] of found) {
    const name = `TREC, ${labelledRows} labels: ${to}`;
    const mean = kept.reduce((a, b) => a + b, 0) / kept.length;
    const details = { kept, accuracies };
    bench.figure({
      name: `${name}, share of the gain kept`,
      ours: mean,
      unit: "",
      measure: "value",
      atLeast: 0.6,
      details,
    });
    bench.figure({
      name: `${name}, rows a second over the encoder's`,
      ours: median(faster),
      unit: "",
      measure: "value",
      atLeast: 20,
    });
  }
  bench.close(seeds.length === 3 && found.size === 2);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
