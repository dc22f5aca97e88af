// A Transformer's graph for writing: new tokens attend to the kept keys and values of those before. The same function
// as buildNetwork's, with the three products of attention in one and their scale in the weights.
import { encodeOnnx } from "../../formats/onnx/encode.js";
import {
  add,
  cachedAttention,
  concat,
  emitModel,
  gather,
  gelu,
  input,
  layerNorm,
  linear,
  matmul,
  mul,
  parameter,
  reshape,
  rmsNorm,
  rotary,
  silu,
  slice,
  squaredRelu,
  type Tensor,
  takeRows,
} from "../../graph/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { tokenTableName } from "./build-network.js";
import type { TransformerShape } from "./shape.js";

/** As the decoder block's. */
const epsilon = 1e-5;

/** Of the arrays that are kept: for each layer, "keys 0", "values 0" … */
export const keptNames = (layer: number) => [`keys ${layer}`, `values ${layer}`] as const;

/**
 * Fed: ids and positions (batch, T) int64, the kept arrays (batch, keyValueHeads, P, d), bias (batch, 1, 1, P), rows (n)
 * int32. Gives the logits (n, vocabulary) of the tokens at `rows` (sequence · T + step), and the new keys and values
 * (batch, 2 · layers · keyValueHeads, T, d), layer by layer, keys first.
 */
export function decodingGraph(shape: TransformerShape, weights: NetworkWeights): Uint8Array {
  const { layers, width, heads, keyValueHeads, contextLength } = shape;
  const headWidth = width / heads;
  const ids = input("ids", ["batch", "length"], "int64");
  const places = input("positions", ["batch", "length"], "int64");
  const bias = input("bias", ["batch", 1, 1, "past"]);
  const values = new Map<string, Float32Array>();

  function weight(name: string, size: readonly number[], data: Float32Array): Tensor {
    values.set(name, data);
    return parameter(name, size);
  }
  function kept(name: string): Tensor {
    const { shape: size, data } = weights.get(name)!;
    return weight(name, size, data);
  }
  function product(x: Tensor, name: string): Tensor {
    const kernel = kept(`${name}/kernel`);
    return shape.useBias ? linear(x, kernel, kept(`${name}/bias`)) : matmul(x, kernel);
  }
  function norm(x: Tensor, name: string): Tensor {
    const gamma = kept(`${name}/gamma`);
    return shape.norm === "rms" ? rmsNorm(x, gamma, epsilon) : layerNorm(x, gamma, kept(`${name}/beta`), epsilon);
  }
  /** Queries, keys and values at once; queries divided by √d, in their norm where they have one. */
  function attentionInputs(x: Tensor, name: string): Tensor[] {
    const parts = ["query", "key", "value"].map((part) => `${name}/${part}`);
    const sizes = [heads, keyValueHeads, keyValueHeads].map((count) => count * headWidth);
    const total = sizes[0] + 2 * sizes[1];
    const scales = [shape.queryKeyNorm ? 1 : 1 / Math.sqrt(headWidth), 1, 1];
    const joined = (part: string, rows: number) =>
      besideEachOther(
        parts.map((one, i) => ({ data: weights.get(`${one}/${part}`)!.data, columns: sizes[i], scale: scales[i] })),
        rows,
      );
    const kernel = weight(`${name}/kernel`, [width, total], joined("kernel", width));
    const y = shape.useBias ? linear(x, kernel, weight(`${name}/bias`, [total], joined("bias", 1))) : matmul(x, kernel);
    const starts = [0, sizes[0], sizes[0] + sizes[1]];
    return sizes.map((size, i) => slice(y, 2, starts[i], starts[i] + size));
  }
  function turned(x: Tensor, count: number, name: string, scale: number): Tensor {
    let y = x;
    if (shape.queryKeyNorm) {
      const gamma = weight(
        `${name}/gamma`,
        [headWidth],
        weights.get(`${name}/gamma`)!.data.map((one) => one * scale),
      );
      y = reshape(rmsNorm(reshape(x, ["batch", "length", count, headWidth]), gamma, epsilon), x.shape);
    }
    return shape.positions === "rotary" ? rotary(y, { heads: count, maxLength: contextLength, offset: places }) : y;
  }
  function feedForward(x: Tensor, name: string): Tensor {
    const wide = product(x, `${name}/expand`);
    if (shape.feedForward === "gelu") return product(gelu(wide), `${name}/project`);
    if (shape.feedForward === "squaredRelu") return product(squaredRelu(wide), `${name}/project`);
    return product(mul(silu(product(x, `${name}/gate`)), wide), `${name}/project`);
  }

  const table = kept(tokenTableName);
  let x = gather(table, ids);
  if (shape.positions === "learned") x = add(x, gather(kept("positions/table"), places));
  const fresh: Tensor[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks/${layer}`;
    const [q, k, v] = attentionInputs(norm(x, `${block}/norm1`), `${block}/attention`);
    const [pastKeys, pastValues] = keptNames(layer).map((name) =>
      input(name, ["batch", keyValueHeads, "past", headWidth]),
    );
    const attended = cachedAttention(
      turned(q, heads, `${block}/attention/queryNorm`, 1 / Math.sqrt(headWidth)),
      turned(k, keyValueHeads, `${block}/attention/keyNorm`, 1),
      v,
      { keys: pastKeys, values: pastValues, bias },
      { heads, keyValueHeads },
    );
    fresh.push(attended.keys, attended.values);
    x = add(x, product(attended.result, `${block}/attention/output`));
    x = add(x, feedForward(norm(x, `${block}/norm2`), `${block}/feedForward`));
  }
  const last = takeRows(norm(x, "norm"), input("rows", ["rows"], "int32"));
  const logits = matmul(last, table, { transposeB: true });
  return encodeOnnx(emitModel({ logits, fresh: concat(fresh, 1) }, { values }));
}

/** Matrices of equally many rows as one, scaled. */
function besideEachOther(parts: readonly { data: Float32Array; columns: number; scale: number }[], rows: number) {
  const total = parts.reduce((sum, { columns }) => sum + columns, 0);
  const joined = new Float32Array(rows * total);
  let from = 0;
  for (const { data, columns, scale } of parts) {
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < columns; i++) joined[row * total + from + i] = scale * data[row * columns + i];
    from += columns;
  }
  return joined;
}
