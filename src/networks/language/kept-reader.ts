// Reads new tokens behind kept keys and values, stretch by stretch: what writing and scoring share.
import type { Feed, Session } from "../../runtime/index.js";
import { type DecoderWeights, tokenVectors } from "./decoder-weights.js";
import { keptNames } from "./decoding-graph.js";
import { appendTokens, type CacheShape, type KeyValueCache } from "./key-value-cache.js";
import { headWidthOf, type TransformerShape } from "./shape.js";

export interface KeptReader {
  cacheShape: CacheShape;
  /** Tokens of one row that are read at once. */
  stretch: number;
  /**
   * Reads up to `stretch` tokens of each row of the cache, which then holds them.
   *
   * @param rows - of which tokens something is wanted (row · T + step, T the most tokens of a row)
   * @param more - what else is fed
   * @returns all that the graph gives
   */
  read(
    cache: KeyValueCache,
    tokens: readonly ArrayLike<number>[],
    rows: Int32Array,
    more?: Readonly<Record<string, Feed>>,
  ): ReturnType<Session["run"]>;
  /**
   * The same, and the cache stays as it is.
   *
   * @param depths - of the tokens, behind the last one of the cache. Default: one after the other
   */
  look(
    cache: KeyValueCache,
    tokens: readonly ArrayLike<number>[],
    rows: Int32Array,
    more?: Readonly<Record<string, Feed>>,
    depths?: ArrayLike<number>,
  ): ReturnType<Session["run"]>;
}

/** Attention needs memory with the square of a stretch; longer ones are no faster. */
const longestStretch = 512;

/** Within a stretch every token sees those before it: none is longer than a layer's window. */
export const stretchOf = ({ windows = [] }: TransformerShape) =>
  Math.min(longestStretch, ...windows.filter((window) => window !== null));

/** @param session - of a decodingGraph */
export function keptReader(
  session: Pick<Session, "run">,
  shape: TransformerShape,
  weights: DecoderWeights,
): KeptReader {
  const { layers, keyValueHeads, width } = shape;
  const writeVectors = tokenVectors(weights, width);
  const cacheShape: CacheShape = { layers, keyValueHeads, headWidth: headWidthOf(shape) };
  const look: KeptReader["look"] = async (cache, tokens, rows, more = {}, depths) => {
    const count = tokens.length;
    const length = Math.max(...tokens.map((row) => row.length));
    const vectors = new Float32Array(count * length * width);
    const positions = new BigInt64Array(count * length);
    for (const [row, list] of tokens.entries()) {
      for (let i = 0; i < list.length; i++)
        positions[row * length + i] = BigInt(cache.lengths[row] + (depths ? depths[i] : i));
      writeVectors(list, vectors, row * length * width);
    }
    const feeds: Record<string, Feed> = {
      vectors: { data: vectors, shape: [count, length, width], type: "float32" },
      positions: { data: positions, shape: [count, length], type: "int64" },
      rows: { data: rows, shape: [rows.length], type: "int32" },
      bias: { data: cache.bias, shape: [count, 1, 1, cache.capacity], type: "float32" },
      ...more,
    };
    const kept = [count, keyValueHeads, cache.capacity, cacheShape.headWidth];
    for (let layer = 0; layer < layers; layer++)
      for (const [i, name] of keptNames(layer).entries())
        feeds[name] = { data: cache.arrays[2 * layer + i], shape: kept, type: "float32" };
    return session.run(feeds);
  };
  return {
    cacheShape,
    stretch: stretchOf(shape),
    look,
    async read(cache, tokens, rows, more) {
      const results = await look(cache, tokens, rows, more);
      appendTokens(
        cache,
        cacheShape,
        [...tokens.keys()],
        results.fresh.data as Float32Array,
        tokens.map((row) => row.length),
      );
      return results;
    },
  };
}
