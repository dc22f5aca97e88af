// Which tokens may follow so that the whole text matches a pattern, and can still be finished with the tokens left.
//
// An automaton over bytes is walked along the tree of the vocabulary's byte strings: subtrees that it refuses are left
// out at once, and the answer of each state is kept. The idea: B. Willard, R. Louf 2023, arXiv:2307.09702.
import { UserError } from "../../base/errors.js";
import { append, createIdList } from "../../text/tokenizers/id-list.js";
import { type Automaton, compilePattern, nextState, reversed } from "./automaton.js";
import { tooLarge } from "./parts.js";
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
        state = nextState(automaton, state, byte);
        if (state < 0) throw new Error(`token ${id} does not fit the pattern`);
      }
      return state;
    },
    isComplete: (state) => automaton.accepting[state] === 1,
    canGoOn: (state) => movesOf(state).ids.length > 0,
  };
}

/** Steps along the vocabulary from all states together: a minute. */
const mostSteps = 5e9;

/** Calls `visit` for every node of the tree that the automaton reaches from `state`; returns how many it looked at. */
function walk(
  { starts, lows, highs, targets }: Automaton,
  { bytes, depths, skips, deepest, roots }: TokenTrie,
  state: number,
  visit: (node: number, state: number) => void,
): number {
  // Nodes below the same one rise, as do the edges of a state: at each depth, an edge that is passed is done with.
  const edgeAt = new Int32Array(deepest + 2);
  const endAt = new Int32Array(deepest + 2);
  edgeAt[1] = starts[state];
  endAt[1] = starts[state + 1];
  let looked = 0;
  for (let node = edgeAt[1] < endAt[1] ? roots[lows[edgeAt[1]]] : bytes.length; node < bytes.length; looked++) {
    const [depth, byte] = [depths[node], bytes[node]];
    let edge = edgeAt[depth];
    while (edge < endAt[depth] && highs[edge] < byte) edge++;
    edgeAt[depth] = edge;
    if (edge === endAt[depth] || lows[edge] > byte) {
      if (depth > 1) node = skips[node];
      else node = edge === endAt[1] ? bytes.length : roots[lows[edge]];
      continue;
    }
    const next = targets[edge];
    edgeAt[depth + 1] = starts[next];
    endAt[depth + 1] = starts[next + 1];
    visit(node, next);
    node++;
  }
  return looked;
}

/** For each state the fewest tokens to an accepting one; −1 where the vocabulary cannot get there. */
function tokenDistances(automaton: Automaton, trie: TokenTrie): Int32Array {
  const { size, accepting } = automaton;
  /** Number of each state in the order in which it was found, and the other way round. */
  const place = new Int32Array(size).fill(-1);
  const found = createIdList();
  /** Where tokens lead from the states found, side by side, by place. */
  const starts = createIdList();
  const leads = createIdList();
  const seenFrom = new Int32Array(size).fill(-1);
  const placeOf = (state: number) => {
    if (place[state] < 0) {
      place[state] = found.length;
      append(found, state);
    }
    return place[state];
  };
  placeOf(0);
  let steps = 0;
  for (let i = 0; i < found.length; i++) {
    append(starts, leads.length);
    steps += walk(automaton, trie, found.values[i], (node, next) => {
      if (trie.starts[node] === trie.starts[node + 1] || seenFrom[next] === i) return;
      seenFrom[next] = i;
      append(leads, placeOf(next));
    });
    if (steps > mostSteps) throw tooLarge(`${mostSteps} steps along the vocabulary`);
  }
  append(starts, leads.length);
  const before = reversed(found.length, starts.values, leads.values);
  const distances = new Int32Array(size).fill(-1);
  const queue = new Int32Array(found.length);
  let queued = 0;
  for (let i = 0; i < found.length; i++)
    if (accepting[found.values[i]]) {
      distances[found.values[i]] = 0;
      queue[queued++] = i;
    }
  for (let i = 0; i < queued; i++)
    for (let k = before.starts[queue[i]]; k < before.starts[queue[i] + 1]; k++) {
      const state = found.values[before.states[k]];
      if (distances[state] >= 0) continue;
      distances[state] = distances[found.values[queue[i]]] + 1;
      queue[queued++] = before.states[k];
    }
  return distances;
}
