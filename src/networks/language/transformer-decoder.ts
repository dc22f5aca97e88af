// A Transformer as a writer: each step computes the new tokens alone.
import type { Decoder } from "../../generate/index.js";
import { type Feed, openSession } from "../../runtime/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { decodingGraph, keptNames } from "./decoding-graph.js";
import {
  appendTokens,
  type CacheShape,
  clearRows,
  emptyCache,
  type KeyValueCache,
  reorderRows,
} from "./key-value-cache.js";
import type { TransformerShape } from "./shape.js";

/**
 * A text longer than the context slides through it: its last tokens are read as if it began there, half a context when a
 * new one would not fit. So the answer is what the network gives without a cache for the same window.
 *
 * @param beginId stands before every text
 */
export async function transformerDecoder(
  shape: TransformerShape,
  weights: NetworkWeights,
  { threads, beginId }: { threads: number; beginId: number },
): Promise<Decoder> {
  const { vocabSize, contextLength, layers, heads, keyValueHeads, width } = shape;
  const session = await openSession(decodingGraph(shape, weights), { threads });
  const cacheShape: CacheShape = { layers, keyValueHeads, headWidth: width / heads };
  /** Of each row, the tokens that are in the window. */
  let windows: number[][] = [];
  let cache: KeyValueCache = emptyCache(cacheShape, 0);

  /** Reads new tokens of some rows of a cache; gives the logits behind the last one of each. */
  async function read(target: KeyValueCache, tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    const rows = tokens.length;
    const length = Math.max(...tokens.map((row) => row.length));
    const ids = new BigInt64Array(rows * length);
    const positions = new BigInt64Array(rows * length);
    const last = new Int32Array(rows);
    for (const [row, list] of tokens.entries()) {
      for (const [i, id] of list.entries()) {
        ids[row * length + i] = BigInt(id);
        positions[row * length + i] = BigInt(target.lengths[row] + i);
      }
      last[row] = row * length + list.length - 1;
    }
    const feeds: Record<string, Feed> = {
      ids: { data: ids, shape: [rows, length], type: "int64" },
      positions: { data: positions, shape: [rows, length], type: "int64" },
      rows: { data: last, shape: [rows], type: "int32" },
      bias: { data: target.bias, shape: [rows, 1, 1, target.capacity], type: "float32" },
    };
    const kept = [rows, keyValueHeads, target.capacity, cacheShape.headWidth];
    for (let layer = 0; layer < layers; layer++)
      for (const [i, name] of keptNames(layer).entries())
        feeds[name] = { data: target.arrays[2 * layer + i], shape: kept, type: "float32" };
    const { logits, fresh } = await session.run(feeds);
    const all = Array.from({ length: rows }, (_, row) => row);
    appendTokens(
      target,
      cacheShape,
      all,
      fresh.data as Float32Array,
      tokens.map((row) => row.length),
    );
    return logits.data as Float32Array;
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
    const { keyValueHeads: groups, headWidth } = cacheShape;
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
    start(prompts) {
      windows = prompts.map((prompt) => [beginId, ...prompt].slice(-contextLength));
      cache = emptyCache(cacheShape, windows.length);
      return read(cache, windows);
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
