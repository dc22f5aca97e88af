// Training steps on worker threads: the same bits on any number of threads, and the update that is documented.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import {
  add,
  concat,
  crossEntropy,
  dropout,
  gather,
  input,
  linear,
  linearCrossEntropy,
  lstm,
  maxOverTime,
  mul,
  parameter,
  reduceSum,
  relu,
  reshape,
  slice,
  transpose,
} from "../../src/graph/index.js";
import type { OptimizerOptions } from "../../src/optim/index.js";
import {
  compileForward,
  compileStep,
  createExecutor,
  type ExecutorState,
  type ParameterInit,
} from "../../src/runtime/index.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";

const [vocabulary, width, hidden, length, rows] = [30, 6, 5, 7, 4];

function network() {
  const random = createRandom(3);
  const inits: ParameterInit[] = [];
  const learnt = (name: string, ...shape: number[]) => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.5 * random.normal());
    inits.push({ name, shape, data, isHidden: name === "w" || name === "kernel" });
    return parameter(name, shape);
  };
  const ids = input("ids", [rows, length], "int32");
  const words = gather(learnt("table", vocabulary, width), ids);
  const y = lstm(
    transpose(dropout(words, 0.2, "words"), [1, 2, 0]),
    learnt("w", 4 * hidden, width),
    learnt("r", 4 * hidden, hidden),
    learnt("b", 4 * hidden),
  );
  const last = reshape(slice(y, 0, length - 1, length), [hidden, rows]);
  const features = concat([transpose(last, [1, 0]), relu(maxOverTime(words))], 1);
  const logits = linear(features, learnt("kernel", hidden + width, 3), learnt("bias", 3));
  const loss = crossEntropy(logits, input("labels", [rows], "int32"), input("weights", [rows]));
  return { inits, loss, logits };
}

function batch(seed: number, shards: number) {
  const random = createRandom(seed);
  return Array.from({ length: shards }, () => ({
    ids: Int32Array.from({ length: rows * length }, () => random.integer(vocabulary)),
    labels: Int32Array.from({ length: rows }, () => random.integer(3)),
    weights: new Float32Array(rows).fill(1 / (rows * shards)),
  }));
}

async function trained(threads: number, optimizer: OptimizerOptions, shards = 4) {
  const { inits, loss } = network();
  const executor = await createExecutor({ parameters: inits, optimizer, threads, shards, seed: 11 });
  const losses: number[] = [];
  for (let step = 0; step < 6; step++)
    losses.push((await executor.step("k", () => compileStep({ loss }), batch(step % 2, shards))).loss);
  const parameters = new Map([...executor.parameters()].map(([name, data]) => [name, data.slice()]));
  await executor.close();
  return { losses, parameters };
}

for (const optimizer of [
  { name: "adam", learningRate: 0.01 },
  { name: "adamw", learningRate: 0.01, clipNorm: 0.1 },
  { name: "sgd", learningRate: 0.1, momentum: 0.9 },
  { name: "muon", learningRate: 0.01, clipNorm: 0.5 },
] as const) {
  test(`${optimizer.name}: 1, 2 and 4 threads give the same bits`, async () => {
    const one = await trained(1, optimizer);
    for (const threads of [2, 4]) assert.deepEqual(await trained(threads, optimizer), one);
    assert.ok(one.losses[4] < one.losses[0], `the loss does not fall: ${one.losses}`);
  });
}

/** Token vectors that are input and output in one: their rows' gradients are added inside the graph. */
function tiedNetwork({ vocabulary, width, tokens }: { vocabulary: number; width: number; tokens: number }) {
  const random = createRandom(4);
  const data = Float32Array.from({ length: vocabulary * width }, () => 0.1 * random.normal());
  const shape = [vocabulary, width];
  const table = parameter("table", shape);
  const words = gather(table, input("ids", [tokens], "int32"));
  const loss = linearCrossEntropy(words, table, input("targets", [tokens], "int32"), input("weights", [tokens]));
  const shard = () => ({
    // Three ids take most of the places.
    ids: Int32Array.from({ length: tokens }, () => random.integer(random.float() < 0.1 ? vocabulary : 3)),
    targets: Int32Array.from({ length: tokens }, () => random.integer(vocabulary)),
    weights: new Float32Array(tokens).fill(1 / tokens),
  });
  return { inits: [{ name: "table", shape, data }], step: () => compileStep({ loss }), shard };
}

// Sizes at which ONNX Runtime would share one shard's work among threads: rows that are added at one place (a race), and
// products whose sums it cuts by the number of threads.
for (const { name, steps, ...sizes } of [
  { name: "rows that stand in a shard many times", steps: 60, vocabulary: 16, width: 256, tokens: 1024 },
  { name: "products of few rows", steps: 3, vocabulary: 128, width: 300, tokens: 17 },
])
  test(`${name}: the same bits on any number of threads per shard, at every run`, async () => {
    const run = async (threads: number, lanes: number) => {
      const { inits, step, shard } = tiedNetwork(sizes);
      const executor = await createExecutor({ parameters: inits, optimizer: "adam", threads, shards: lanes });
      for (let i = 0; i < steps; i++) await executor.step("k", step, Array.from({ length: lanes }, shard));
      const table = executor.parameters().get("table")!.slice();
      await executor.close();
      return table;
    };
    for (const lanes of [1, 2]) {
      const one = await run(1, lanes);
      for (const threads of [2, 3, 6]) assert.deepEqual(await run(threads, lanes), one, `${lanes} on ${threads}`);
    }
  });

test("a batch of more shards than lanes accumulates, with the same bits on any number of threads", async () => {
  const run = async (threads: number, lanes: number) => {
    const { inits, loss } = network();
    const executor = await createExecutor({ parameters: inits, optimizer: "sgd", threads, shards: lanes, seed: 11 });

    for (let step = 0; step < 3; step++) await executor.step("k", () => compileStep({ loss }), batch(step, 5));
    const parameters = new Map([...executor.parameters()].map(([name, data]) => [name, data.slice()]));
    await executor.close();
    return parameters;
  };
  const one = await run(1, 2);
  assert.deepEqual(await run(2, 2), one);
  for (const [name, data] of await run(2, 5))
    for (const [i, value] of data.entries()) assert.ok(Math.abs(value - one.get(name)![i]) < 1e-6, `${name} ${i}`);
});

for (const name of ["adam", "muon"] as const) {
  test(`${name} goes on from its state with the same bits`, async () => {
    const { inits, loss } = network();
    const options = { optimizer: name, seed: 5, parameters: inits };
    const steps = async (from: number, to: number, before?: ExecutorState) => {
      const executor = await createExecutor(options);
      if (before) executor.restore(before);
      for (let step = from; step < to; step++) await executor.step("k", () => compileStep({ loss }), batch(step, 2));
      const after = structuredClone(executor.state());
      await executor.close();
      return after;
    };
    assert.deepEqual(await steps(2, 4, await steps(0, 2)), await steps(0, 4));
  });
}

test("muon is what its authors describe", async () => {
  interface MuonCase {
    start: GoldenTensor;
    steps: { gradient: GoldenTensor; parameters: GoldenTensor }[];
  }
  for (const { start, steps } of readGolden<MuonCase>("muon").cases) {
    const gradient = input("g", start.shape);
    const loss = reduceSum(mul(parameter("w", start.shape), gradient), [0, 1], { keepDims: false });
    const executor = await createExecutor({
      parameters: [{ name: "w", shape: start.shape, data: Float32Array.from(start.data), isHidden: true }],
      optimizer: { name: "muon", matrixLearningRate: 0.05, momentum: 0.9, weightDecay: 0.1 },
    });
    for (const { gradient, parameters } of steps) {
      await executor.step("k", () => compileStep({ loss }), [{ g: Float32Array.from(gradient.data) }]);
      for (const [i, value] of parameters.data.entries())
        assert.ok(Math.abs(executor.parameters().get("w")![i] - value) < 1e-5, `${start.shape}: element ${i}`);
    }
    await executor.close();
  }
});

/** Freezes these: everything but the LSTM's recurrent weights and the last bias, of each kind of parameter one at least. */
const frozen = new Set(["table", "w", "b", "kernel"]);

async function openFrozen(change: (init: ParameterInit) => Partial<ParameterInit>, threads = 2) {
  const { inits, loss, logits } = network();
  const parameters = inits.map((init) => (frozen.has(init.name) ? { ...init, ...change(init) } : init));
  const executor = await createExecutor({
    parameters,
    threads,
    optimizer: { name: "adamw", learningRate: 0.01 },
    seed: 3,
  });
  return { executor, inits, loss, logits };
}

test("frozen parameters stay, and the others get the bits that they get beside parameters whose rate is zero", async () => {
  const run = async (threads: number, change: Partial<ParameterInit>, given?: ReadonlySet<string>) => {
    const { executor, inits, loss } = await openFrozen(() => change, threads);
    const losses: number[] = [];
    for (let step = 0; step < 6; step++)
      losses.push((await executor.step("k", () => compileStep({ loss, frozen: given }), batch(step % 2, 2))).loss);
    const parameters = new Map(inits.map(({ name }) => [name, executor.parameters().get(name)!.slice()]));
    await executor.close();
    return { losses, parameters };
  };
  const one = await run(1, { trainable: false }, frozen);
  assert.deepEqual(await run(2, { trainable: false }, frozen), one);
  assert.deepEqual(await run(2, { rateScale: 0 }), one);
  for (const { name, data } of network().inits)
    if (frozen.has(name)) assert.deepEqual(one.parameters.get(name), data, name);
    else assert.notDeepEqual(one.parameters.get(name), data, name);
});

test("a state has moments of trained parameters alone; one of a run that trained more is taken, of less is not", async () => {
  const steps = async (from: number, to: number, before?: ExecutorState) => {
    const { executor, loss } = await openFrozen(() => ({ trainable: false }));
    if (before) executor.restore(before);
    for (let step = from; step < to; step++)
      await executor.step("k", () => compileStep({ loss, frozen }), batch(step, 2));
    const after = structuredClone(executor.state());
    await executor.close();
    return after;
  };
  const whole = await steps(0, 4);
  assert.deepEqual([...whole.moment1.keys()], ["r", "bias"]);
  assert.deepEqual([...whole.moment2.keys()], ["r", "bias"]);
  assert.equal(whole.rowSteps.size, 0);
  assert.equal(whole.parameters.size, network().inits.length);
  assert.deepEqual(await steps(2, 4, await steps(0, 2)), whole);

  const { executor, loss } = await openFrozen(() => ({}));
  assert.throws(() => executor.restore(whole), /the state has no moment1 of 180 numbers for parameter 'table'/);
  await executor.step("k", () => compileStep({ loss }), batch(0, 2));
  const more = executor.state();
  const frozenRun = await openFrozen(() => ({ trainable: false }));
  frozenRun.executor.restore(more);
  assert.deepEqual(frozenRun.executor.parameters().get("w"), more.parameters.get("w"));
  assert.equal(frozenRun.executor.state().rowSteps.size, 0);
  await Promise.all([executor.close(), frozenRun.executor.close()]);
});

test("frozen parameters that are set are seen by the next pass, after a step too", async () => {
  const { executor, inits, loss, logits } = await openFrozen(() => ({ trainable: false }), 1);
  const [feeds] = batch(0, 1);
  const look = async () => (await executor.forward("f", () => compileForward({ logits }), [feeds]))[0].logits;
  await executor.step("k", () => compileStep({ loss, frozen }), [feeds]);
  const before = await look();
  const kernel = inits.find(({ name }) => name === "kernel")!.data;
  executor.setParameters(new Map([["kernel", new Float32Array(kernel.length)]]));
  assert.notDeepEqual(await look(), before);
  executor.setParameters(new Map([["kernel", kernel]]));
  assert.deepEqual(await look(), before);
  const table = inits.find(({ name }) => name === "table")!.data;
  executor.setParameters(new Map([["table", table.map((value) => 2 * value)]]));
  assert.notDeepEqual(await look(), before);
  await assert.rejects(
    executor.step("all", () => compileStep({ loss }), [feeds]),
    /'.*' is frozen, but its gradient is computed/,
  );
  await executor.close();
});

test("another seed gives another dropout mask, the same seed the same", async () => {
  const { inits, loss } = network();
  const first = async (seed: number) => {
    const executor = await createExecutor({ parameters: inits, seed });
    const { loss: value } = await executor.step("k", () => compileStep({ loss }), batch(0, 2));
    await executor.close();
    return value;
  };
  assert.equal(await first(1), await first(1));
  assert.notEqual(await first(1), await first(2));
});

test("clipping is PyTorch's clip_grad_norm_", async () => {
  interface Clipping {
    maxNorm: number;
    gradients: GoldenTensor[];
    clipped: GoldenTensor[];
  }
  for (const golden of readGolden<Clipping>("torch-clipping").cases) {
    // L = Σ g·p has the gradient g; with SGD at rate 1 from 0, p becomes −g clipped.
    const terms = golden.gradients.map(({ shape }, i) =>
      reduceSum(
        mul(parameter(`p${i}`, shape), input(`g${i}`, shape)),
        shape.map((_, axis) => axis),
        { keepDims: false },
      ),
    );
    const loss = terms.reduce((a, b) => add(a, b));
    const executor = await createExecutor({
      parameters: golden.gradients.map(({ shape, data }, i) => ({
        name: `p${i}`,
        shape,
        data: new Float32Array(data.length),
      })),
      optimizer: { name: "sgd", learningRate: 1, clipNorm: golden.maxNorm },
    });
    const feeds = Object.fromEntries(golden.gradients.map(({ data }, i) => [`g${i}`, Float32Array.from(data)]));
    await executor.step("k", () => compileStep({ loss }), [feeds]);
    for (const [i, { data }] of golden.clipped.entries())
      for (const [j, value] of data.entries())
        assert.ok(Math.abs(executor.parameters().get(`p${i}`)![j] + value) < 1e-6, golden.maxNorm.toString());
    await executor.close();
  }
});

test("only rows that the batch names move", async () => {
  const { inits, loss } = network();
  const executor = await createExecutor({ parameters: inits, shards: 1 });
  const [feeds] = batch(0, 1);
  await executor.step("k", () => compileStep({ loss }), [feeds]);
  const table = executor.parameters().get("table")!;
  const before = inits.find(({ name }) => name === "table")!.data;
  for (let row = 0; row < vocabulary; row++) {
    const at = row * width;
    const moved = table.slice(at, at + width).some((value, j) => value !== before[at + j]);
    assert.equal(moved, feeds.ids.includes(row), `row ${row}`);
  }
  await executor.close();
});

test("forward sees what the steps changed", async () => {
  const { inits, loss, logits } = network();
  const executor = await createExecutor({ parameters: inits, shards: 1 });
  const [feeds] = batch(0, 1);
  const look = async () => (await executor.forward("f", () => compileForward({ logits }), [feeds]))[0].logits;
  const before = await look();
  await executor.step("k", () => compileStep({ loss }), [feeds]);
  assert.notDeepEqual(await look(), before);
  await executor.close();
});

test("a wrong feed is an error that names the input, and ends the executor", async () => {
  const { inits, loss } = network();
  const executor = await createExecutor({ parameters: inits, shards: 2 });
  const [feeds] = batch(0, 1);
  const wrong = { ...feeds, labels: new Int32Array(1) };
  await assert.rejects(
    executor.step("k", () => compileStep({ loss }), [wrong, feeds]),
    /'labels' needs a Int32Array of 4/,
  );
  await assert.rejects(
    executor.step("k", () => compileStep({ loss }), [feeds, feeds]),
    /worker failed/,
  );
  const other = await createExecutor({ parameters: inits, shards: 1 });
  const outside = { ...feeds, ids: feeds.ids.with(0, 99) };
  await assert.rejects(
    other.step("k", () => compileStep({ loss }), [outside]),
    /row 99 is not in table 'table' of 30 rows/,
  );
  await other.close();
});

test("numbers below the normal ones are zero in every worker", { skip: process.arch !== "x64" }, async () => {
  const x = input("x", [1]);
  const build = () => compileForward({ y: mul(x, x) });
  for (const seed of [1, 2]) {
    const executor = await createExecutor({ parameters: [], shards: 2, threads: 2, seed });
    const results = await executor.forward(
      "square",
      build,
      [1, 1].map(() => ({ x: Float32Array.of(1e-20) })),
    );
    await executor.close();
    assert.deepEqual(
      results.map(({ y }) => y[0]),
      [0, 0],
    );
  }
});
