// A Transformer's graph for writing: the network itself on new tokens, which attend to the kept keys and values of those
// before.
import { encodeOnnxParts, type OnnxParts } from "../../formats/onnx/encode.js";
import { concat, emitModel, input, logSoftmax, pick, reshape, type Tensor, takeRows } from "../../graph/index.js";
import type { Past } from "../../nn/index.js";
import { buildLanguageNetwork, outputTableName, tokenTableName } from "./build-network.js";
import type { DecoderWeights } from "./decoder-weights.js";
import { decodingProducts, type ProductForm } from "./decoding-products.js";
import { headWidthOf, type TransformerShape } from "./shape.js";

export type DecodingOutput = "logits" | "log_probabilities" | "tree";

/** Of the arrays that are kept: for each layer, "keys 0", "values 0" … */
export const keptNames = (layer: number) => [`keys ${layer}`, `values ${layer}`] as const;

/**
 * Fed: the vectors of tokens (batch, T, width), positions (batch, T) int64, the kept arrays (batch, keyValueHeads, P, d), bias (batch, 1, 1, P), rows (n)
 * int32. Gives the logits (n, vocabulary) of the tokens at `rows` (sequence · T + step), and the new keys and values
 * (batch, 2 · layers · keyValueHeads, T, d), layer by layer, keys first.
 *
 * @param gives - log_probabilities: of `targets` (n) int32 that are fed, instead of all logits. tree: of `targets` (m) int32, each
 * place in `rows` · vocabulary + token; new tokens see each other as `among` (T, T) says
 */
export function decodingGraph(
  shape: TransformerShape,
  weights: DecoderWeights,
  gives: DecodingOutput = "logits",
  form: ProductForm = "few rows",
): OnnxParts {
  const ids = input("ids", ["batch", "length"], "int64");
  const embedded = input("vectors", ["batch", "length", shape.width]);
  const positions = input("positions", ["batch", "length"], "int64");
  const bias = input("bias", ["batch", 1, 1, "past"]);
  const among = gives === "tree" ? { among: input("among", ["length", "length"]) } : {};
  const past = Array.from({ length: shape.layers }, (_, layer): Past => {
    const size = ["batch", shape.keyValueHeads, "past", headWidthOf(shape)];
    const [keys, values] = keptNames(layer).map((name) => input(name, size));
    return { positions, attention: { keys, values, bias, ...among } };
  });
  const { build, values, timesTable } = decodingProducts(weights, form);
  const { hidden, table, kept = [] } = buildLanguageNetwork(shape, { ids, embedded, past }, build);
  const last = takeRows(hidden, input("rows", ["rows"], "int32"));
  const logits = timesTable(last, shape.isUntied ? outputTableName : tokenTableName, table);
  const fresh = concat(
    kept.flatMap(({ keys, values }) => [keys, values]),
    1,
  );
  const outputs: Record<string, Tensor> =
    gives === "logits" ? { logits } : { log_probabilities: chosen(logSoftmax(logits), gives) };
  return encodeOnnxParts(emitModel({ ...outputs, fresh }, { values }));
}

function chosen(x: Tensor, by: "log_probabilities" | "tree"): Tensor {
  if (by === "log_probabilities") return pick(x, input("targets", ["rows"], "int32"));
  return takeRows(reshape(x, [...x.shape, 1]), input("targets", ["chosen"], "int32"));
}
