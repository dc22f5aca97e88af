// What training each family on a table would cost.
import { availableParallelism } from "node:os";
import { spellOptions } from "../../base/option.js";
import { mixSeed } from "../../base/random.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { costOfTraining, type FamilyCost, wattHours } from "../../cost/index.js";
import { findModel } from "../../hub/index.js";
import { shardCount } from "../../networks/index.js";
import { checkOutputs } from "../../tables/index.js";
import { openBase } from "../../tasks/families/base.js";
import { leftOutMessage, readLabelled, splitRows, type TaskName, tasks } from "../../tasks/index.js";
import { withTable } from "../add-columns.js";
import { findTask } from "../train/find-task.js";
import { checkFamilies, wantedFamilies } from "../train/wanted-families.js";
import type { CostSettings } from "./options.js";

export interface TrainingCostResult {
  kind: "training";
  source: string;
  task: TaskName;
  /** "2 labels" */
  extent: string;
  rows: { training: number; validation: number; heldOut: number };
  threads: number;
  /** Of one busy core. */
  watts: number;
  /** In the order of training. */
  families: FamilyCostResult[];
  /** Families that would be trained, but whose cost can't be told. */
  untold: string[];
}

export interface FamilyCostResult extends FamilyCost {
  family: string;
  wattHours: number;
}

export async function costOfTable(
  path: string,
  settings: CostSettings & { text: string[]; label: string },
  watch: WorkflowWatch,
): Promise<TrainingCostResult> {
  const { text, label, table, query, seed, splitSeed, epochs, watts } = settings;
  const threads = settings.threads ?? availableParallelism();
  const found = settings.base === undefined ? undefined : findModel(settings.base);
  await checkOutputs({ inputs: [path, found?.path], outputs: [] });
  const base = found && (await openBase(found));
  const choice = { ...settings, merge: false };
  watch.onProgress?.({ stage: "reading the table", done: 0, total: 1 });
  const { taskName, task, read } = await withTable({ path, table, query }, watch, async (opened) => {
    const taskName = await findTask(opened, settings);
    const task = await tasks[taskName].load();
    checkFamilies(task, choice, base);
    return { taskName, task, read: await readLabelled(task, opened, path, { text, label }) };
  });
  const rows = splitRows(task, read, undefined, splitSeed, settings);
  for (const warning of [leftOutMessage(read), ...rows.warnings])
    if (warning !== undefined) watch.onMessage?.(spellOptions(warning, watch.spellOption));
  const names = wantedFamilies(task, choice, rows, base);
  const families: FamilyCostResult[] = [];
  const untold: string[] = [];
  for (const [done, name] of names.entries()) {
    watch.onProgress?.({ stage: `timing ${name}`, done, total: names.length });
    const family = await task.families[name].load();
    const own = { seed: mixSeed(seed, 3), threads, epochs, base };
    const cost = await costOfTraining(family, rows, own, { isLinear: linear.has(name), signal: watch.signal });
    const cores = busyCores(name, threads);
    if (cost) families.push({ family: name, ...cost, wattHours: wattHours(cost.seconds, cores, watts) });
    else untold.push(name);
  }
  const { training, validation, heldOut } = rows;
  return {
    kind: "training",
    source: read.source,
    task: taskName,
    extent: task.extent(rows.space),
    rows: { training: training.texts.length, validation: validation.texts.length, heldOut: heldOut.texts.length },
    ...{ threads, watts, families, untold },
  };
}

/** A linear model is solved by one thread, networks are trained by one a shard; what encodes texts uses all. */
function busyCores(family: string, threads: number): number {
  if (family === "linear") return 1;
  return linear.has(family) ? threads : Math.min(threads, shardCount);
}

/** Families without steps. */
const linear = new Set(["linear", "vectors"]);
