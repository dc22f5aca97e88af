// Inputs, targets and weights of one set of rows, checked and ready to be cut into batches.
import { UserError } from "../base/errors.js";
import { type DataSet, targetName } from "./batches.js";
import { buildGraph } from "./build-graph.js";
import type { OutputLoss } from "./compile-options.js";
import { type InputData, readInputs } from "./read-inputs.js";
import { readTargets, type TargetData } from "./read-targets.js";
import { type ClassWeight, rowWeights } from "./row-weights.js";
import type { NumberRows } from "./tensor-data.js";
import type { Topology } from "./topology.js";

export function readDataSet(
  plan: Topology,
  losses: readonly OutputLoss[],
  x: InputData,
  y: TargetData,
  weights: { sampleWeight?: ArrayLike<number>; classWeight?: ClassWeight },
  names: { x: string; y: string },
): DataSet {
  const inputs = readInputs(plan, x, names.x);
  const shapes = buildGraph(plan, { batch: 1, named: inputs.named }, false).outputs.map(({ shape }) => shape);
  const targets = readTargets(losses, shapes, y, inputs.rows, names.y);
  return {
    inputs,
    inputNames: plan.inputs.map(({ name }) => name),
    targets,
    targetNames: losses.map(({ name }) => targetName(name)),
    weights: rowWeights(inputs.rows, losses, targets, weights),
  };
}

/** The last `share` of the rows becomes a set of its own, as in Keras. */
export function splitRows(data: DataSet, share: number): [DataSet, DataSet] {
  const { rows } = data.inputs;
  const cut = Math.floor(rows * (1 - share));
  if (cut === 0 || cut === rows)
    throw new UserError(`a validationSplit of ${share} of ${rows} rows leaves one part empty; choose another share.`);
  const part = (from: number, to: number): DataSet => ({
    ...data,
    inputs: {
      ...data.inputs,
      rows: to - from,
      arrays: data.inputs.arrays.map((array) => rowsBetween(array, from, to)),
    },
    targets: data.targets.map((array) => rowsBetween(array, from, to)),
    weights: data.weights.subarray(from, to),
  });
  return [part(0, cut), part(cut, rows)];
}

function rowsBetween({ data, sizes }: NumberRows, from: number, to: number): NumberRows {
  const width = sizes.reduce((product, size) => product * size, 1);
  return { data: data.subarray(from * width, to * width), rows: to - from, sizes };
}
