// From a pattern to a deterministic automaton over the bytes of UTF-8. Knows no tokens.
import { UserError } from "../../base/errors.js";
import { utf8Ranges } from "./code-points.js";
import type { Pattern } from "./pattern.js";

/** States are 0 … size − 1, 0 the first one. From every state an accepting one can be reached. */
export interface Automaton {
  size: number;
  /** Bytes that no pattern tells apart share a class. */
  classOf: Uint8Array;
  classes: number;
  /** Next state by state · classes + class, −1 where the string would be wrong. */
  transitions: Int32Array;
  /** 1 where a string may end. */
  accepting: Uint8Array;
}

/** Beyond these a pattern would take minutes and gigabytes. */
const mostParts = 200_000;
const mostStates = 30_000;
/** Parts in all states together. */
const mostMembers = 5_000_000;

/** Thompson's automaton: K. Thompson, Regular expression search algorithm, CACM 11 (1968). */
interface Parts {
  /** By state: states reached without a byte. */
  silent: number[][];
  /** By state: from byte, to byte, next state, three numbers an edge. */
  edges: number[][];
}

/**
 * Subset construction (M. O. Rabin, D. Scott 1959), without the states from which nothing can be finished.
 *
 * @throws UserError when no string matches, or the automaton becomes too large
 * @example
 * const automaton = compilePattern(parseRegex("[0-9]{4}").pattern);
 */
export function compilePattern(pattern: Pattern): Automaton {
  const parts: Parts = { silent: [[], []], edges: [[], []] };
  addPattern(parts, pattern, 0, 1);
  const { classOf, classes } = byteClasses(parts);
  const sets: number[][] = [];
  const numbers = new Map<string, number>();
  const marks = new Int32Array(parts.edges.length);
  let mark = 0;
  let members = 0;

  function closed(states: Iterable<number>): number[] {
    mark++;
    const stack: number[] = [];
    const found: number[] = [];
    const visit = (state: number) => {
      if (marks[state] === mark) return;
      marks[state] = mark;
      stack.push(state);
    };
    for (const state of states) visit(state);
    while (stack.length > 0) {
      const state = stack.pop()!;
      if (state === 1 || parts.edges[state].length > 0) found.push(state);
      for (const next of parts.silent[state]) visit(next);
    }
    return found.sort((a, b) => a - b);
  }

  function numberOf(set: number[]): number {
    const key = set.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    members += set.length;
    if (sets.length === mostStates || members > mostMembers) throw tooLarge();
    numbers.set(key, sets.length);
    sets.push(set);
    return sets.length - 1;
  }

  numberOf(closed([0]));
  const rows: Int32Array[] = [];
  for (let state = 0; state < sets.length; state++) {
    const targets: (Set<number> | undefined)[] = new Array(classes).fill(undefined);
    for (const part of sets[state]) {
      const edges = parts.edges[part];
      for (let e = 0; e < edges.length; e += 3) {
        const final = classOf[edges[e + 1]];
        for (let c = classOf[edges[e]]; c <= final; c++) {
          targets[c] ??= new Set();
          targets[c]!.add(edges[e + 2]);
        }
      }
    }
    rows.push(Int32Array.from(targets, (target) => (target ? numberOf(closed(target)) : -1)));
  }
  return pruned(
    rows,
    sets.map((set) => set.includes(1)),
    classOf,
    classes,
  );
}

function addPattern(parts: Parts, pattern: Pattern, from: number, to: number): void {
  switch (pattern.kind) {
    case "characters":
      for (const ranges of utf8Ranges(pattern.set)) {
        let at = from;
        for (const [i, [low, high]] of ranges.entries()) {
          const next = i === ranges.length - 1 ? to : newState(parts);
          parts.edges[at].push(low, high, next);
          at = next;
        }
      }
      return;
    case "sequence": {
      let at = from;
      for (const part of pattern.parts) {
        const next = newState(parts);
        addPattern(parts, part, at, next);
        at = next;
      }
      parts.silent[at].push(to);
      return;
    }
    case "either":
      for (const option of pattern.options) addPattern(parts, option, from, to);
      return;
    case "repeat": {
      const { part, least, most } = pattern;
      // `from` may have other ways out, and a loop back to it would mix them up.
      let at = newState(parts);
      parts.silent[from].push(at);
      for (let i = 0; i < least; i++) at = appended(parts, part, at);
      if (most === Infinity) parts.silent[appended(parts, part, at)].push(at);
      else
        for (let i = least; i < most; i++) {
          parts.silent[at].push(to);
          at = appended(parts, part, at);
        }
      parts.silent[at].push(to);
    }
  }
}

function appended(parts: Parts, part: Pattern, from: number): number {
  const to = newState(parts);
  addPattern(parts, part, from, to);
  return to;
}

function newState({ silent, edges }: Parts): number {
  if (edges.length === mostParts) throw tooLarge();
  silent.push([]);
  edges.push([]);
  return edges.length - 1;
}

function byteClasses({ edges }: Parts) {
  const isFirst = new Uint8Array(257);
  isFirst[0] = 1;
  for (const list of edges)
    for (let e = 0; e < list.length; e += 3) {
      isFirst[list[e]] = 1;
      isFirst[list[e + 1] + 1] = 1;
    }
  const classOf = new Uint8Array(256);
  let classes = 0;
  for (let byte = 0; byte < 256; byte++) {
    if (isFirst[byte]) classes++;
    classOf[byte] = classes - 1;
  }
  return { classOf, classes };
}

/** Without states from which no accepting one can be reached. */
function pruned(rows: Int32Array[], isAccepting: boolean[], classOf: Uint8Array, classes: number): Automaton {
  const before: number[][] = rows.map(() => []);
  for (const [state, row] of rows.entries()) for (const next of row) if (next >= 0) before[next].push(state);
  const isUseful = new Uint8Array(rows.length);
  const stack = isAccepting.flatMap((accepts, state) => (accepts ? [state] : []));
  for (const state of stack) isUseful[state] = 1;
  while (stack.length > 0)
    for (const state of before[stack.pop()!])
      if (!isUseful[state]) {
        isUseful[state] = 1;
        stack.push(state);
      }
  if (!isUseful[0]) throw new UserError("No text can match this pattern. Use one that can be matched.");
  const kept = [...rows.keys()].filter((state) => isUseful[state]);
  const numbers = new Int32Array(rows.length).fill(-1);
  for (const [number, state] of kept.entries()) numbers[state] = number;
  const transitions = new Int32Array(kept.length * classes);
  for (const [number, state] of kept.entries())
    for (let c = 0; c < classes; c++) {
      const next = rows[state][c];
      transitions[number * classes + c] = next < 0 ? -1 : numbers[next];
    }
  const accepting = Uint8Array.from(kept, (state) => (isAccepting[state] ? 1 : 0));
  return { size: kept.length, classOf, classes, transitions, accepting };
}

function tooLarge(): UserError {
  return new UserError(
    "The pattern is too large: it has too many states. Use smaller counts, shorter lists, or less nesting.",
  );
}
