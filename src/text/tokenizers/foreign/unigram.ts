// A unigram model: the pieces of the highest sum of scores, by Viterbi. Knows one piece of text.
// Source: Kudo (2018), "Subword regularization"; unknown characters score 10 below the least.
import { createPairTable, findPair, numberOfPair, type PairTable } from "../../pair-table.js";
import { byteToken } from "./bpe.js";
import { type Part, refuse } from "./part.js";
import { idOfUnknown, type Speller } from "./speller.js";

const unknownPenalty = 10;

export function unigramSpeller(
  part: Part,
  tokens: readonly string[],
  scores: Float64Array,
  ids: ReadonlyMap<string, number>,
): Speller {
  const fallsBack = part.flag("byte_fallback", false);
  const unknown = part.any("unk_id") == null ? -1 : part.whole("unk_id", 0);
  if (unknown >= tokens.length) refuse(part.where, `(Unigram) has the unk_id ${unknown} beyond its vocab`);
  const unknownOf = idOfUnknown(ids, unknown < 0 ? undefined : tokens[unknown]);
  const trie = trieOf(tokens);
  const unknownScore =
    scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - unknownPenalty;

  return (text) => {
    /** By end: the best sum, and the token and the beginning that lead to it. */
    const best = new Float64Array(text.length + 1);
    const tokenAt = new Int32Array(text.length + 1);
    const beginOf = new Int32Array(text.length + 1).fill(-1);
    const consider = (from: number, to: number, id: number, score: number): void => {
      const sum = score + best[from];
      if (beginOf[to] >= 0 && sum <= best[to]) return;
      best[to] = sum;
      beginOf[to] = from;
      tokenAt[to] = id;
    };
    for (let from = 0; from < text.length; ) {
      const next = from + (text.codePointAt(from)! > 0xffff ? 2 : 1);
      let isSpelled = false;
      for (let to = from, node = 0; to < text.length; ) {
        const edge = findPair(trie.edges, node, text.charCodeAt(to++));
        if (edge < 0) break;
        node = edge + 1;
        const id = trie.tokens[node];
        if (id < 0) continue;
        consider(from, to, id, scores[id]);
        isSpelled ||= to === next;
      }
      if (!isSpelled) consider(from, next, unknown < 0 ? unknownOf(text.slice(from, next)) : unknown, unknownScore);
      from = next;
    }
    return spelled(text, beginOf, tokenAt);
  };

  /** Unknown characters that follow one another are one token. */
  function spelled(text: string, beginOf: Int32Array, tokenAt: Int32Array): number[] {
    const parts: string[] = [];
    for (let to = text.length, end = -1; to > 0; to = beginOf[to]) {
      const isUnknown = tokenAt[to] === unknown;
      if (isUnknown && end < 0) end = to;
      if (!isUnknown) parts.push(text.slice(beginOf[to], to));
      const from = beginOf[to];
      if (isUnknown && (from === 0 || tokenAt[from] !== unknown)) {
        parts.push(text.slice(from, end));
        end = -1;
      }
    }
    return parts.reverse().flatMap((piece) => ids.get(piece) ?? bytesOf(piece) ?? unknownOf(piece));
  }

  function bytesOf(piece: string): number[] | undefined {
    if (!fallsBack) return undefined;
    const found = Array.from(Buffer.from(piece), (byte) => ids.get(byteToken(byte)));
    return found.includes(undefined) ? undefined : (found as number[]);
  }
}

/** Nodes are numbered from the root, 0; edge i leads to node i + 1. */
function trieOf(tokens: readonly string[]): { edges: PairTable; tokens: Int32Array } {
  const edges = createPairTable();
  const ends = tokens.map((token) => {
    let node = 0;
    for (let i = 0; i < token.length; i++) node = numberOfPair(edges, node, token.charCodeAt(i)) + 1;
    return node;
  });
  const tokenOf = new Int32Array(edges.count + 1).fill(-1);
  for (const [id, node] of ends.entries()) tokenOf[node] = id;
  return { edges, tokens: tokenOf };
}
