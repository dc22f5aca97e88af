// What one thread of an encoder does: texts to ids, and batches of ids to vectors.
import { openSession, type Session } from "../../runtime/index.js";
import { loadFramedTokenizer } from "../../text/tokenizers/index.js";

export interface EncoderJobsData {
  tokenizerJson: string;
  lowercase: boolean;
  maxLength: number;
  /** Shared. */
  onnx: Uint8Array;
  table: TokenTable;
  width: number;
  threads: number;
}

/** Vectors of all tokens, row-major; shared. With scales those of integers, one a row. */
export type TokenTable = { data: Float32Array } | { data: Int8Array; scales: Float32Array };

/** Ids of several texts, one after the other: text i has lengths[i] of them. */
export interface TextIds {
  ids: Int32Array;
  lengths: Int32Array;
  /** 1 where a text has tokens of its own. */
  known: Uint8Array;
}

export type EncoderJob = { texts: readonly string[] } | { batch: IdBatch };
/** Rows of at most `length` ids, padded with any. */
export interface IdBatch {
  ids: Int32Array;
  lengths: Int32Array;
  length: number;
}

export interface EncoderJobs {
  tokenize(texts: readonly string[]): TextIds;
  /** Row-major (rows, size). */
  vectors(batch: IdBatch): Promise<Float32Array>;
  close(): Promise<void>;
}

export function encoderJobs(data: EncoderJobsData): EncoderJobs {
  const { table, width, maxLength } = data;
  const { encode, frame } = loadFramedTokenizer(data.tokenizerJson, { lowercase: data.lowercase });
  const around = frame.before.length + frame.after.length;
  let session: Promise<Session> | undefined;
  return {
    tokenize(texts) {
      const all = texts.map((text) => encode(text, maxLength));
      const ids = new Int32Array(all.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const one of all) {
        ids.set(one, at);
        at += one.length;
      }
      const lengths = Int32Array.from(all, ({ length }) => length);
      return { ids, lengths, known: Uint8Array.from(lengths, (length) => (length > around ? 1 : 0)) };
    },
    async vectors({ ids, lengths, length }) {
      // The runtime takes no shared memory.
      session ??= openSession(new Uint8Array(data.onnx), { threads: data.threads });
      const rows = lengths.length;
      const tokens = new Float32Array(rows * length * width);
      const mask = new Int32Array(rows * length);
      for (const [row, count] of lengths.entries())
        for (let i = row * length; i < row * length + count; i++) {
          copyRow(tokens, i * width, table, ids[i], width);
          mask[i] = 1;
        }
      const outputs = await (await session).run({
        tokens: { data: tokens, shape: [rows, length, width], type: "float32" },
        mask: { data: mask, shape: [rows, length], type: "int32" },
      });
      return outputs.vectors.data as Float32Array;
    },
    close: async () => (await session)?.close(),
  };
}

/** Faster than `set`, which takes care with shared arrays. */
function copyRow(target: Float32Array, to: number, table: TokenTable, row: number, width: number): void {
  const from = row * width;
  const { data } = table;
  if (!("scales" in table)) for (let j = 0; j < width; j++) target[to + j] = data[from + j];
  else {
    const scale = table.scales[row];
    for (let j = 0; j < width; j++) target[to + j] = data[from + j] * scale;
  }
}
