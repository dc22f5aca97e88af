// From a pattern to a deterministic automaton over the bytes of UTF-8. Knows no tokens.
import { UserError } from "../../base/errors.js";
import { append, createIdList, type IdList } from "../../text/tokenizers/id-list.js";
import { type Parts, partsOf, tooLarge } from "./parts.js";
import type { Pattern } from "./pattern.js";

/** States are 0 … size − 1, 0 the first one. From every state an accepting one can be reached. */
export interface Automaton {
  size: number;
  /** The edges of state s are starts[s] … starts[s + 1] − 1; their bytes rise and do not overlap. */
  starts: Int32Array;
  lows: Uint8Array;
  highs: Uint8Array;
  targets: Int32Array;
  /** 1 where a string may end. */
  accepting: Uint8Array;
}

/** Beyond these a pattern would take minutes and gigabytes: states of more than one part, parts in all of them, and steps. */
const mostSets = 300_000;
const mostMembers = 5_000_000;
const mostWork = 200_000_000;

/**
 * Subset construction (M. O. Rabin, D. Scott 1959), without the states from which nothing can be finished.
 *
 * @throws UserError when no string matches, or the automaton becomes too large
 * @example
 * const automaton = compilePattern(parseRegex("[0-9]{4}").pattern);
 */
export function compilePattern(pattern: Pattern): Automaton {
  const parts = partsOf(pattern);
  const count = parts.edges.length;
  const next = createIdList();
  const bytes = createIdList();
  const starts = createIdList();
  const accepting = createIdList();
  /** By state: its part, or −1 − the place of its parts in `sets`. */
  const states = createIdList();
  const sets: number[][] = [];
  const numberOfPart = new Int32Array(count).fill(-1);
  const numberOfSet = new Map<string, number>();
  const marks = new Int32Array(count);
  let [mark, members, work] = [0, 0, 0];

  /** With all states reached without a byte, of which those count that take one, or are the last. */
  function closed(first: readonly number[]): number[] {
    mark++;
    const stack: number[] = [];
    const found: number[] = [];
    const visit = (state: number) => {
      if (marks[state] === mark) return;
      marks[state] = mark;
      stack.push(state);
    };
    for (const state of first) visit(state);
    while (stack.length > 0) {
      const state = stack.pop()!;
      if (++work > mostWork) throw tooLarge(`${mostWork} steps to prepare`);
      if (state === 1 || parts.edges.values[state] >= 0) found.push(state);
      for (let step = parts.silent.values[state]; step >= 0; step = parts.silentNext.values[step])
        visit(parts.silentTo.values[step]);
    }
    return found.sort((a, b) => a - b);
  }

  function numberOf(set: readonly number[]): number {
    const isOne = set.length === 1;
    const key = isOne ? "" : set.join();
    const known = isOne ? numberOfPart[set[0]] : (numberOfSet.get(key) ?? -1);
    if (known >= 0) return known;
    const number = states.length;
    if (isOne) {
      numberOfPart[set[0]] = number;
      append(states, set[0]);
    } else {
      members += set.length;
      if (sets.length === mostSets) throw tooLarge(`${mostSets} sets of states`);
      if (members > mostMembers) throw tooLarge(`${mostMembers} states in its sets`);
      numberOfSet.set(key, number);
      append(states, -1 - sets.length);
      sets.push([...set]);
    }
    return number;
  }

  /** Where states of the parts lead: mostly one, which leads on by itself. */
  function targetOf(to: readonly number[]): number {
    const isPlain = to.length === 1 && parts.silent.values[to[0]] < 0 && parts.edges.values[to[0]] >= 0;
    return numberOf(isPlain ? to : closed(to));
  }

  function addEdge(low: number, high: number, target: number): void {
    const last = next.length - 1;
    const joins =
      last >= starts.values[starts.length - 1] && next.values[last] === target && bytes.values[last] >> 8 === low - 1;
    if (joins) bytes.values[last] = (bytes.values[last] & 255) | (high << 8);
    else {
      append(bytes, low | (high << 8));
      append(next, target);
    }
  }

  numberOf(closed([0]));
  for (let state = 0; state < states.length; state++) {
    const own = states.values[state];
    const set = own >= 0 ? [own] : sets[-1 - own];
    append(starts, next.length);
    append(accepting, set.includes(1) ? 1 : 0);
    const edges = edgesOf(parts, set);
    work += edges.length;
    if (edges.length === 1) {
      addEdge(edges[0].low, edges[0].high, targetOf([edges[0].to]));
      continue;
    }
    const cuts = cutsOf(edges);
    for (const [i, low] of cuts.entries()) {
      const high = (cuts[i + 1] ?? 256) - 1;
      const to: number[] = [];
      for (const edge of edges) if (edge.low <= low && edge.high >= low) to.push(edge.to);
      work += edges.length;
      if (work > mostWork) throw tooLarge(`${mostWork} steps to prepare`);
      if (to.length > 0) addEdge(low, high, targetOf(to));
    }
  }
  append(starts, next.length);
  return pruned({ starts, bytes, next, accepting });
}

interface Edge {
  low: number;
  high: number;
  to: number;
}

function edgesOf({ edges, edgeNext, edgeTo, edgeBytes }: Parts, set: readonly number[]): Edge[] {
  const found: Edge[] = [];
  for (const part of set)
    for (let edge = edges.values[part]; edge >= 0; edge = edgeNext.values[edge]) {
      const bytes = edgeBytes.values[edge];
      found.push({ low: bytes & 255, high: bytes >> 8, to: edgeTo.values[edge] });
    }
  return found;
}

/** Bytes where edges begin or have ended: between two, all lead to the same states. */
function cutsOf(edges: readonly Edge[]): number[] {
  const isCut = new Uint8Array(257);
  for (const { low, high } of edges) {
    isCut[low] = 1;
    isCut[high + 1] = 1;
  }
  const cuts: number[] = [];
  for (let byte = 0; byte < 256; byte++) if (isCut[byte]) cuts.push(byte);
  return cuts;
}

interface Built {
  starts: IdList;
  bytes: IdList;
  next: IdList;
  accepting: IdList;
}

/** Without states from which no accepting one can be reached. */
function pruned({ starts, bytes, next, accepting }: Built): Automaton {
  const size = accepting.length;
  const isUseful = new Uint8Array(size);
  const stack: number[] = [];
  for (let state = 0; state < size; state++) if (accepting.values[state]) stack.push(state);
  for (const state of stack) isUseful[state] = 1;
  const before = reversed(size, starts.values, next.values);
  while (stack.length > 0) {
    const state = stack.pop()!;
    for (let i = before.starts[state]; i < before.starts[state + 1]; i++) {
      if (isUseful[before.states[i]]) continue;
      isUseful[before.states[i]] = 1;
      stack.push(before.states[i]);
    }
  }
  if (!isUseful[0]) throw new UserError("No text can match this pattern. Use one that can be matched.");
  const numbers = new Int32Array(size).fill(-1);
  let kept = 0;
  for (let state = 0; state < size; state++) if (isUseful[state]) numbers[state] = kept++;
  const automaton: Automaton = {
    size: kept,
    starts: new Int32Array(kept + 1),
    lows: new Uint8Array(next.length),
    highs: new Uint8Array(next.length),
    targets: new Int32Array(next.length),
    accepting: new Uint8Array(kept),
  };
  let edges = 0;
  for (let state = 0; state < size; state++) {
    if (!isUseful[state]) continue;
    automaton.accepting[numbers[state]] = accepting.values[state];
    for (let edge = starts.values[state]; edge < starts.values[state + 1]; edge++) {
      if (!isUseful[next.values[edge]]) continue;
      automaton.lows[edges] = bytes.values[edge] & 255;
      automaton.highs[edges] = bytes.values[edge] >> 8;
      automaton.targets[edges++] = numbers[next.values[edge]];
    }
    automaton.starts[numbers[state] + 1] = edges;
  }
  return automaton;
}

/**
 * The states from which each state is reached, as lists side by side.
 *
 * @param starts state s leads to targets[starts[s]] … targets[starts[s + 1] − 1]
 */
export function reversed(size: number, starts: Int32Array, targets: Int32Array) {
  const count = starts[size];
  const begins = new Int32Array(size + 2);
  for (let i = 0; i < count; i++) begins[targets[i] + 2]++;
  for (let state = 2; state < size + 2; state++) begins[state] += begins[state - 1];
  const states = new Int32Array(count);
  for (let state = 0; state < size; state++)
    for (let i = starts[state]; i < starts[state + 1]; i++) states[begins[targets[i] + 1]++] = state;
  return { starts: begins, states };
}

/** The state after a byte, −1 where the string would be wrong. */
export function nextState({ starts, lows, highs, targets }: Automaton, state: number, byte: number): number {
  for (let edge = starts[state]; edge < starts[state + 1] && lows[edge] <= byte; edge++)
    if (byte <= highs[edge]) return targets[edge];
  return -1;
}
