// Finds the longest of many strings at a place of a text, however many there are. Knows no tokens.
import { createPairTable, findPair, numberOfPair } from "./pair-table.js";

export interface StringTree {
  /** Finds a unit that one of them begins with; has the flag g. */
  first: RegExp;
  /** The number of the longest one that stands at `from`, or −1. */
  longestAt(text: string, from: number): number;
}

/**
 * @param strings - none is empty; of equal ones the first counts.
 * @example
 * stringTree(["a", "ab"]).longestAt("xabc", 1); // 1
 */
export function stringTree(strings: readonly string[]): StringTree {
  /** Nodes are numbered from the root, 0; edge i leads to node i + 1. */
  const edges = createPairTable();
  const numberAt = new Map<number, number>();
  for (const [number, string] of strings.entries()) {
    let node = 0;
    for (let i = 0; i < string.length; i++) node = numberOfPair(edges, node, string.charCodeAt(i)) + 1;
    if (!numberAt.has(node)) numberAt.set(node, number);
  }
  const firsts = [...new Set(strings.map((string) => string.charCodeAt(0)))];
  const members = firsts.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
  return {
    first: new RegExp(`[${members.join("")}]`, "g"),
    longestAt(text, from) {
      let found = -1;
      for (let at = from, node = 0; at < text.length; at++) {
        const edge = findPair(edges, node, text.charCodeAt(at));
        if (edge < 0) break;
        node = edge + 1;
        found = numberAt.get(node) ?? found;
      }
      return found;
    },
  };
}
