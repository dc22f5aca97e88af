// The network that answers, as a graph from the vectors of its tokens to a score and the gradient: the graph that trained it, cut
// where the vectors are looked up.
import { encodeOnnx } from "../formats/onnx/encode.js";
import { emitModel, type GraphNode, gradients, input, reduceSum, sortNodes, type Tensor } from "../graph/index.js";
import { gatherOp } from "../graph/ops/gather.js";
import { leafOf } from "../graph/ops/input.js";
import { numbersOf, type OpenedNetwork } from "../networks/index.js";
import { graphBuild } from "../nn/index.js";
import { scoreTensor } from "./target.js";

/**
 * tokens (batch, length, width), mask (batch, length) and direction (batch, numbers of an answer) give score (batch) and the
 * gradient of each by its tokens (batch, length, width). Sizes are fixed, as gradients need them.
 *
 * @param isOdds - see `scoreTensor`
 */
export function gradientOnnx(
  { network, weights, form, table }: OpenedNetwork,
  [batch, length]: readonly [number, number],
  isOdds: boolean,
): Uint8Array {
  const ids = input("ids", [batch, length], "int32");
  const mask = input("mask", [batch, length]);
  const direction = input("direction", [batch, network.width]);
  const { logits } = network.build(ids, mask, graphBuild(false));
  const score = scoreTensor(form, logits, direction, isOdds);
  const tokens = lookedUp(logits, table);
  // A row's score depends on its own tokens alone.
  const [gradient] = gradients(reduceSum(score, [0], { keepDims: false }), [tokens]);
  const model = emitModel(
    { score, gradient: gradient! },
    { values: numbersOf(weights), inputs: new Map([[tokens, "tokens"]]) },
  );
  return encodeOnnx(model);
}

/** The vectors of tokens in a graph. */
function lookedUp(result: Tensor, table: string): Tensor {
  const isLookUp = ({ op, inputs: [from] }: GraphNode) => op === gatherOp && leafOf(from)?.name === table;
  return sortNodes([result]).find(isLookUp)!.outputs[0];
}
