// A trained network as an ONNX file, and as a session that scores encoded texts.
import { UserError } from "../../../base/errors.js";
import { encodeOnnx } from "../../../formats/onnx/encode.js";
import type { NamedArray } from "../../../formats/safetensors.js";
import { cast, emitModel, input, softmax } from "../../../graph/index.js";
import { graphBuild } from "../../../nn/index.js";
import { openSession, type Session } from "../../../runtime/index.js";
import { lengthBatches } from "./length-batches.js";
import type { Network } from "./network.js";

export type NetworkWeights = Map<string, { shape: readonly number[]; data: Float32Array }>;

/**
 * model.onnx: input_ids and attention_mask (batch, length; int64) give probabilities and logits (batch, classes).
 */
export function networkOnnx(network: Network, weights: NetworkWeights): Uint8Array {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  const { logits } = network.build(ids, mask, graphBuild(false));
  const values = new Map([...weights].map(([name, { data }]) => [name, data]));
  return encodeOnnx(emitModel({ probabilities: softmax(logits), logits }, { values }));
}

/**
 * The network up to its last layer, as an ONNX file: input_ids and attention_mask give features (batch, size).
 *
 * @throws UserError when a weight is missing or has another shape
 */
export function encoderOnnx(network: Network, weights: ReadonlyMap<string, NamedArray>) {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  const { features, parameters } = network.build(ids, mask, graphBuild(false));
  const values = new Map<string, Float32Array>();
  for (const { name, shape: expected } of parameters) {
    const found = weights.get(name);
    if (!(found?.data instanceof Float32Array) || found.shape.join() !== expected.join())
      throw new UserError(
        `weights.safetensors has no '${name}' of shape [${expected.join(", ")}]. Copy the whole folder again.`,
      );
    values.set(name, found.data);
  }
  return { onnx: encodeOnnx(emitModel({ features }, { values })), size: Number(features.shape[1]) };
}

export interface NetworkScorer {
  /** The output (texts, size), row by row; texts of no token get the mean of what the network knows: padding. */
  score(ids: readonly ArrayLike<number>[]): Promise<Float32Array>;
  close(): Promise<void>;
}

const rowsAtOnce = 64;

/** Scores in the calling thread, texts of like length together. `size`: numbers of a text's output. */
export async function openNetwork(
  model: Uint8Array | string,
  size: number,
  threads?: number,
  output: "probabilities" | "features" = "probabilities",
): Promise<NetworkScorer> {
  const session: Session = await openSession(model, { threads });
  return {
    async score(ids) {
      const result = new Float32Array(ids.length * size);
      const lengths = ids.map(({ length }) => length);
      for (const { rows } of lengthBatches(lengths, rowsAtOnce, null)) {
        const length = Math.max(1, lengths[rows[rows.length - 1]]);
        const shape = [rows.length, length];
        const inputIds = new BigInt64Array(rows.length * length);
        const mask = new BigInt64Array(rows.length * length);
        for (const [i, row] of rows.entries()) {
          const tokens = ids[row];
          for (let j = 0; j < tokens.length; j++) {
            inputIds[i * length + j] = BigInt(tokens[j]);
            mask[i * length + j] = 1n;
          }
        }
        const outputs = await session.run({
          input_ids: { data: inputIds, shape, type: "int64" },
          attention_mask: { data: mask, shape, type: "int64" },
        });
        for (const [i, row] of rows.entries())
          result.set((outputs[output].data as Float32Array).subarray(i * size, (i + 1) * size), row * size);
      }
      return result;
    },
    close: () => session.close(),
  };
}
