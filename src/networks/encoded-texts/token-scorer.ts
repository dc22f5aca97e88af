// Any network over tokens as a session that gives numbers for encoded texts: probabilities, values, or features.
import { openSession, type Session } from "../../runtime/index.js";
import { lengthBatches } from "./length-batches.js";

export interface TokenScorer {
  /** The output (texts, size), row by row; texts of no token get the mean of what the network knows: padding. */
  score(ids: readonly ArrayLike<number>[]): Promise<Float32Array>;
  close(): Promise<void>;
}

const rowsAtOnce = 64;

/** Positions that are computed for each text, padding included; in no order. */
export function scoredLengths(lengths: readonly number[]): number[] {
  return lengthBatches(lengths, rowsAtOnce, null).flatMap(({ rows }) =>
    Array.from(rows, () => Math.max(1, lengths[rows[rows.length - 1]])),
  );
}

/** Scores in the calling thread, texts of like length together. `size`: numbers of a text's output. */
export async function openTokenScorer(
  model: Uint8Array | string,
  size: number,
  threads?: number,
  output: "probabilities" | "values" | "features" = "probabilities",
): Promise<TokenScorer> {
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
