// The graphs of training: one shard's step, and the same without gradients for evaluation.
import { elementCount, input, type LstmState, linearCrossEntropy, reshape } from "../../graph/index.js";
import { graphBuild } from "../../nn/index.js";
import { compileForward, compileStep, type StepGraph } from "../../runtime/index.js";
import { buildLanguageNetwork } from "./build-network.js";
import type { LanguageNetworkShape } from "./shape.js";

export interface ShardSize {
  sequences: number;
  length: number;
}

/** Sizes (units, sequences) of the state that is carried, by name; empty for Transformers. */
export function stateShapes(shape: LanguageNetworkShape, sequences: number): { name: string; shape: number[] }[] {
  if (shape.family === "transformer") return [];
  return Array.from({ length: shape.layers }, (_, layer) => {
    const units = layer === shape.layers - 1 ? shape.width : shape.hidden;
    return ["h", "c"].map((part) => ({ name: `${part}${layer}`, shape: [units, sequences] }));
  }).flat();
}

/**
 * Fed: ids (sequences, length), targets and weights (sequences · length), and the state. Gives the weighted sum of the
 * losses, and the state at the end.
 */
function shardGraph(
  shape: LanguageNetworkShape,
  { sequences, length }: ShardSize,
  training: boolean,
  labelSmoothing: number,
) {
  const ids = input("ids", [sequences, length], "int32");
  const states = stateShapes(shape, sequences).map(({ name, shape }) => input(name, shape));
  const carried: LstmState[] = [];
  for (let i = 0; i < states.length; i += 2) carried.push({ h: states[i], c: states[i + 1] });
  const build = graphBuild(training);
  const { hidden, table, state } = buildLanguageNetwork(shape, { ids, state: carried }, build);
  const rows = elementCount([sequences, length]);
  const loss = linearCrossEntropy(
    reshape(hidden, [rows, shape.width]),
    table,
    input("targets", [rows], "int32"),
    input("weights", [rows]),
    { training, labelSmoothing },
  );
  const outputs = Object.fromEntries(
    (state ?? []).flatMap(({ h, c }, layer) => [
      [`next h${layer}`, h],
      [`next c${layer}`, c],
    ]),
  );
  return { loss, outputs };
}

export function trainingGraph(shape: LanguageNetworkShape, size: ShardSize, labelSmoothing: number): StepGraph {
  return compileStep(shardGraph(shape, size, true, labelSmoothing));
}

export function evaluationGraph(shape: LanguageNetworkShape, size: ShardSize): StepGraph {
  const { loss, outputs } = shardGraph(shape, size, false, 0);
  return compileForward({ ...outputs, loss });
}
