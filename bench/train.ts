// Training-step speed against PyTorch: the same networks, the same first weights, whole steps with the optimizer.
//   node dist/bench/train.js [--only transformer,lstm,cnn] [--threads 1,2] [--shards n] [--blocks n]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { createExecutor, type Executor } from "../src/runtime/index.js";
import { alternate, type Bench, describeMachine, median, openBench, timed } from "./harness.js";
import { openProducts } from "./product-rate.js";
import { type Peer, startPeer } from "./start-peer.js";
import { cnn } from "./training-shapes/cnn.js";
import { lstm } from "./training-shapes/lstm.js";
import type { Batch, Sizes, TrainingShape } from "./training-shapes/shape.js";
import { transformer } from "./training-shapes/transformer.js";
import { readWeights } from "./training-shapes/weights.js";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "transformer,lstm,cnn" },
    threads: { type: "string", default: "1,2" },
    shards: { type: "string", default: "2" },
    blocks: { type: "string", default: "5" },
    "no-peer-variants": { type: "boolean", default: false },
  },
});
/** How many times PyTorch's eager step ours must be. Its product is faster with AVX-512. */
const asked = { transformer: describeMachine().simd === "AVX-512" ? 0.95 : 1.1, lstm: 1, cnn: 1.25 };
const askedShare = 0.8;
const steps = { transformer: 3, lstm: 8, cnn: 12 };

const bench = openBench("train");
const shapes = [transformer, lstm, cnn].filter(({ name }) => flags.only.split(",").includes(name));
for (const shape of shapes)
  for (const threads of flags.threads.split(",").map(Number)) await race(bench, shape, threads);
bench.close(shapes.length === 3 && flags.threads === "1,2");

async function race(bench: Bench, shape: TrainingShape, threads: number): Promise<void> {
  const name = `${shape.name}, ${threads} thread${threads > 1 ? "s" : ""}`;
  const peer = await startPeer("train_step.py", [shape.name, "--threads", String(threads)], { threads });
  bench.addVersions(peer.hello.versions ?? {});
  const folder = mkdtempSync(join(tmpdir(), "columnist-train-"));
  const sizes = peer.hello.size as Sizes;
  const shards = Number(flags.shards);
  try {
    await peer.ask("export", { folder });
    const open = () => openExecutor(shape, folder, shards, threads);
    await checkSameModel(bench, shape, name, folder, sizes, shards, await open());
    const executor = await open();
    const batches = makeBatches(shape, sizes);
    let count = 0;
    const ours = timed(() => step(executor, shape, sizes, batches[count++ % batches.length], shards, true));
    const theirs = (mode: string) => async (n: number) => (await peer.ask<{ ms: number[] }>("step", { n, mode })).ms;
    const products = shape.products(sizes);
    const alone = await openProducts(products, 1, threads);
    const together = await openProducts(products, threads, 1);
    const sides = { ours, eager: theirs("eager"), alone: alone.side, together: together.side };
    const others = { fused: theirs("fused"), compile: theirs("compile") };
    const plan = { blocks: Number(flags.blocks), steps: steps[shape.name], warmup: 3 };
    const times = await alternate<string>(flags["no-peer-variants"] ? sides : { ...sides, ...others }, plan);
    await executor.close();
    const ms = Object.fromEntries(Object.entries(times).map(([side, list]) => [side, median(list)]));
    const spread = Object.fromEntries(
      Object.entries(times).map(([side, list]) => [side, [Math.min(...list), Math.max(...list)]]),
    );
    bench.figure({
      name: `${name}: step, PyTorch eager`,
      ours: ms.ours,
      peer: ms.eager,
      unit: "ms",
      measure: "ratio",
      better: "lower",
      atLeast: asked[shape.name],
      details: { sizes, shards, spread, steps: times.ours.length },
    });
    for (const mode of ["fused", "compile"].filter((side) => side in ms)) {
      const what = mode === "fused" ? "PyTorch fused optimizer" : "torch.compile";
      bench.figure({
        name: `${name}: step, ${what}`,
        ours: ms.ours,
        peer: ms[mode],
        unit: "ms",
        measure: "ratio",
        better: "lower",
      });
    }
    // With more threads: the better of one session with all of them and of perfect scaling from one.
    const productsMs = Math.min(ms.alone, ms.together);
    bench.figure({
      name: `${name}: share of the product rate`,
      ours: productsMs / ms.ours,
      unit: "",
      measure: "value",
      ...(shape.name === "transformer" ? { atLeast: askedShare } : {}),
      details: { productsMs, gflops: alone.flops / productsMs / 1e6 },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await stopQuietly(peer);
  }
}

function openExecutor(shape: TrainingShape, folder: string, shards: number, threads: number): Promise<Executor> {
  const parameters = shape.parameters(readWeights(join(folder, `${shape.name}.safetensors`)));
  return createExecutor({ parameters, optimizer: shape.optimizer, shards, threads, seed: 1 });
}

async function step(
  executor: Executor,
  shape: TrainingShape,
  sizes: Sizes,
  batch: Batch,
  shards: number,
  dropout: boolean,
): Promise<number> {
  const rows = batch.rows / shards;
  const feeds = Array.from({ length: shards }, (_, shard) => shape.feeds(batch, shard * rows, (shard + 1) * rows));
  const { loss } = await executor.step(`${dropout}`, () => shape.build(rows, sizes, dropout), feeds);
  return loss;
}

/** Five steps on the peer's own batch from its own weights, without dropout: the losses must be the same. */
async function checkSameModel(
  bench: Bench,
  shape: TrainingShape,
  name: string,
  folder: string,
  sizes: Sizes,
  shards: number,
  executor: Executor,
): Promise<void> {
  const about = JSON.parse(readFileSync(join(folder, `${shape.name}.json`), "utf8")) as {
    ids: number[][];
    targets: number[] | number[][];
    losses: number[];
  };
  const batch: Batch = {
    rows: about.ids.length,
    length: about.ids[0].length,
    ids: Int32Array.from(about.ids.flat()),
    targets: Int32Array.from(about.targets.flat()),
  };
  let worst = 0;
  for (const expected of about.losses)
    worst = Math.max(worst, Math.abs((await step(executor, shape, sizes, batch, shards, false)) - expected) / expected);
  await executor.close();
  bench.figure({
    name: `${name}: five losses, largest difference`,
    ours: worst,
    unit: "",
    measure: "value",
    atMost: 5e-4,
  });
}

/** Uniform ids, full length: a batch touches as many rows of the table as it can. */
function makeBatches(shape: TrainingShape, { vocab, length, batch, classes }: Sizes): Batch[] {
  const random = createRandom(7);
  const draw = (count: number, below: number) => Int32Array.from({ length: count }, () => random.integer(below));
  return Array.from({ length: 8 }, () => ({
    rows: batch,
    length,
    ids: draw(batch * length, vocab),
    targets: shape.name === "transformer" ? draw(batch * length, vocab) : draw(batch, classes),
  }));
}

async function stopQuietly(peer: Peer): Promise<void> {
  await peer.stop().catch(() => undefined);
}
