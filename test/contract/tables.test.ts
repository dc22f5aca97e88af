// Look-up tables whose rows are seldom named: as though all rows moved in every step, and the same bits whatever is read
// or saved in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { add, gather, input, mul, parameter, reduceSum } from "../../src/graph/index.js";
import { mostMissed, type OptimizerOptions, optimizerNames } from "../../src/optim/index.js";
import { compileForward, compileStep, createExecutor, type Executor, type Feeds } from "../../src/runtime/index.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";

/** Loss whose gradients are what is fed: Σ g · table[ids] + Σ h · bias. */
function network(rows: number, width: number, ids: number) {
  const named = gather(parameter("table", [rows, width]), input("ids", [ids], "int32"));
  const byRows = reduceSum(mul(named, input("g", [ids, width])), [0, 1], { keepDims: false });
  const dense = reduceSum(mul(parameter("bias", [width]), input("h", [width])), [0], { keepDims: false });
  return { build: () => compileStep({ loss: add(byRows, dense) }), look: () => compileForward({ named }) };
}

interface TableCase {
  optimizer: "Adam" | "AdamW" | "SGD";
  options: { betas?: [number, number]; eps?: number; weight_decay?: number; momentum?: number };
  maxNorm: number | null;
  start: [GoldenTensor, GoldenTensor];
  rates: number[];
  ids: number[][];
  gradients: GoldenTensor;
  biasGradients: GoldenTensor;
  after: Record<string, [GoldenTensor, GoldenTensor]>;
}

for (const golden of readGolden<TableCase>("torch-tables").cases) {
  test(`${golden.case}: rare rows as in PyTorch's dense optimizer`, async () => {
    const { options, start, maxNorm, gradients, biasGradients } = golden;
    const [rows, width] = start[0].shape;
    const { build } = network(rows, width, 2);
    const executor = await createExecutor({
      parameters: ["table", "bias"].map((name, i) => ({
        name,
        shape: start[i].shape,
        data: Float32Array.from(start[i].data),
        decay: true,
      })),
      optimizer: {
        name: golden.optimizer.toLowerCase() as OptimizerOptions["name"],
        ...(options.betas && { beta1: options.betas[0], beta2: options.betas[1] }),
        epsilon: options.eps ?? 0,
        momentum: options.momentum ?? 0,
        weightDecay: options.weight_decay ?? 0,
        clipNorm: maxNorm ?? undefined,
      },
      shards: 1,
    });
    for (const [k, ids] of golden.ids.entries()) {
      const part = ({ data }: GoldenTensor, size: number) => Float32Array.from(data.slice(k * size, (k + 1) * size));
      const feeds = { ids: Int32Array.from(ids), g: part(gradients, 2 * width), h: part(biasGradients, width) };
      await executor.step("k", build, [feeds], { learningRate: golden.rates[k] });
      const expected = golden.after[k + 1];
      if (!expected) continue;
      const got = executor.parameters();
      for (const [i, name] of ["table", "bias"].entries())
        for (const [j, value] of expected[i].data.entries())
          assert.ok(
            Math.abs(got.get(name)![j] - value) <= 1e-5,
            `after ${k + 1} steps ${name}[${j}] is ${got.get(name)![j]}, not ${value}`,
          );
    }
    await executor.close();
  });
}

const [rows, width, idCount] = [40, 6, 5];
const { build, look } = network(rows, width, idCount);
const inits = () => {
  const random = createRandom(2);
  const normal = (size: number) => Float32Array.from({ length: size }, () => random.normal());
  return [
    { name: "table", shape: [rows, width], data: normal(rows * width) },
    { name: "bias", shape: [width], data: normal(width) },
  ];
};

function feedsOf(step: number, shards: number): Feeds[] {
  const random = createRandom(step + 1);
  const normal = (size: number) => Float32Array.from({ length: size }, () => 0.1 * random.normal());
  return Array.from({ length: shards }, () => ({
    // The smaller, the more often.
    ids: Int32Array.from({ length: idCount }, () => Math.floor(rows * random.float() ** 4)),
    g: normal(idCount * width),
    h: normal(width),
  }));
}

const optimizerOf = (name: OptimizerOptions["name"]): OptimizerOptions => ({
  name,
  learningRate: 0.01,
  momentum: 0.9,
  weightDecay: 0.05,
  clipNorm: 0.5,
});

async function run(
  name: OptimizerOptions["name"],
  steps: number,
  { threads = 2, between }: { threads?: number; between?: (executor: Executor, step: number) => Promise<Executor> },
) {
  const open = () => createExecutor({ parameters: inits(), optimizer: optimizerOf(name), threads, shards: 2 });
  let executor = await open();
  for (let step = 0; step < steps; step++) {
    const learningRate = 0.01 * (1 - step / steps);
    await executor.step("k", build, feedsOf(step, 2), { learningRate });
    if (between) executor = await between(executor, step + 1);
  }
  const values = new Map([...executor.parameters()].map(([key, data]) => [key, data.slice()]));
  await executor.close();
  return values;
}

for (const name of optimizerNames) {
  test(`${name}: a table's bits depend on the steps alone, not on threads, looks and saved states`, async () => {
    // Beyond the step in which all rows catch up, for one of them.
    const steps = name === "adamw" ? mostMissed + 30 : 60;
    const saved = [7, 37, mostMissed, mostMissed + 11];
    const plain = await run(name, steps, {});
    assert.deepEqual(await run(name, steps, { threads: 1 }), plain, "one thread");
    const ids = Int32Array.from({ length: idCount }, (_, i) => 7 * i);
    const looked = await run(name, steps, {
      async between(executor, step) {
        if (step % 29 !== 0) return executor;
        const [{ named }] = await executor.forward("f", look, [{ ids }]);
        const table = executor.parameters().get("table")!;
        for (const [i, row] of ids.entries())
          assert.deepEqual(
            named.slice(i * width, (i + 1) * width),
            table.slice(row * width, (row + 1) * width),
            `row ${row} is the same for a forward pass and for one who reads the parameters`,
          );
        return executor;
      },
    });
    assert.deepEqual(looked, plain, "looked at in between");
    const resumed = await run(name, steps, {
      threads: 1,
      async between(executor, step) {
        if (!saved.includes(step)) return executor;
        const state = structuredClone(executor.state());
        await executor.close();
        const other = await createExecutor({
          parameters: inits().map((init) => ({ ...init, data: new Float32Array(init.data.length) })),
          optimizer: optimizerOf(name),
          threads: 2,
          shards: 2,
        });
        other.restore(state);
        return other;
      },
    });
    assert.deepEqual(resumed, plain, "gone on from saved states");
  });
}

test("a table whose values are set goes on from them with its moments", async () => {
  // Two rows of the same gradients: one is named in every step, with none after the first; the other once.
  const small = network(2, 1, 2);
  const executor = await createExecutor({
    parameters: [
      { name: "table", shape: [2, 1], data: new Float32Array(2) },
      { name: "bias", shape: [1], data: new Float32Array(1) },
    ],
    optimizer: "adam",
    shards: 1,
  });
  const step = (ids: number[], g: number[]) =>
    executor.step("k", small.build, [{ ids: Int32Array.from(ids), g: Float32Array.from(g), h: new Float32Array(1) }]);
  await step([0, 1], [1, 1]);
  for (let k = 0; k < 5; k++) await step([0, 0], [0, 0]);
  executor.setParameters(new Map([["table", Float32Array.of(3, 3)]]));
  assert.deepEqual([...executor.parameters().get("table")!], [3, 3]);
  for (let k = 0; k < 5; k++) await step([0, 0], [0, 0]);
  const [first, second] = executor.parameters().get("table")!;
  assert.ok(first < 3 && Math.abs(first - second) < 1e-6, `${first} ${second}`);
  await executor.close();
});

test("a frozen table stays, and a table cannot be learnt in two ways", async () => {
  const named = gather(parameter("table", [rows, width]), input("ids", [idCount], "int32"));
  const loss = reduceSum(mul(named, parameter("bias", [width])), [0, 1], { keepDims: false });
  const frozen = new Set(["table"]);
  const parameters = inits().map((init) => ({ ...init, trainable: !frozen.has(init.name) }));
  const executor = await createExecutor({ parameters, optimizer: optimizerOf("adamw"), shards: 1 });
  for (let step = 0; step < 3; step++) {
    const { ids } = feedsOf(step, 1)[0];
    await executor.step("k", () => compileStep({ loss, frozen }), [{ ids }]);
  }
  assert.deepEqual(executor.parameters().get("table"), parameters[0].data);
  assert.notDeepEqual(executor.parameters().get("bias"), parameters[1].data);
  await executor.close();

  const whole = reduceSum(mul(parameter("table", [rows, width]), input("g", [rows, width])), [0, 1], {
    keepDims: false,
  });
  const other = await createExecutor({ parameters: inits(), shards: 1 });
  await other.step("k", build, feedsOf(0, 1));
  await assert.rejects(
    other.step("whole", () => compileStep({ loss: whole }), [{ g: new Float32Array(rows * width) }]),
    /table 'table' is trained both by rows and as a whole/,
  );
  await other.close();
});
