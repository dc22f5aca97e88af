// What it costs that rows of look-up tables catch up on the steps they missed: the CNN family's step beside the same step
// of an earlier commit, whose rows moved only when a batch named them (as torch.optim.SparseAdam's do). Milliseconds are
// the processor's, of all threads: what else the machine does shows less in them than in the clock's.
//   node dist/bench/adam-tables.js [--before <commit>] [--threads 1] [--blocks n]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { crossEntropy, input } from "../src/graph/index.js";
import { defaultShape, wordNetwork } from "../src/networks/index.js";
import { graphBuild, initialValues } from "../src/nn/index.js";
import { compileStep, createExecutor, type Feeds } from "../src/runtime/index.js";
import { buildEarlier, removeEarlier } from "./earlier-build.js";
import { alternate, median, openBench, type Side } from "./harness.js";

const { values: flags } = parseArgs({
  options: {
    before: { type: "string", default: "d8d18c2" },
    threads: { type: "string", default: "1" },
    blocks: { type: "string", default: "12" },
  },
});
const threads = Number(flags.threads);
const [rows, length, classes, shards] = [64, 24, 6, 2];
/** Steps before the timed ones: with few steps behind them, more rows take the missed ones one by one. */
const firstSteps = 400;
const limit = 1.08;

const bench = openBench("adam-tables");
const folder = mkdtempSync(join(tmpdir(), "columnist-adam-"));
const checkout = join(folder, "before");
try {
  const before = await buildBefore();
  for (const vocabSize of [20_000, 200_000])
    for (const words of ["as in texts", "all alike"] as const) await race(before, vocabSize, words);
} finally {
  removeEarlier(checkout);
  rmSync(folder, { recursive: true, force: true });
}
bench.close(flags.before === "d8d18c2");

/** The earlier commit's executor. */
async function buildBefore(): Promise<typeof createExecutor> {
  const dist = buildEarlier(flags.before, checkout);
  const module = await import(pathToFileURL(join(dist, "src/runtime/index.js")).href);
  return module.createExecutor;
}

async function race(before: typeof createExecutor, vocabSize: number, words: "as in texts" | "all alike") {
  const name = `${vocabSize} rows, words ${words}`;
  const network = wordNetwork(defaultShape("cnn", { vocabSize, width: classes, maxLength: length }));
  const [ids, mask] = [input("ids", [rows / shards, length], "int32"), input("mask", [rows / shards, length])];
  const build = () => {
    const { logits } = network.build(ids, mask, graphBuild(true));
    const targets = input("labels", [rows / shards], "int32");
    return compileStep({ loss: crossEntropy(logits, targets, input("weights", [rows / shards])) });
  };
  const { parameters } = network.build(ids, mask, graphBuild(false));
  const open = (create: typeof createExecutor) =>
    create({
      parameters: parameters.map(({ name, shape, initializer }) => ({
        name,
        shape,
        data: initialValues(initializer, shape, name, 1),
      })),
      optimizer: { name: "adam", clipNorm: 1 },
      shards,
      threads,
    });
  const batches = makeBatches(vocabSize, words);
  const sides = await Promise.all(
    [open(createExecutor), open(before)].map(async (opening) => {
      const executor = await opening;
      let done = 0;
      const step = () => executor.step("step", build, batches[done++ % batches.length]);
      return { executor, run: processorTimed(step) };
    }),
  );
  const [ours, lazy] = sides.map(({ run }) => run);
  const first = await alternate({ ours, lazy }, { blocks: 8, steps: firstSteps / 8, warmup: 1 });
  const times = await alternate({ ours, lazy }, { blocks: Number(flags.blocks), steps: 40, warmup: 1 });
  for (const { executor } of sides) await executor.close();
  bench.figure({
    name: `${name}: a step`,
    ours: median(times.ours),
    peer: median(times.lazy),
    unit: "ms",
    measure: "ratio",
    better: "higher",
    atMost: limit,
    details: { rows, length, threads, quartiles: { ours: quartiles(times.ours), lazy: quartiles(times.lazy) } },
  });
  bench.figure({
    name: `${name}: a step of the first ${firstSteps}`,
    ours: median(first.ours),
    peer: median(first.lazy),
    unit: "ms",
    measure: "ratio",
    better: "higher",
  });
}

/** The processor's milliseconds of each of n calls. */
function processorTimed(run: () => Promise<unknown>): Side {
  return async (steps) => {
    const times: number[] = [];
    for (let i = 0; i < steps; i++) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      times.push((user + system) / 1000);
    }
    return times;
  };
}

/** Words of frequencies 1/rank, or of one frequency. */
function makeBatches(vocabSize: number, words: "as in texts" | "all alike"): Feeds[][] {
  const random = createRandom(7);
  const draw = () =>
    words === "all alike" ? random.integer(vocabSize) : Math.floor(vocabSize ** random.float() - 1) % vocabSize;
  const perShard = rows / shards;
  return Array.from({ length: 1200 }, () =>
    Array.from({ length: shards }, () => ({
      ids: Int32Array.from({ length: perShard * length }, draw),
      mask: new Float32Array(perShard * length).fill(1),
      labels: Int32Array.from({ length: perShard }, () => random.integer(classes)),
      weights: new Float32Array(perShard).fill(1 / rows),
    })),
  );
}

function quartiles(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
}
