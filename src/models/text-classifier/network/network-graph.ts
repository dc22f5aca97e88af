// A trained network as an ONNX file, and as a session that scores encoded texts.
import { encodeOnnx } from "../../../formats/onnx/encode.js";
import { cast, emitModel, input, softmax } from "../../../graph/index.js";
import { graphBuild } from "../../../nn/index.js";
import { openSession, type Session } from "../../../runtime/index.js";
import { buildNetwork, type NetworkShape } from "./architectures.js";
import { lengthBatches } from "./length-batches.js";

export type NetworkWeights = Map<string, { shape: readonly number[]; data: Float32Array }>;

/**
 * model.onnx: input_ids and attention_mask (batch, length; int64) give probabilities and logits (batch, classes).
 */
export function networkOnnx(shape: NetworkShape, weights: NetworkWeights): Uint8Array {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  const { logits } = buildNetwork(shape, ids, mask, graphBuild(false));
  const values = new Map([...weights].map(([name, { data }]) => [name, data]));
  return encodeOnnx(emitModel({ probabilities: softmax(logits), logits }, { values }));
}

export interface NetworkScorer {
  /** Probabilities (texts, classes), row by row; texts of no token get the mean of what the network knows: padding. */
  score(ids: readonly ArrayLike<number>[]): Promise<Float32Array>;
  close(): Promise<void>;
}

const rowsAtOnce = 64;

/** Scores in the calling thread, texts of like length together. */
export async function openNetwork(
  model: Uint8Array | string,
  classes: number,
  threads?: number,
): Promise<NetworkScorer> {
  const session: Session = await openSession(model, { threads });
  return {
    async score(ids) {
      const result = new Float32Array(ids.length * classes);
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
        const { probabilities } = await session.run({
          input_ids: { data: inputIds, shape, type: "int64" },
          attention_mask: { data: mask, shape, type: "int64" },
        });
        for (const [i, row] of rows.entries())
          result.set((probabilities.data as Float32Array).subarray(i * classes, (i + 1) * classes), row * classes);
      }
      return result;
    },
    close: () => session.close(),
  };
}
