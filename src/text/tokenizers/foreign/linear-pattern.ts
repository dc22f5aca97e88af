// Whether an expression takes time in proportion to the text, in an engine that goes back and tries again: shown for the
// expressions that tokenizers are known by, and for all that are as simple. Knows nothing of matching.
import type { AST } from "@eslint-community/regexpp";

/** Ways in which the bounded parts of an alternative may match, together; repeats beyond the second are as good as endless. */
const mostWays = 100;
const longestBounded = 64;

/**
 * Each alternative must be decided within a bounded number of characters: what follows an endless repeat of one class may be
 * left out, so that it never goes back. Three pairs that break this rule are known not to matter, since what they look at in
 * vain is consumed by the next alternative.
 *
 * @example
 * isLinear(parsed("\\p{L}+|\\s+(?!\\S)|\\s+")); // true
 * isLinear(parsed("(a+)+$")); // false
 */
export function isLinear(pattern: AST.Pattern): boolean {
  const alternatives = unwrapped(pattern.alternatives);
  return alternatives.every((one, i) => isDecidedSoon(one) || isConsumed(one, alternatives[i + 1]));
}

/** A group around the whole changes nothing. */
function unwrapped(alternatives: readonly AST.Alternative[]): readonly AST.Alternative[] {
  const [only] = alternatives.length === 1 ? alternatives[0].elements : [];
  const isGroup = only?.type === "Group" || only?.type === "CapturingGroup";
  return isGroup && alternatives[0].elements.length === 1 ? unwrapped(only.alternatives) : alternatives;
}

function isDecidedSoon({ elements }: AST.Alternative): boolean {
  let ways = 1;
  let isOpen = false;
  for (const element of elements) {
    const loop = loopOf(element);
    if (loop) {
      if (isOpen && loop.min > 0) return false;
      isOpen = true;
      if (loop.min > longestBounded) return false;
      continue;
    }
    if (isOpen && !(element.type === "Quantifier" && element.min === 0)) return false;
    ways *= waysOf(element);
    if (ways > mostWays) return false;
  }
  return true;
}

/** An endless repeat of one class, if it is one; it may be atomic. */
function loopOf(element: AST.Element): AST.Quantifier | undefined {
  const inner = atomicOf(element) ?? element;
  return inner.type === "Quantifier" && isOne(inner.element) && inner.max > longestBounded ? inner : undefined;
}

/** The one element of (?:(?=(…))\1), as which atomic groups and possessive quantifiers are written. */
function atomicOf(element: AST.Element): AST.Element | undefined {
  const parts = element.type === "Group" && element.alternatives.length === 1 ? element.alternatives[0].elements : [];
  const [look, same] = parts;
  if (parts.length !== 2 || look.type !== "Assertion" || look.kind !== "lookahead" || look.negate) return undefined;
  const [group] = look.alternatives.length === 1 ? look.alternatives[0].elements : [];
  if (same.type !== "Backreference" || group?.type !== "CapturingGroup" || same.resolved !== group) return undefined;
  const inner = group.alternatives.length === 1 ? group.alternatives[0].elements : [];
  return inner.length === 1 ? inner[0] : undefined;
}

/** Infinity where they are not bounded by a few characters. */
function waysOf(element: AST.Element): number {
  const atomic = atomicOf(element);
  if (atomic) return waysOf(atomic);
  if (isOne(element)) return 1;
  switch (element.type) {
    case "Quantifier":
      if (isOne(element.element)) return element.max - element.min + 1;
      return element.max === 1 ? 1 + waysOf(element.element) : Number.POSITIVE_INFINITY;
    case "Group":
    case "CapturingGroup":
      return waysOfAll(element.alternatives);
    case "Assertion":
      return "alternatives" in element ? waysOfAll(element.alternatives) : 1;
    case "Backreference":
      return 1; // of a group that is bounded, or else the group has no bounded ways
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function waysOfAll(alternatives: readonly AST.Alternative[]): number {
  return alternatives.reduce(
    (sum, { elements }) => sum + elements.reduce((product, element) => product * waysOf(element), 1),
    0,
  );
}

function isOne({ type }: AST.Element): boolean {
  return (
    type === "Character" || type === "CharacterSet" || type === "CharacterClass" || type === "ExpressionCharacterClass"
  );
}

const space = String.raw`(?:\\s|\\p\{space\})`;
/** `\s*[\r\n]+` looks at all spaces in vain … */
const toLineEnd = new RegExp(String.raw`^${space}\*\[\\r\\n\]\+?$`);
/** … and these take them: all, or all but the last. */
const allSpaces = new RegExp(String.raw`^${space}\+$`);
const spacesBefore = new RegExp(String.raw`^${space}\+\(\?!(?:\\S|\\P\{space\})\)$`);

function isConsumed(one: AST.Alternative, next: AST.Alternative | undefined): boolean {
  if (spacesBefore.test(one.raw)) return true;
  if (next === undefined) return false;
  if (toLineEnd.test(one.raw)) return allSpaces.test(next.raw) || spacesBefore.test(next.raw);
  return isCasedWord(one, next);
}

/** `x?A*B+y?` looks at all of A in vain, and `x?A+B*y?` takes them. */
function isCasedWord(one: AST.Alternative, next: AST.Alternative): boolean {
  const [a, b] = [casesOf(one, 0, 1), casesOf(next, 1, 0)];
  return a !== undefined && a === b;
}

/** What is the same in both, as text. */
function casesOf({ elements }: AST.Alternative, first: number, second: number): string | undefined {
  const at = elements.findIndex((element) => loopOf(element));
  const [upper, lower] = at < 0 ? [] : elements.slice(at, at + 2).map(loopOf);
  if (upper?.min !== first || lower?.min !== second) return undefined;
  const others = elements.filter((_, i) => i < at || i > at + 1);
  const isOptional = (element: AST.Element) =>
    element.type === "Quantifier" && element.min === 0 && waysOf(element) <= mostWays;
  if (!others.every(isOptional)) return undefined;
  return [upper.element.raw, lower.element.raw, at, ...others.map(({ raw }) => raw)].join(" ");
}
