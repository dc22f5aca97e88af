// Y. Kim 2014, arXiv:1408.5882: widths 3, 4, 5, ReLU, max over time, dropout 0.5, dense. The same network as Cnn in
// bench/peers/train_step.py.
import {
  concat,
  conv1d,
  crossEntropy,
  dropout as dropoutOp,
  gather,
  input,
  linear,
  maxOverTime,
  parameter,
  relu,
} from "../../src/graph/index.js";
import { compileStep } from "../../src/runtime/index.js";
import type { TrainingShape } from "./shape.js";
import { turned } from "./weights.js";

const widths = [3, 4, 5];

export const cnn: TrainingShape = {
  name: "cnn",
  optimizer: { name: "adam", learningRate: 1e-3, epsilon: 1e-8 },
  parameters: (weights) =>
    [...weights].map(([name, weight]) => {
      // (filters, in, width) as (width, in, filters); (out, in) as (in, out)
      if (weight.shape.length === 3) return { name, ...turned(weight, [2, 1, 0]) };
      return { name, ...(name === "output.weight" ? turned(weight, [1, 0]) : weight) };
    }),
  build(rows, { vocab, embedding, filters, classes, length }, dropout) {
    const ids = input("ids", [rows, length], "int32");
    const x = gather(parameter("tokens.weight", [vocab, embedding]), ids);
    // The largest value first, then ReLU: the same numbers, a shorter array.
    const pooled = widths.map((width, i) =>
      relu(
        maxOverTime(
          conv1d(
            x,
            parameter(`convolutions.${i}.weight`, [width, embedding, filters]),
            parameter(`convolutions.${i}.bias`, [filters]),
          ),
        ),
      ),
    );
    const features = dropoutOp(concat(pooled, 1), dropout ? 0.5 : 0, "dropout");
    const logits = linear(
      features,
      parameter("output.weight", [widths.length * filters, classes]),
      parameter("output.bias", [classes]),
    );
    return compileStep({ loss: crossEntropy(logits, input("targets", [rows], "int32"), input("weights", [rows])) });
  },
  feeds: ({ rows, length, ids, targets }, from, to) => ({
    ids: ids.slice(from * length, to * length),
    targets: targets.slice(from, to),
    weights: new Float32Array(to - from).fill(1 / rows),
  }),
  products: ({ embedding, filters, length, batch }) =>
    widths.map((width) => [batch * length, embedding, width * filters, 3]),
};
