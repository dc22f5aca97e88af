// Which tokens may follow so that the whole text matches a pattern, and can still be finished with the tokens left.
//
// An automaton over bytes is walked along the tree of the vocabulary's byte strings: subtrees that it refuses are left
// out at once, and the answer of each state is kept. The idea: B. Willard, R. Louf 2023, arXiv:2307.09702.
import { UserError } from "../../base/errors.js";
import { type Automaton, compilePattern } from "./automaton.js";
import type { Pattern } from "./pattern.js";
import { type TokenTrie, tokenTrie } from "./token-trie.js";

export interface TokenConstraint {
  /** The first state; states are numbers. */
  readonly start: number;
  /** Tokens of the shortest text that matches. */
  readonly shortest: number;
  /** The tokens that may follow when `left` more may be written at most, rising. */
  allowed(state: number, left: number): Int32Array;
  next(state: number, id: number): number;
  /** Whether the text so far matches. */
  isComplete(state: number): boolean;
  /** Whether any token may follow at all. */
  canGoOn(state: number): boolean;
}

export interface Vocabulary {
  vocabSize: number;
  /** What an id adds to a text, in UTF-8. */
  tokenBytes(id: number): Uint8Array;
}

/** All tokens that a state takes, and where each leads. */
interface Moves {
  ids: Int32Array;
  states: Int32Array;
  /** Most tokens that one of them leaves to be written. */
  longest: number;
}

/**
 * @throws UserError when the vocabulary cannot spell any text that matches, or the pattern is too large
 * @example
 * const constraint = constrainTokens(parseRegex("yes|no").pattern, tokenizer);
 * constraint.allowed(constraint.start, 10); // the ids of "y", "ye", "yes", "n", "no" that there are
 */
export function constrainTokens(pattern: Pattern, { vocabSize, tokenBytes }: Vocabulary): TokenConstraint {
  const automaton = compilePattern(pattern);
  const trie = tokenTrie(vocabSize, tokenBytes);
  const distances = tokenDistances(automaton, trie);
  if (distances[0] < 0)
    throw new UserError(
      "No matching text can be written with this vocabulary: it lacks characters that the pattern needs. Use " +
        "other characters, or a model with a byte-level vocabulary.",
    );
  const cache = new Map<number, Moves>();

  function movesOf(state: number): Moves {
    let moves = cache.get(state);
    if (!moves) {
      const found: [id: number, state: number][] = [];
      let longest = 0;
      walk(automaton, trie, state, (node, next) => {
        if (distances[next] < 0) return;
        for (let i = trie.starts[node]; i < trie.starts[node + 1]; i++) found.push([trie.tokens[i], next]);
        if (trie.starts[node] < trie.starts[node + 1]) longest = Math.max(longest, distances[next]);
      });
      found.sort(([a], [b]) => a - b);
      moves = {
        ids: Int32Array.from(found, ([id]) => id),
        states: Int32Array.from(found, ([, next]) => next),
        longest,
      };
      cache.set(state, moves);
    }
    return moves;
  }

  return {
    start: 0,
    shortest: distances[0],
    allowed(state, left) {
      const { ids, states, longest } = movesOf(state);
      if (longest < left) return ids;
      return ids.filter((_, i) => distances[states[i]] < left);
    },
    next(state, id) {
      for (const byte of tokenBytes(id)) {
        state = automaton.transitions[state * automaton.classes + automaton.classOf[byte]];
        if (state < 0) throw new Error(`token ${id} does not fit the pattern`);
      }
      return state;
    },
    isComplete: (state) => automaton.accepting[state] === 1,
    canGoOn: (state) => movesOf(state).ids.length > 0,
  };
}

/** Calls `visit` for every node of the tree that the automaton reaches from `state`. */
function walk(
  { transitions, classes, classOf }: Automaton,
  { bytes, depths, skips, deepest }: TokenTrie,
  state: number,
  visit: (node: number, state: number) => void,
): void {
  const path = new Int32Array(deepest + 1);
  path[0] = state;
  for (let node = 0; node < bytes.length; ) {
    const next = transitions[path[depths[node] - 1] * classes + classOf[bytes[node]]];
    if (next < 0) {
      node = skips[node];
      continue;
    }
    path[depths[node]] = next;
    visit(node, next);
    node++;
  }
}

/** For each state the fewest tokens to an accepting one; −1 where the vocabulary cannot get there. */
function tokenDistances(automaton: Automaton, trie: TokenTrie): Int32Array {
  const { size, accepting } = automaton;
  const before: number[][] = Array.from({ length: size }, () => []);
  const seenFrom = new Int32Array(size).fill(-1);
  const isFound = new Uint8Array(size);
  const reached = [0];
  isFound[0] = 1;
  for (let i = 0; i < reached.length; i++) {
    const state = reached[i];
    walk(automaton, trie, state, (node, next) => {
      if (trie.starts[node] === trie.starts[node + 1] || seenFrom[next] === state) return;
      seenFrom[next] = state;
      before[next].push(state);
      if (isFound[next]) return;
      isFound[next] = 1;
      reached.push(next);
    });
  }
  const distances = new Int32Array(size).fill(-1);
  const queue = reached.filter((state) => accepting[state]);
  for (const state of queue) distances[state] = 0;
  for (let i = 0; i < queue.length; i++)
    for (const state of before[queue[i]])
      if (distances[state] < 0) {
        distances[state] = distances[queue[i]] + 1;
        queue.push(state);
      }
  return distances;
}
