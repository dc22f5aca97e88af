// An encoder as a graph: from token ids to the states of the tokens.
import {
  abs,
  add,
  cast,
  constant,
  type Dim,
  gather,
  greater,
  layerNorm,
  mul,
  positions,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
} from "../../graph/index.js";
import {
  applyLayer,
  arrangedBlock,
  dropout,
  type GraphBuild,
  type Initializer,
  layerParameters,
  type ParameterSpec,
  zerosLike,
} from "../../nn/index.js";
import type { EncoderShape } from "./shape.js";

export interface BuiltEncoder {
  /** (batch, length, width) */
  states: Tensor;
  /** Vectors of the tokens before anything is added to them, (batch, length, width). */
  tokens: Tensor;
  /** In a fixed order. */
  parameters: ParameterSpec[];
}

/** The parameter that holds the vectors of tokens, (vocabSize, width). */
export const encoderTable = "embedding/table";

/** Added to the score of a token that is too far away. */
const farBelow = -1e9;

/**
 * @param ids - (batch, length) int
 * @param mask - (batch, length), 1 at tokens and 0 at the padding behind them; float, or int32 where attention is fused
 */
export function buildEncoder(
  shape: EncoderShape,
  { ids, mask }: { ids: Tensor; mask?: Tensor },
  build: GraphBuild,
): BuiltEncoder {
  const { width, layers, epsilon, biases } = shape;
  const parameters: ParameterSpec[] = [];
  const learnt = (name: string, size: readonly number[], initializer: Initializer) => {
    parameters.push({ name, shape: size, initializer });
    return build.parameter(name, size);
  };
  const normalized = (name: string, x: Tensor) => {
    const gamma = learnt(`${name}/gamma`, [width], "ones");
    const beta = biases.norm ? learnt(`${name}/beta`, [width], "zeros") : zerosLike(gamma);
    return layerNorm(x, gamma, beta, epsilon);
  };
  const table: ParameterSpec = { name: encoderTable, shape: [shape.vocabSize, width], initializer: { normal: 0.02 } };
  parameters.push(table);
  const tokens = build.rows?.(table.name, ids) ?? gather(build.parameter(table.name, table.shape), ids);
  let x = tokens;
  if (shape.tokenTypes > 0) {
    const types = learnt("tokenTypes/table", [shape.tokenTypes, width], { normal: 0.02 });
    x = add(x, slice(types, 0, 0, 1));
  }
  if (shape.positions) {
    const { rows, first } = shape.positions;
    const table = learnt("positions/table", [rows, width], { normal: 0.02 });
    x = add(x, consecutive(table, first, tokens));
  }
  x = normalized("embeddingNorm", x);
  if (build.training && shape.dropout > 0)
    x = applyLayer(
      dropout(shape.dropout),
      { name: "embeddingDropout", call: "embeddingDropout" },
      [x],
      [mask],
      build,
    ).result;
  const distances = shape.distances && byDistance(shape, shape.distances, tokens, learnt);
  const windows = new Map<number, Tensor>();
  for (let layer = 0; layer < layers; layer++) {
    const window = shape.windows?.[layer] ?? null;
    if (window !== null && !windows.has(window)) windows.set(window, withinWindow(window, tokens));
    const near = window === null ? undefined : windows.get(window);
    const bias = distances && near ? add(distances, near) : (distances ?? near);
    const block = arrangedBlock({
      attention: {
        heads: shape.heads,
        useBias: biases.attention,
        causal: false,
        rotary: shape.rotaryBases && { maxLength: shape.maxLength, base: shape.rotaryBases[layer], pairs: "halves" },
        dropout: shape.attentionDropout,
        dropoutName: "attention/dropout",
        prefix: "attention/",
      },
      feedForward: {
        size: shape.feedForwardSize,
        activation: shape.activation,
        useBias: biases.feedForward,
        names: { expand: "feedForward1", gate: "feedForwardGate", project: "feedForward2" },
      },
      norm: "layer",
      normBias: biases.norm,
      attentionNorm: layer > 0 || shape.firstNorm,
      normFirst: shape.normFirst,
      epsilon,
      dropout: shape.dropout,
    });
    const name = `blocks/${layer}`;
    const inputs = bias ? [x, bias] : [x];
    parameters.push(...layerParameters(block, name, [x.shape]));
    x = applyLayer(block, { name, call: name }, inputs, [mask], build).result;
  }
  return { states: shape.lastNorm ? normalized("norm", x) : x, tokens, parameters };
}

/** Rows first … first + length − 1 of a table, (length, width); x (batch, length, …). */
function consecutive(table: Tensor, first: number, x: Tensor): Tensor {
  const length = x.shape[1];
  if (typeof length === "number") return slice(table, 0, first, first + length);
  return gather(table, add(positions(x, 1), first));
}

/**
 * T5's biases of attention by distance, (1, heads, length, length): C. Raffel et al. 2020, arXiv:1910.10683, section 2.1.
 * Half of the buckets are for keys before the query; of each half, half are for one distance each, and the others widen by
 * the logarithm up to `longest`.
 */
function byDistance(
  { heads, maxLength }: EncoderShape,
  { buckets, longest }: NonNullable<EncoderShape["distances"]>,
  x: Tensor,
  learnt: (name: string, size: readonly number[], initializer: Initializer) => Tensor,
): Tensor {
  const half = buckets / 2;
  const exact = Math.floor(half / 2);
  const bucketOf = (distance: number) => {
    const far = Math.abs(distance);
    // In 32 bits, as PyTorch computes it: distances at an edge would fall into the next bucket.
    const ratio = Math.fround(Math.fround(Math.log(far / exact)) / Math.fround(Math.log(longest / exact)));
    const wide = exact + Math.trunc(Math.fround(ratio * (half - exact)));
    const bucket = far < exact ? far : Math.min(half - 1, wide);
    // The distance is that of the key behind the query.
    return bucket + (distance > 0 ? half : 0);
  };
  const table = learnt("distances/table", [buckets, heads], { normal: 0.02 });
  const length = x.shape[1];
  const most = typeof length === "number" ? length : maxLength;
  const every = Int32Array.from({ length: 2 * most - 1 }, (_, i) => bucketOf(i - (most - 1)));
  const biases = gather(table, constant(every, [every.length], "int32"));
  const places = add(difference(positions(x, 1), length), most - 1);
  return reshape(transpose(gather(biases, places), [2, 0, 1]), [1, heads, length, length]);
}

/** 0 where a token is at most `window` places away, far below elsewhere: (1, 1, length, length). */
function withinWindow(window: number, x: Tensor): Tensor {
  const at = cast(positions(x, 1), x.dtype);
  const far = greater(abs(difference(at, x.shape[1], [1, 1])), window);
  return mul(cast(far, x.dtype), farBelow);
}

/** Of positions (length): key − query, (…before, length, length), queries in rows. */
function difference(at: Tensor, length: Dim, before: readonly number[] = []): Tensor {
  return sub(reshape(at, [...before, 1, length]), reshape(at, [...before, length, 1]));
}
