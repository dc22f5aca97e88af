// How probable given answers are behind prompts. What all prompts begin with is read once, each prompt once, and behind it all answers at
// once, as a tree: many answers cost their own tokens alone.
import { UserError } from "../../base/errors.js";
import { openSession } from "../../runtime/index.js";
import { type AnswerTree, answerTrees } from "./answer-tree.js";
import type { DecoderWeights } from "./decoder-weights.js";
import { decodingGraph } from "./decoding-graph.js";
import { type Beginning, behindBeginning } from "./kept-beginning.js";
import { keptReader, stretchOf } from "./kept-reader.js";
import { emptyCache, farBelow, type KeyValueCache } from "./key-value-cache.js";
import { logitsAtOnce } from "./network-graphs.js";
import type { TransformerShape } from "./shape.js";

export interface AnswerScorer {
  /**
   * For each prompt the natural logarithm of the probability of each answer behind it. Those that begin with `beginning` are read from
   * there on.
   *
   * @param onScored - told how many are scored, now and then; what it throws ends the work
   */
  score(prompts: readonly Int32Array[], onScored?: (count: number) => void): Promise<Float32Array[]>;
  close(): Promise<void>;
}

export interface AnswerScorerOptions {
  /** What prompts begin with, if need be nothing. */
  beginning: Int32Array;
  answers: readonly Int32Array[];
  threads: number;
}

const mostRows = 16;

/** @throws UserError for an answer without tokens, or with more than are read at once: 512, or a layer's window */
export async function openAnswerScorer(
  shape: TransformerShape,
  weights: DecoderWeights,
  { beginning, answers, threads }: AnswerScorerOptions,
): Promise<AnswerScorer> {
  const stretch = stretchOf(shape);
  const wrong = answers.find(({ length }) => length === 0 || length > stretch);
  if (wrong)
    throw new UserError(
      wrong.length === 0
        ? "An answer has no tokens that the model knows. Give it another name."
        : `An answer has ${wrong.length} tokens, more than the ${stretch} that the model reads at once. Shorten it.`,
    );
  const longest = Math.max(...answers.map(({ length }) => length));
  // The logits of a tree's tokens are the most that is in memory at once.
  const trees = answerTrees(answers, Math.max(longest, Math.min(stretch, Math.floor(logitsAtOnce / shape.vocabSize))));
  const session = await openSession(decodingGraph(shape, weights, "tree", "many rows"), { threads });
  const { cacheShape, read, look } = keptReader(session, shape, weights);
  const most = Math.max(1, ...trees.map(({ nodes }) => nodes.length)) * shape.vocabSize;
  const rowsAtOnce = Math.max(1, Math.min(mostRows, Math.floor(logitsAtOnce / most)));
  const kept: Beginning = { ids: [...beginning], cache: emptyCache(cacheShape, 1) };
  if (beginning.length > 0)
    await readAll(kept.cache, [kept.ids], []).catch(async (error) => {
      await session.close();
      throw error;
    });

  /** Reads the rest of each prompt; gives the log-probability of each of the tokens behind it (prompts, tokens). */
  async function readAll(cache: KeyValueCache, rest: readonly (readonly number[])[], tokens: readonly number[]) {
    const found = new Float32Array(rest.length * tokens.length);
    const length = Math.max(...rest.map((row) => row.length));
    for (let from = 0; from < length; from += stretch) {
      const part = rest.map((row) => row.slice(from, from + stretch));
      const size = Math.max(...part.map((row) => row.length));
      const ending = [...rest.keys()].filter(
        (row) => Math.ceil(rest[row].length / stretch) * stretch === from + stretch,
      );
      // A graph without any row that is wanted is none.
      const last = ending.length === 0 ? [0] : ending.map((row) => row * size + part[row].length - 1);
      const targets = ending.flatMap((_, i) => tokens.map((token) => i * shape.vocabSize + token));
      const feeds = { targets: ints(targets.length === 0 ? [0] : targets), among: among(triangle(size), size) };
      const { log_probabilities } = await read(cache, part, Int32Array.from(last), feeds);
      const values = log_probabilities.data as Float32Array;
      for (const [i, row] of ending.entries())
        found.set(values.subarray(i * tokens.length, (i + 1) * tokens.length), row * tokens.length);
    }
    return found;
  }

  /** Behind the prompts that a cache holds: log-probabilities of the tokens behind each node (prompts, tokens). */
  async function lookBehind(cache: KeyValueCache, tree: AnswerTree, steps: AnswerTree["steps"]): Promise<Float32Array> {
    const { nodes, depths } = tree;
    const rows = cache.lengths.map(() => nodes);
    const targets = rows.flatMap((_, row) =>
      steps.map(({ node, token }) => (row * nodes.length + node) * shape.vocabSize + token),
    );
    const feeds = { targets: ints(targets), among: among(tree.among, nodes.length) };
    const all = Int32Array.from({ length: rows.length * nodes.length }, (_, i) => i);
    const { log_probabilities } = await look(cache, rows, all, feeds, depths);
    return log_probabilities.data as Float32Array;
  }

  async function scoreTogether(prompts: readonly Int32Array[]): Promise<Float32Array[]> {
    const { cache, rest } = behindBeginning(
      kept,
      cacheShape,
      prompts.map((prompt) => [...prompt]),
    );
    const firsts = [...new Set(answers.map((answer) => answer[0]))];
    const begun = await readAll(cache, rest, firsts);
    const results = prompts.map(() => new Float32Array(answers.length));
    for (const tree of trees) {
      const later = tree.steps.filter(({ node }) => node >= 0);
      const behind = later.length > 0 ? await lookBehind(cache, tree, later) : new Float32Array();
      for (const [row, into] of results.entries()) {
        let next = row * later.length;
        const values = tree.steps.map(({ node, token }) =>
          node < 0 ? begun[row * firsts.length + firsts.indexOf(token)] : behind[next++],
        );
        for (const [i, path] of tree.paths.entries())
          into[tree.first + i] = path.reduce((sum, step) => sum + values[step], 0);
      }
    }
    return results;
  }

  return {
    async score(prompts, onScored) {
      const results: Float32Array[] = [];
      const order = [...prompts.keys()].sort((a, b) => prompts[a].length - prompts[b].length);
      for (let first = 0; first < order.length; first += rowsAtOnce) {
        const rows = order.slice(first, first + rowsAtOnce);
        const scored = await scoreTogether(rows.map((row) => prompts[row]));
        for (const [i, row] of rows.entries()) results[row] = scored[i];
        onScored?.(first + rows.length);
      }
      return results;
    },
    close: () => session.close(),
  };
}

const ints = (list: readonly number[]) => ({
  data: Int32Array.from(list),
  shape: [list.length],
  type: "int32" as const,
});
const among = (data: Float32Array, size: number) => ({ data, shape: [size, size], type: "float32" as const });

/** (size, size): what stands behind a token is hidden from it. */
function triangle(size: number): Float32Array {
  const hidden = new Float32Array(size * size);
  for (let row = 0; row < size; row++) hidden.fill(farBelow, row * size + row + 1, (row + 1) * size);
  return hidden;
}
