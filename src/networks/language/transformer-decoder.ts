// A Transformer as a writer: each step computes the new tokens alone.
import type { Decoder } from "../../generate/index.js";
import type { DecoderWeights } from "./decoder-weights.js";
import { openDecodingSession } from "./decoding-session.js";
import { type Beginning, behindBeginning } from "./kept-beginning.js";
import { keptReader } from "./kept-reader.js";
import { appendTokens, clearRows, emptyCache, type KeyValueCache, reorderRows } from "./key-value-cache.js";
import type { TransformerShape } from "./shape.js";

/**
 * A text longer than the context slides through it: its last tokens are read as if it began there, half a context when a
 * new one would not fit. So the answer is what the network gives without a cache for the same window.
 *
 * @param beginId - stands before every text, or before an empty one alone (`begins`)
 */
export async function transformerDecoder(
  shape: TransformerShape,
  weights: DecoderWeights,
  { threads, beginId, begins = "every" }: { threads: number; beginId: number; begins?: "every" | "empty" },
): Promise<Decoder> {
  const { vocabSize, contextLength } = shape;
  const session = await openDecodingSession(shape, weights, { threads });
  const { cacheShape, stretch, read: readStretch } = keptReader(session, shape, weights);
  /** Of each row, the tokens that are in the window. */
  let windows: number[][] = [];
  let cache: KeyValueCache = emptyCache(cacheShape, 0);
  let beginning: Beginning = { ids: [], cache };

  const begun = (prompt: Int32Array) =>
    begins === "every" || prompt.length === 0 ? [beginId, ...prompt] : [...prompt];

  /** Reads new tokens of all rows of a cache; gives the logits behind the last one of each. */
  async function read(target: KeyValueCache, tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    const length = Math.max(...tokens.map((row) => row.length));
    const all = length > stretch ? new Float32Array(tokens.length * vocabSize) : undefined;
    for (let from = 0; ; from += stretch) {
      const part = all ? tokens.map((row) => row.slice(from, from + stretch)) : tokens;
      const size = Math.max(...part.map((row) => row.length));
      const last = Int32Array.from(part, (row, i) => i * size + Math.max(0, row.length - 1));
      const logits = (await readStretch(target, part, last)).logits.data as Float32Array;
      if (!all) return logits;
      for (const [row, { length: own }] of part.entries())
        if (own > 0) all.set(logits.subarray(row * vocabSize, (row + 1) * vocabSize), row * vocabSize);
      if (from + stretch >= length) return all;
    }
  }

  /** Rows whose window is full read its second half anew, so that the next token has a place. */
  async function slide(): Promise<void> {
    const full = [...windows.keys()].filter((row) => windows[row].length === contextLength);
    if (full.length === 0) return;
    for (const row of full) windows[row] = windows[row].slice(Math.ceil(contextLength / 2));
    clearRows(cache, full);
    if (contextLength === 1) return;
    const anew = emptyCache(cacheShape, full.length);
    await read(
      anew,
      full.map((row) => windows[row]),
    );
    const { layers, keyValueHeads: groups, headWidth } = cacheShape;
    const length = windows[full[0]].length;
    // The rows' arrays, without the empty places behind them.
    const fresh = new Float32Array(full.length * 2 * layers * groups * length * headWidth);
    let at = 0;
    for (const row of full.keys())
      for (const array of anew.arrays)
        for (let group = 0; group < groups; group++) {
          const from = (row * groups + group) * anew.capacity * headWidth;
          fresh.set(array.subarray(from, from + length * headWidth), at);
          at += length * headWidth;
        }
    appendTokens(
      cache,
      cacheShape,
      full,
      fresh,
      full.map(() => length),
    );
  }

  return {
    vocabSize,
    window: contextLength,
    async keep(ids) {
      const kept = { ids: begun(ids).slice(0, contextLength), cache: emptyCache(cacheShape, 1) };
      await read(kept.cache, [kept.ids]);
      beginning = kept;
    },
    start(prompts) {
      windows = prompts.map((prompt) => begun(prompt).slice(-contextLength));
      const behind = behindBeginning(beginning, cacheShape, windows);
      cache = behind.cache;
      return read(cache, behind.rest);
    },
    async step(tokens) {
      await slide();
      for (const [row, id] of tokens.entries()) windows[row].push(id);
      return read(
        cache,
        Array.from(tokens, (id) => [id]),
      );
    },
    reorder(parents) {
      windows = parents.map((parent) => [...windows[parent]]);
      reorderRows(cache, cacheShape, parents);
    },
    close: () => session.close(),
  };
}
