// The graphs that training and evaluation run: the model's plan with losses on its outputs, for fixed sizes.
import { add, input, mul, type Tensor } from "../graph/index.js";
import { lossOf } from "../nn/index.js";
import { compileForward, compileStep, type StepGraph } from "../runtime/index.js";
import { targetName, weightsName } from "./batches.js";
import { buildGraph } from "./build-graph.js";
import type { OutputLoss } from "./compile-options.js";
import type { Topology } from "./topology.js";

export interface StepGraphOptions {
  rows: number;
  named: Readonly<Record<string, number>>;
  training: boolean;
  /** Gives the outputs that have a loss, under their names. */
  withOutputs: boolean;
  frozen: ReadonlySet<string>;
}

export function stepGraph(plan: Topology, losses: readonly OutputLoss[], options: StepGraphOptions): StepGraph {
  const { rows, named, training, withOutputs, frozen } = options;
  const { outputs } = buildGraph(plan, { batch: rows, named }, training);
  const weights = input(weightsName, [rows]);
  const parts = losses.map(({ loss, name, output, weight }): Tensor => {
    const definition = lossOf(loss);
    const { dtype, shape } = definition.target(outputs[output].shape);
    const value = definition.build(outputs[output], input(targetName(name), shape, dtype), weights);
    return weight === 1 ? value : mul(value, weight);
  });
  const loss = parts.reduce((a, b) => add(a, b));
  const predictions = withOutputs
    ? Object.fromEntries(losses.map(({ name, output }) => [predictionName(name), outputs[output]]))
    : {};
  return training ? compileStep({ loss, outputs: predictions, frozen }) : compileForward({ ...predictions, loss });
}

export const predictionName = (output: string) => `prediction ${output}`;
