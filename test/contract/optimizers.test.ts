// Optimizers and schedules against PyTorch over ten steps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createArena } from "../../src/kernels/index.js";
import {
  createUpdate,
  learningRateAt,
  loadOptimizerKernels,
  type OptimizerName,
  resolveOptimizer,
} from "../../src/optim/index.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";

interface OptimizerCase {
  optimizer: "Adam" | "AdamW" | "SGD";
  options: {
    lr: number;
    betas?: [number, number];
    eps?: number;
    weight_decay?: number;
    momentum?: number;
    nesterov?: boolean;
  };
  start: GoldenTensor[];
  steps: { gradients: GoldenTensor[]; parameters: GoldenTensor[] }[];
}

const names: Record<string, OptimizerName> = { Adam: "adam", AdamW: "adamw", SGD: "sgd" };

for (const golden of readGolden<OptimizerCase>("torch-optimizers").cases) {
  const { options, optimizer: name } = golden;
  // Not offered: L2 inside Adam, Nesterov's momentum.
  if ((name === "Adam" && options.weight_decay) || options.nesterov) continue;
  test(`${golden.case} as in PyTorch`, () => {
    const optimizer = resolveOptimizer({
      name: names[name],
      learningRate: options.lr,
      ...(options.betas && { beta1: options.betas[0], beta2: options.betas[1] }),
      epsilon: options.eps,
      momentum: options.momentum ?? 0,
    });
    const states = golden.start.map(({ data }) => {
      const arena = createArena();
      const [parameters, moment1, moment2, gradient] = Array.from({ length: 4 }, () => arena.allocate(4 * data.length));
      const at = (address: number) => new Float32Array(arena.memory.buffer, address, data.length);
      at(parameters).set(data);
      const kernels = loadOptimizerKernels(arena.memory);
      return { kernels, places: { parameters, moment1, moment2, gradient }, at };
    });
    for (const [k, step] of golden.steps.entries()) {
      for (const [i, { kernels, places, at }] of states.entries()) {
        const update = createUpdate(optimizer, kernels, places, { step: k + 1, learningRate: options.lr, scale: 1 });
        const gradient = step.gradients[i].data;
        at(places.gradient).set(gradient);
        update(0, gradient.length, { weightDecay: options.weight_decay ?? 0, rateScale: 1 });
        assertClose(at(places.parameters), step.parameters[i].data, 2e-6, `step ${k + 1}`);
      }
    }
  });
}

interface ScheduleCase {
  schedule: string;
  baseRate: number;
  warmupSteps: number;
  totalSteps: number;
  rates: GoldenTensor;
}

for (const golden of readGolden<ScheduleCase>("torch-schedules").cases) {
  const kind = golden.schedule;
  if (kind !== "constant" && kind !== "linear" && kind !== "cosine") continue;
  test(`${golden.case} as in PyTorch`, () => {
    const { warmupSteps, totalSteps, baseRate } = golden;
    for (const [k, rate] of golden.rates.data.entries()) {
      // Ours climbs to the full rate at the last warm-up step and never wastes a step on rate 0.
      const expected = k < warmupSteps ? golden.rates.data[k + 1] : rate;
      const got = learningRateAt({ kind, warmupSteps, totalSteps }, baseRate, k);
      assert.ok(Math.abs(got - expected) < 1e-7, `step ${k}: ${got}, expected ${expected}`);
    }
  });
}

test("an unknown optimizer names the known ones", () => {
  assert.throws(
    () => resolveOptimizer("adamm" as OptimizerName),
    /known are adam, adamw, muon, sgd. Did you mean 'adam'/,
  );
});

function assertClose(got: Float32Array, expected: readonly number[], tolerance: number, what: string): void {
  for (const [i, value] of expected.entries())
    assert.ok(
      Math.abs(got[i] - value) <= tolerance * Math.max(1, Math.abs(value)),
      `${what} [${i}]: ${got[i]}, not ${value}`,
    );
}
