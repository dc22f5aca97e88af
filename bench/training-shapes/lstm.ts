// Two LSTM layers, the last step's state into a dense layer. The same network as LstmClassifier in
// bench/peers/train_step.py.
import {
  crossEntropy,
  gather,
  input,
  linear,
  lstm as lstmOp,
  parameter,
  reshape,
  slice,
  type Tensor,
  transpose,
} from "../../src/graph/index.js";
import { compileStep } from "../../src/runtime/index.js";
import type { TrainingShape } from "./shape.js";
import { summed, turned } from "./weights.js";

export const lstm: TrainingShape = {
  name: "lstm",
  optimizer: { name: "adam", learningRate: 1e-3, epsilon: 1e-8 },
  parameters(weights) {
    const get = (name: string) => weights.get(name)!;
    // PyTorch's gates stand as i f g o, ours as i f o g.
    const gates = (name: string) => ({ ...get(name), data: reorderGates(get(name).data) });
    const layers = [0, 1].flatMap((layer) => [
      { name: `lstm.${layer}.w`, ...gates(`lstm.weight_ih_l${layer}`) },
      { name: `lstm.${layer}.r`, ...gates(`lstm.weight_hh_l${layer}`) },
      {
        name: `lstm.${layer}.b`,
        ...summed(gates(`lstm.bias_ih_l${layer}`), gates(`lstm.bias_hh_l${layer}`)),
      },
    ]);
    return [
      { name: "tokens.weight", ...get("tokens.weight") },
      ...layers,
      { name: "output.weight", ...turned(get("output.weight"), [1, 0]) },
      { name: "output.bias", ...get("output.bias") },
    ];
  },
  build(rows, { vocab, embedding, hidden, classes, length }) {
    const ids = input("ids", [rows, length], "int32");
    const embedded = gather(parameter("tokens.weight", [vocab, embedding]), ids);
    const layer = (x: Tensor, index: number, inputSize: number) =>
      lstmOp(
        x,
        parameter(`lstm.${index}.w`, [4 * hidden, inputSize]),
        parameter(`lstm.${index}.r`, [4 * hidden, hidden]),
        parameter(`lstm.${index}.b`, [4 * hidden]),
      );
    // (T, features, B)
    const y = layer(layer(transpose(embedded, [1, 2, 0]), 0, embedding), 1, hidden);
    const last = transpose(reshape(slice(y, 0, length - 1, length), [hidden, rows]), [1, 0]);
    const logits = linear(last, parameter("output.weight", [hidden, classes]), parameter("output.bias", [classes]));
    return compileStep({ loss: crossEntropy(logits, input("targets", [rows], "int32"), input("weights", [rows])) });
  },
  feeds: ({ rows, length, ids, targets }, from, to) => ({
    ids: ids.slice(from * length, to * length),
    targets: targets.slice(from, to),
    weights: new Float32Array(to - from).fill(1 / rows),
  }),
  products({ embedding, hidden, length, batch }) {
    return [
      [4 * hidden, embedding, length * batch, 3],
      [4 * hidden, hidden, length * batch, 3],
      // the recurrence's small products, forward and backward, and the weight gradient over all steps
      [4 * hidden, hidden, batch, 2 * length],
      [hidden, 4 * hidden, batch, 2 * length],
      [4 * hidden, length * batch, hidden, 2],
    ];
  },
};

function reorderGates(data: Float32Array): Float32Array {
  const size = data.length / 4;
  const out = new Float32Array(data.length);
  for (const [to, from] of [0, 1, 3, 2].entries()) out.set(data.subarray(from * size, (from + 1) * size), to * size);
  return out;
}
