// Rows a second and peak memory of `predict` for each family, beside scikit-learn and PyTorch, and the start of the command.
//   node dist/bench/predict.js [--data <folder>] [--rows 1000000] [--peer-rows 200000] [--threads 2] [--families ...]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { WordNetworkName, WordNetworkShape } from "../src/networks/index.js";
import { defaultDataFolder, type LabelledRow, readRows, stratifiedSplit, writeSplit } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    rows: { type: "string", default: "1000000" },
    "peer-rows": { type: "string", default: "200000" },
    threads: { type: "string", default: "2" },
    families: { type: "string", default: "linear,cnn,lstm,transformer" },
  },
});
const threads = Number(flags.threads);
/** The same network in the words of bench/peers/predict_torch.py. */
const peerShapes: Record<WordNetworkName, (shape: WordNetworkShape) => object> = {
  cnn: ({ hidden }) => ({ filters: hidden, widths: [3, 4, 5] }),
  lstm: ({ hidden }) => ({ hiddenSize: hidden, layers: 1, bidirectional: true, pooling: "max" }),
  transformer: ({ hidden, blocks, heads }) => ({ layers: blocks, heads, feedForward: hidden }),
};

const bench = openBench("predict");
const folder = mkdtempSync(join(tmpdir(), "columnist-predict-"));
try {
  await startTime();
  const rows = await readRows(join(flags.data, "sms-spam.csv"));
  const { train, test } = writeSplit(folder, stratifiedSplit(rows, 0.1, 1));
  const table = writeRepeated(join(folder, "rows.csv"), rows, Number(flags.rows));
  const peerTable = writeRepeated(join(folder, "peer-rows.csv"), rows, Number(flags["peer-rows"]));
  for (const family of flags.families.split(",")) await scoring(family, train, test, table, peerTable);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(Number(flags.rows) >= 1e6 && flags.families.split(",").length === 4);

async function startTime(): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < 11; i++) times.push((await runCommand(["--help"])).seconds);
  bench.figure({ name: "columnist --help", ours: median(times), unit: "s", measure: "value", atMost: 0.25 });
}

async function scoring(family: string, train: string, test: string, table: string, peerTable: string): Promise<void> {
  const model = join(folder, family);
  const out = join(folder, "out.csv");
  const training = ["train", train, "--text", "text", "--label", "label", "--test", test, "--model", family];
  await runCommand([...training, "--seed", "1", "--out", model, "--json"]);
  const ours = await runCommand(["predict", model, table, "--out", out, "--threads", flags.threads, "--json"]);
  const rate = Number(flags.rows) / ours.seconds;
  bench.figure({
    name: `predict ${family}: peak memory`,
    ours: ours.peakMb,
    unit: "MB",
    measure: "value",
    details: { rows: Number(flags.rows), seconds: ours.seconds },
  });
  const peers =
    family === "linear" ? await scikitLearn(train, test, peerTable) : await pytorch(family, model, peerTable);
  for (const peer of peers)
    bench.figure({
      name: `predict ${family}: rows a second, ${peer.name}`,
      ours: rate,
      peer: peer.rowsPerSecond,
      unit: "rows/s",
      measure: "ratio",
      better: "higher",
      details: { peerPeakMb: peer.peakMb },
    });
}

interface Scored {
  name: string;
  rowsPerSecond: number;
  peakMb: number;
}

async function scikitLearn(train: string, test: string, table: string): Promise<Scored[]> {
  const peer = await startPeer("sklearn_text.py", ["--threads", flags.threads], { threads });
  bench.addVersions(peer.hello.versions ?? {});
  const scored: Scored[] = [];
  for (const kind of ["word", "char"]) {
    await peer.ask("fit", { kind, train, test });
    const answer = await peer.ask<Scored>("score", { file: table, out: join(folder, "peer.csv") });
    scored.push({ ...answer, name: `${kind} SVC` });
  }
  await peer.stop();
  return scored;
}

async function pytorch(family: string, model: string, table: string): Promise<Scored[]> {
  const tokenizer = join(model, "tokenizer.json");
  const vocabulary = JSON.parse(readFileSync(tokenizer, "utf8")).model.vocab as object;
  const shape = join(folder, `${family}.json`);
  const own = (JSON.parse(readFileSync(join(model, "columnist.json"), "utf8")) as { model: WordNetworkShape }).model;
  const { embeddingDim, width: classes, maxLength } = own;
  const common = { family, vocabSize: Object.keys(vocabulary).length, embeddingDim, classes, maxLength };
  writeFileSync(shape, JSON.stringify({ ...common, ...peerShapes[own.family](own) }));
  const peer = await startPeer("predict_torch.py", [shape, "--threads", flags.threads, "--tokenizer", tokenizer], {
    threads,
  });
  bench.addVersions(peer.hello.versions ?? {});
  const answer = await peer.ask<Scored>("score_table", { file: table, out: join(folder, "peer.csv") });
  await peer.stop();
  return [{ ...answer, name: "PyTorch" }];
}

/** The table over and over until it has `count` rows. */
function writeRepeated(path: string, rows: readonly LabelledRow[], count: number): string {
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
  const lines = rows.map(({ text, label }) => `${quoted(text)},${quoted(label)}\n`);
  writeFileSync(path, "text,label\n");
  for (let done = 0; done < count; done += lines.length)
    writeFileSync(path, lines.slice(0, count - done).join(""), { flag: "a" });
  return path;
}
