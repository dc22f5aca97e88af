// A language model of the GPT kind: pre-norm, causal, exact GELU, learned positions, untied output, next-token loss.
// The same network as LanguageModel in bench/peers/train_step.py.
import {
  add,
  attention,
  constant,
  gather,
  gelu,
  input,
  layerNorm,
  linear,
  linearCrossEntropy,
  parameter,
  reshape,
  split,
  type Tensor,
  transpose,
} from "../../src/graph/index.js";
import { compileStep } from "../../src/runtime/index.js";
import type { TrainingShape } from "./shape.js";
import { turned } from "./weights.js";

export const transformer: TrainingShape = {
  name: "transformer",
  optimizer: { name: "adamw", learningRate: 3e-4, epsilon: 1e-8, weightDecay: 0.01 },
  parameters: (weights) =>
    [...weights].map(([name, weight]) => {
      // PyTorch keeps (out, in); ours is (in, out), but for the look-up tables and the output over the vocabulary.
      const isLinear = weight.shape.length === 2 && !/^(tokens|positions|output)\./.test(name);
      return { name, ...(isLinear ? turned(weight, [1, 0]) : weight) };
    }),
  build(rows, sizes) {
    const { vocab, width, layers, heads, length } = sizes;
    const ids = input("ids", [rows, length], "int32");
    const targets = input("targets", [rows * length], "int32");
    const weights = input("weights", [rows * length]);
    const vector = (name: string, size: number) => parameter(name, [size]);
    const dense = (x: Tensor, name: string, from: number, to: number) =>
      linear(x, parameter(`${name}.weight`, [from, to]), vector(`${name}.bias`, to));
    const norm = (x: Tensor, name: string) =>
      layerNorm(x, vector(`${name}.weight`, width), vector(`${name}.bias`, width));
    const causal = constant(causalBias(length), [length, length], "float32");

    const embedded = gather(parameter("tokens.weight", [vocab, width]), ids);
    let x = add(embedded, parameter("positions.weight", [length, width]));
    for (let layer = 0; layer < layers; layer++) {
      const block = `blocks.${layer}`;
      const qkv = dense(norm(x, `${block}.norm1`), `${block}.qkv`, width, 3 * width);
      const [q, k, v] = split(qkv, 2, [width, width, width]).map((part) =>
        transpose(reshape(part, [rows, length, heads, width / heads]), [0, 2, 1, 3]),
      );
      const { result } = attention(q, k, v, causal);
      const joined = reshape(transpose(result, [0, 2, 1, 3]), [rows, length, width]);
      x = add(x, dense(joined, `${block}.proj`, width, width));
      const inner = gelu(dense(norm(x, `${block}.norm2`), `${block}.expand`, width, 4 * width));
      x = add(x, dense(inner, `${block}.project`, 4 * width, width));
    }
    const last = reshape(norm(x, "norm"), [rows * length, width]);
    return compileStep({
      loss: linearCrossEntropy(last, parameter("output.weight", [vocab, width]), targets, weights),
    });
  },
  feeds({ rows, length, ids, targets }, from, to) {
    const cut = (values: Int32Array) => values.slice(from * length, to * length);
    return {
      ids: cut(ids),
      targets: cut(targets),
      weights: new Float32Array((to - from) * length).fill(1 / (rows * length)),
    };
  },
  products({ vocab, width, layers, heads, length, batch }) {
    const rows = batch * length;
    const passes = 3;
    return [
      [rows, width, 3 * width, layers * passes],
      [rows, width, width, layers * passes],
      [rows, width, 4 * width, layers * passes],
      [rows, 4 * width, width, layers * passes],
      [rows, width, vocab, passes],
      // attention's two, for every sequence and head
      [length, width / heads, length, 2 * batch * heads * layers * passes],
    ];
  },
};

function causalBias(length: number): Float32Array {
  const bias = new Float32Array(length * length);
  for (let query = 0; query < length; query++) bias.fill(-1e9, query * length + query + 1, (query + 1) * length);
  return bias;
}
