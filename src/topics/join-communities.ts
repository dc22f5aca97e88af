// Which communities of rows are topics of their own. A graph of nearest neighbours falls into communities even where its rows
// are all about one thing: there are always some that lie nearer to each other. So two communities stay apart only if one
// half of a row's words tells which of the two the row belongs to better than chance, and so foretells the other half.
//
// For each row of two communities A and B, with n_z and p_z(w) their sizes and shares of words, the row itself left out:
//   π_z ∝ n_z Π_{w in one half} p_z(w),   r(w) = Σ_z π_z p_z(w) / Σ_z (n_z / n) p_z(w)
//   evidence = Σ_{w in the other half} log(1 − t + t r(w)), with the trust t in (0, 1] that makes the sum of all rows largest
// That is a log-likelihood ratio: where the halves know nothing of each other, it is above log(1/α) with a
// probability of at most α (Markov's inequality), however the communities were chosen from whole rows. Held-out halves of
// observations instead of held-out rows: Neufeld, Dharamshi, Gao, Witten 2024, Data thinning for convolution-closed
// distributions (JMLR 25).
import type { NeighbourGraph } from "../neighbours/index.js";
import type { TopicTokens } from "./topic-tokens.js";

/** Nats. */
const enough = 3;
/** A community is compared with those that it has most edges with. */
const compared = 6;
/** Of two larger communities every k-th row is read. */
const mostRows = 3000;
/** Words of a row that are read. */
const mostWords = 64;
/** Words of the pair as a whole that are added to each community's. */
const prior = 5;
/** How far what one half tells is trusted; what tells most is taken. Words of a row are not independent. */
const trusts = [1, 0.3, 0.1, 0.03];

/**
 * @param clusters - the community of each row, from 0, or −1; the rows of `graph`.
 * @returns the same where the words bear the communities out; others are joined, and numbers stay without gaps
 */
export function joinCommunities(tokens: TopicTokens, clusters: Int32Array, graph: NeighbourGraph): Int32Array {
  const found = clusters.slice();
  const members = membersOf(found);
  const links = linksOf(found, graph, members.length);
  const words = distinctRows(tokens);
  const evidence = createEvidence(tokens, words);
  const cache = new Map<number, number>();
  const pairKey = (a: number, b: number) => Math.min(a, b) * members.length + Math.max(a, b);
  for (;;) {
    let [first, second, least] = [-1, -1, enough];
    for (const [a, own] of links.entries()) {
      const nearest = [...own].sort(([b, x], [c, y]) => y / members[c].length - x / members[b].length || b - c);
      for (const [b] of nearest.slice(0, compared)) {
        const key = pairKey(a, b);
        if (!cache.has(key)) cache.set(key, evidence(members[a], members[b]));
        const told = cache.get(key)!;
        if (told < least) [first, second, least] = [a, b, told];
      }
    }
    if (first < 0) break;
    for (const row of members[second]) found[row] = first;
    members[first] = [...members[first], ...members[second]].sort((a, b) => a - b);
    members[second] = [];
    for (const [other, weight] of links[second]) {
      links[other].delete(second);
      if (other === first) continue;
      const sum = (links[first].get(other) ?? 0) + weight;
      links[first].set(other, sum);
      links[other].set(first, sum);
    }
    links[second].clear();
    for (let other = 0; other < members.length; other++) cache.delete(pairKey(first, other));
  }
  const kept = [...members.keys()].filter((one) => members[one].length > 0);
  const numbers = new Map(kept.map((one, number) => [one, number]));
  return found.map((one) => numbers.get(one) ?? -1);
}

function membersOf(clusters: Int32Array): number[][] {
  const members: number[][] = [];
  for (const [row, cluster] of clusters.entries()) {
    while (members.length <= cluster) members.push([]);
    if (cluster >= 0) members[cluster].push(row);
  }
  return members;
}

/** Sums of the edges' weights between each two communities. */
function linksOf(clusters: Int32Array, { count, rows, similarities }: NeighbourGraph, total: number) {
  const links = Array.from({ length: total }, () => new Map<number, number>());
  for (let at = 0; at < rows.length; at++) {
    if (rows[at] < 0 || similarities[at] <= 0) continue;
    const [a, b] = [clusters[Math.floor(at / count)], clusters[rows[at]]];
    if (a === b || a < 0 || b < 0) continue;
    links[a].set(b, (links[a].get(b) ?? 0) + similarities[at]);
    links[b].set(a, (links[b].get(a) ?? 0) + similarities[at]);
  }
  return links;
}

/** 1 for the first row with its words: copies of a row are no evidence. */
function distinctRows({ starts, ids }: TopicTokens): Uint8Array {
  const seen = new Set<string>();
  return Uint8Array.from({ length: starts.length - 1 }, (_, row) => {
    const key = ids
      .slice(starts[row], starts[row + 1])
      .sort()
      .join(" ");
    const isNew = !seen.has(key);
    if (isNew) seen.add(key);
    return isNew ? 1 : 0;
  });
}

/** The evidence that two communities, rows in order, are two topics; infinite where they share no word. */
function createEvidence({ words, starts, ids }: TopicTokens, distinct: Uint8Array) {
  const counts = [new Int32Array(words.length), new Int32Array(words.length)];
  const marked = new Uint8Array(words.length);
  const shares = [new Float64Array(mostWords), new Float64Array(mostWords)];
  const eachWord = (rows: readonly number[], visit: (id: number) => void) => {
    for (const row of rows) for (let at = starts[row]; at < starts[row + 1]; at++) visit(ids[at]);
  };

  return (a: readonly number[], b: readonly number[]): number => {
    let isShared = false;
    eachWord(a, (id) => {
      marked[id] = 1;
    });
    eachWord(b, (id) => {
      isShared ||= marked[id] === 1;
    });
    eachWord(a, (id) => {
      marked[id] = 0;
    });
    if (!isShared) return Number.POSITIVE_INFINITY;
    const step = Math.ceil((a.length + b.length) / mostRows);
    const sides = [a, b].map((rows) => rows.filter((row, i) => i % step === 0 && distinct[row] === 1));
    const totals = [0, 0];
    for (const side of [0, 1])
      eachWord(sides[side], (id) => {
        counts[side][id]++;
        totals[side]++;
      });
    const sums = new Float64Array(trusts.length);
    for (const side of [0, 1]) for (const row of sides[side]) addEvidence(row, side, totals, sums);
    for (const side of [0, 1])
      eachWord(sides[side], (id) => {
        counts[side][id] = 0;
      });
    return Math.max(...sums) / 2;
  };

  /** Each half foretold by the other: twice the evidence. */
  function addEvidence(row: number, side: number, totals: readonly number[], sums: Float64Array): void {
    const all = starts[row + 1] - starts[row];
    const read = Math.min(mostWords, all);
    const own = [side === 0 ? 1 : 0, side === 1 ? 1 : 0];
    const left = [totals[0] - all * own[0], totals[1] - all * own[1]];
    const both = left[0] + left[1];
    if (read < 2 || left[0] <= 0 || left[1] <= 0) return;
    for (let i = 0; i < read; i++) {
      const id = ids[starts[row] + i];
      const together = (counts[0][id] + counts[1][id] - 1 + 0.1) / (both + 0.1 * words.length);
      for (const z of [0, 1]) shares[z][i] = (counts[z][id] - own[z] + prior * together) / (left[z] + prior);
    }
    const sizes = [left[0] / both, left[1] / both];
    for (const half of [0, 1]) {
      let odds = Math.log(sizes[0] / sizes[1]);
      for (let i = half; i < read; i += 2) odds += Math.log(shares[0][i] / shares[1][i]);
      const first = 1 / (1 + Math.exp(-odds));
      for (let i = 1 - half; i < read; i += 2) {
        const told = first * shares[0][i] + (1 - first) * shares[1][i];
        const untold = sizes[0] * shares[0][i] + sizes[1] * shares[1][i];
        for (let t = 0; t < trusts.length; t++) sums[t] += Math.log(1 - trusts[t] + (trusts[t] * told) / untold);
      }
    }
  }
}
