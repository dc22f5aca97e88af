// One family, told and then trained in this process: what was said beside what it was. Prints one line of JSON.
//   node dist/bench/cost-side.js <family> <table of text,label> <rows> <epochs> [folder of an encoder]
import { readFileSync, writeFileSync } from "node:fs";
import { countTraining, timeTraining } from "../src/networks/index.js";
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
const validation = Math.floor(all.length / 5);
const training = part(all.slice(validation));
const rows = { head: task.head({ labels }, training.targets), training, validation: part(all.slice(0, validation)) };
const base = folder === undefined ? undefined : await openBase({ path: folder, kind: "encoder" } as never);
const options = { seed: 1, threads: 2, epochs: Number(epochs), base };
const family = await task.families[name].load();
const planned = await family.plan!(rows, options);
const told = planned.map(countTraining);
const isTimed = process.env.MEMORY_ONLY === undefined;
const seconds: number[] = [];
const beganTelling = performance.now();
if (isTimed) for (const one of planned) seconds.push(await timeTraining(one));
const toldIn = (performance.now() - beganTelling) / 1000;

const memoryOf = (kind: string) =>
  1024 * Number(readFileSync("/proc/self/status", "utf8").match(new RegExp(`${kind}:\\s+(\\d+)`))![1]);
await new Promise((resolve) => setTimeout(resolve, 300));
globalThis.gc?.();
const before = memoryOf("VmRSS");
// The highest mark begins anew (man 5 proc).
writeFileSync("/proc/self/clear_refs", "5");
const began = performance.now();
const { model, epochs: done, keptEpoch } = await family.train(rows, options);
const took = (performance.now() - began) / 1000;
const peak = memoryOf("VmHWM");
await model.close();
process.stdout.write(
  `${JSON.stringify({ told, seconds, toldIn, took, grown: peak - before, before, epochs: done.length, keptEpoch })}\n`,
);
process.exit(0);
