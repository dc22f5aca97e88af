// Scores texts by the graph that writes them: long contexts in stretches behind kept keys and values, so that memory depends
// neither on the context nor on the vocabulary.
import { openSession } from "../../runtime/index.js";
import type { DecoderWeights } from "./decoder-weights.js";
import { decodingGraph } from "./decoding-graph.js";
import { keptReader } from "./kept-reader.js";
import { emptyCache } from "./key-value-cache.js";
import { logitsAtOnce, type NetworkScorer } from "./network-graphs.js";
import type { TransformerShape } from "./shape.js";
import { type TextWindow, textWindows, windowBatches } from "./text-windows.js";

/** Tokens at a time at least, however large the vocabulary: products of fewer are slow. */
const leastTokens = 32;

export async function openKeptScorer(
  shape: TransformerShape,
  weights: DecoderWeights,
  options: { threads: number },
): Promise<NetworkScorer> {
  const session = await openSession(decodingGraph(shape, weights, "log_probabilities", "many rows"), options);
  const { cacheShape, stretch, read } = keptReader(session, shape, weights);
  const tokensAtOnce = Math.max(leastTokens, Math.floor(logitsAtOnce / shape.vocabSize));

  async function scoreTogether(
    windows: readonly TextWindow[],
    texts: readonly Int32Array[],
    beginId: number,
    results: readonly Float32Array[],
  ): Promise<void> {
    const cache = emptyCache(cacheShape, windows.length);
    const longest = windows[windows.length - 1].length;
    const step = Math.max(1, Math.min(stretch, Math.floor(tokensAtOnce / windows.length)));
    for (let from = 0; from < longest; from += step) {
      const counts = windows.map(({ length }) => Math.max(0, Math.min(step, length - from)));
      const size = Math.max(...counts);
      const [rows, targets]: [number[], number[]] = [[], []];
      const places: { text: number; at: number }[] = [];
      const tokens = windows.map(({ text, from: begin, countFrom }, row) => {
        const ids = new Int32Array(counts[row]);
        for (let i = 0; i < ids.length; i++) {
          const at = begin + from + i;
          ids[i] = at === 0 ? beginId : texts[text][at - 1];
          if (from + i < countFrom) continue;
          rows.push(row * size + i);
          targets.push(texts[text][at]);
          places.push({ text, at });
        }
        return ids;
      });
      const feed = { data: Int32Array.from(targets), shape: [targets.length], type: "int32" as const };
      const { log_probabilities } = await read(cache, tokens, Int32Array.from(rows), { targets: feed });
      for (const [i, { text, at }] of places.entries()) results[text][at] = (log_probabilities.data as Float32Array)[i];
    }
  }

  return {
    async score(texts, beginId) {
      const results = texts.map(({ length }) => new Float32Array(length));
      const windows = textWindows(texts, shape.contextLength);
      for (const rows of windowBatches(windows, tokensAtOnce)) await scoreTogether(rows, texts, beginId, results);
      return results;
    },
    close: () => session.close(),
  };
}
