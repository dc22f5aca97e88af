// One stage of a family's training, told and then trained in this process. Prints one line of JSON.
//   node --expose-gc dist/bench/cost-side.js <family> <table of text,label> <rows> <epochs> [folder of an encoder]
import { readFileSync, writeFileSync } from "node:fs";
import { countTraining, timeTraining, trainTextNetwork } from "../src/networks/index.js";
import { openBase } from "../src/tasks/families/base.js";
import { tasks } from "../src/tasks/index.js";
import { readRows } from "./data-sets.js";

const [name, path, count, epochs, folder] = process.argv.slice(2);
const all = (await readRows(path)).slice(0, Number(count));
const labels = [...new Set(all.map(({ label }) => label))].sort();
const task = await tasks.classify.load();
const part = (rows: typeof all) => ({
  texts: rows.map(({ text }) => text),
  targets: task.targets(
    rows.map(({ label }) => label),
    { labels },
  ),
});
const validation = Math.floor(all.length / 10);
const training = part(all.slice(validation));
const rows = { head: task.head({ labels }, training.targets), training, validation: part(all.slice(0, validation)) };
const base = folder === undefined ? undefined : await openBase({ path: folder, kind: "folder" });
const family = await task.families[name].load();
const planned = await family.plan!(rows, { seed: 1, threads: 2, epochs: Number(epochs), base });
const main = planned.find(({ options, rows: { validation } }) => validation && options.epochs === Number(epochs))!;
// All families read as many rows at once; few rows would have small batches.
const stage = { ...main, options: { ...main.options, batchSize: 32, patience: Number.POSITIVE_INFINITY } };
const told = countTraining(stage);

const memoryOf = (kind: string) =>
  1024 * Number(readFileSync("/proc/self/status", "utf8").match(new RegExp(`${kind}:\\s+(\\d+)`))![1]);
await new Promise((resolve) => setTimeout(resolve, 500));
globalThis.gc?.();
const before = memoryOf("VmRSS");
// The highest mark begins anew (man 5 proc).
writeFileSync("/proc/self/clear_refs", "5");
const from = performance.now();
await trainTextNetwork(stage.network, stage.head, stage.rows, stage.options);
const took = (performance.now() - from) / 1000;
const grown = memoryOf("VmHWM") - before;
// Behind the training, whose memory it would share.
const telling = performance.now();
const seconds = await timeTraining(stage);
const toldIn = (performance.now() - telling) / 1000;
process.stdout.write(`${JSON.stringify({ told: { ...told, seconds }, toldIn, took, grown })}\n`);
process.exit(0);
