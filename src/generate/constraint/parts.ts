// From a pattern to Thompson's automaton over the bytes of UTF-8: K. Thompson, Regular expression search algorithm, CACM 11
// (1968). Lists of numbers, so that a pattern of a million characters takes megabytes.
import { UserError } from "../../base/errors.js";
import { append, createIdList, type IdList } from "../../text/tokenizers/id-list.js";
import { utf8Ranges } from "./code-points.js";
import type { Member, Pattern } from "./pattern.js";

type Repeat = Extract<Pattern, { kind: "repeat" }>;

/** States are numbers, 0 the first one, 1 the last. What leads on from a state is a linked list that ends with −1. */
export interface Parts {
  /** By state: the first of its steps that take no byte, and of those that take one. */
  silent: IdList;
  edges: IdList;
  /** By step: the next one of its state, and where it leads. */
  silentNext: IdList;
  silentTo: IdList;
  /** By edge, also the bytes that it takes: low + 256 · high. */
  edgeNext: IdList;
  edgeTo: IdList;
  edgeBytes: IdList;
  /** Without those of lists of texts. */
  states: number;
  steps: number;
}

/** Beyond these a pattern would take minutes and gigabytes; lists of texts have many states of one step. */
const mostStates = 200_000;
const mostTextStates = 6_000_000;
const mostSteps = 2_000_000;

/** @throws UserError when there are too many */
export function partsOf(pattern: Pattern): Parts {
  const list = createIdList;
  const parts: Parts = {
    silent: list(),
    edges: list(),
    silentNext: list(),
    silentTo: list(),
    edgeNext: list(),
    edgeTo: list(),
    edgeBytes: list(),
    states: 0,
    steps: 0,
  };
  addState(parts);
  addState(parts);
  addPattern(parts, pattern, 0, 1);
  return parts;
}

function addPattern(parts: Parts, pattern: Pattern, from: number, to: number): void {
  switch (pattern.kind) {
    case "characters":
      for (const ranges of utf8Ranges(pattern.set)) {
        let at = from;
        for (const [i, [low, high]] of ranges.entries()) {
          const next = i === ranges.length - 1 ? to : newState(parts);
          addEdge(parts, at, low, high, next);
          countStep(parts);
          at = next;
        }
      }
      return;
    case "sequence": {
      let at = from;
      for (const part of pattern.parts) at = appended(parts, part, at);
      addSilent(parts, at, to);
      return;
    }
    case "either":
      for (const option of pattern.options) {
        countStep(parts);
        addPattern(parts, option, from, to);
      }
      return;
    case "repeat":
      addRepeat(parts, pattern, from, to);
      return;
    case "texts":
      addTexts(parts, pattern.texts, from, to);
      return;
    case "members":
      addMembers(parts, pattern.members, pattern.separator, from, to);
  }
}

function appended(parts: Parts, part: Pattern, from: number): number {
  const to = newState(parts);
  addPattern(parts, part, from, to);
  return to;
}

/** The last one that must be there is also the one that an endless repeat goes back to. */
function addRepeat(parts: Parts, { part, least, most, separator }: Repeat, from: number, to: number): void {
  if (least === 0) addSilent(parts, from, to);
  if (most === 0) return;
  const separated = (at: number) => (separator ? appended(parts, separator, at) : at);
  let at = from;
  for (let i = 1; i < least; i++) at = separated(appended(parts, part, at));
  // `at` may have other ways out, and a loop back to it would mix them up.
  const loop = newState(parts);
  addSilent(parts, at, loop);
  let end = appended(parts, part, loop);
  addSilent(parts, end, to);
  if (most === Infinity) addSilent(parts, separated(end), loop);
  else
    for (let i = Math.max(1, least); i < most; i++) {
      end = appended(parts, part, separated(end));
      addSilent(parts, end, to);
    }
}

/** As a tree of their bytes: sorted, each goes on from what it shares with the one before. */
function addTexts(parts: Parts, texts: readonly string[], from: number, to: number): void {
  const sorted = [...new Set(texts)].sort();
  /** States along the text before, by the bytes that lead to them. */
  const path = [from];
  let before: Uint8Array = new Uint8Array();
  for (const [i, text] of sorted.entries()) {
    const bytes = Buffer.from(text);
    if (bytes.length === 0) {
      addSilent(parts, from, to);
      continue;
    }
    let shared = 0;
    while (shared < before.length && before[shared] === bytes[shared]) shared++;
    const goesOn = sorted[i + 1]?.startsWith(text) === true;
    for (let at = shared; at < bytes.length; at++) {
      const isLast = at === bytes.length - 1 && !goesOn;
      const next = isLast ? to : addState(parts);
      addEdge(parts, path[at], bytes[at], bytes[at], next);
      path[at + 1] = next;
    }
    if (goesOn) addSilent(parts, path[bytes.length], to);
    before = bytes;
  }
}

/** Two rows of states: in the upper one nothing is written yet, in the lower one a separator comes first. */
function addMembers(parts: Parts, members: readonly Member[], separator: Pattern, from: number, to: number): void {
  let [upper, lower] = [from, -1];
  for (const { pattern, isRequired } of members) {
    const written = newState(parts);
    if (upper >= 0) addPattern(parts, pattern, upper, written);
    if (lower >= 0) addPattern(parts, pattern, appended(parts, separator, lower), written);
    if (isRequired) upper = -1;
    else if (lower >= 0) addSilent(parts, lower, written);
    lower = written;
  }
  for (const end of [upper, lower]) if (end >= 0) addSilent(parts, end, to);
}

function newState(parts: Parts): number {
  if (++parts.states > mostStates) throw tooLarge(`${mostStates} states`);
  return addState(parts);
}

function addState({ silent, edges }: Parts): number {
  if (silent.length > mostStates + mostTextStates) throw tooLarge(`${mostTextStates} states for its texts`);
  append(silent, -1);
  append(edges, -1);
  return silent.length - 1;
}

function addSilent(parts: Parts, from: number, to: number): void {
  const { silent, silentNext, silentTo } = parts;
  append(silentNext, silent.values[from]);
  append(silentTo, to);
  silent.values[from] = silentNext.length - 1;
  countStep(parts);
}

function addEdge(parts: Parts, from: number, low: number, high: number, to: number): void {
  const { edges, edgeNext, edgeTo, edgeBytes } = parts;
  append(edgeNext, edges.values[from]);
  append(edgeTo, to);
  append(edgeBytes, low + 256 * high);
  edges.values[from] = edgeTo.length - 1;
}

/** Alternatives make no states: they count as steps, so that shared parts that double do not run on. */
function countStep(parts: Parts): void {
  if (++parts.steps > mostSteps) throw tooLarge(`${mostSteps} steps between its states`);
}

/** @param most - of what, and how many */
export function tooLarge(most: string): UserError {
  return new UserError(
    `The pattern is too large: it takes more than ${most}. Use smaller counts, shorter lists, or less nesting.`,
  );
}
