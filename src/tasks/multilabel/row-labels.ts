// The labels of a row: items of a list, or the parts of a text between separators. Knows values alone, no table.
import type { LabelValue } from "../read-labelled.js";

/** What is looked for between labels, the likeliest first. */
export const separators = [";", "|", ","] as const;

/**
 * Trimmed, each once, in the order of the row. Texts that are lists, [a, b], ["a", "b"], ['a' 'b'] or {a,b}, are their items.
 *
 * @example
 * labelsIn("joy; love;joy", ";"); // ["joy", "love"]
 * labelsIn("", ";"); // []
 */
export function labelsIn(value: LabelValue, separator: string): string[] {
  const parts = typeof value === "string" ? (itemsOf(value) ?? value.split(separator)) : value;
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ""))];
}

/** Of a text that is written as a list. */
function itemsOf(text: string): string[] | undefined {
  const [, list, braced] = /^\s*(?:\[(.*)\]|\{([^{}]*)\})\s*$/s.exec(text) ?? [];
  if (list !== undefined) {
    const items = parsedList(text);
    if (items) return items;
    if (/[[\]]/.test(list)) return undefined;
  }
  const inside = list ?? braced;
  if (inside === undefined) return undefined;
  const items = inside.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^,]+))/gs);
  return [...items].map(([, double, single, bare]) => bare ?? (double ?? single).replace(/\\(.)/gs, "$1"));
}

function parsedList(text: string): string[] | undefined {
  try {
    const items: unknown = JSON.parse(text);
    if (!Array.isArray(items)) return undefined;
    return items
      .filter((item) => item !== null)
      .map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item)));
  } catch {
    return undefined;
  }
}

export interface Division {
  separator: string;
  /** Different parts. */
  parts: number;
  /** Share of the parts that stand in several different texts. */
  recurring: number;
  /** Share of the different texts that have several parts, or of the rows, whichever is larger. */
  combined: number;
}

/**
 * How each separator divides texts; those that divide none are left out. Rows without text do not count, and texts that are
 * lists are divided by commas.
 */
export function divisions(texts: readonly string[]): Division[] {
  const rows = new Map<string, number>();
  for (const text of texts) if (text !== "") rows.set(text, (rows.get(text) ?? 0) + 1);
  const total = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return separators.flatMap((separator) => {
    const counts = new Map<string, number>();
    let [values, combinedRows] = [0, 0];
    for (const [text, count] of rows) {
      const parts = separator !== "," && itemsOf(text) ? [text] : labelsIn(text, separator);
      for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
      if (parts.length < 2) continue;
      values++;
      combinedRows += count;
    }
    if (values === 0) return [];
    const recurring = [...counts.values()].filter((count) => count > 1).length / counts.size;
    return [{ separator, parts: counts.size, recurring, combined: Math.max(values / rows.size, combinedRows / total) }];
  });
}

/** The separator whose parts recur most; undefined where most parts of each stand in one text alone. */
export function findSeparator(texts: readonly string[]): string | undefined {
  const [best] = divisions(texts)
    .filter(({ recurring }) => recurring >= 0.5)
    .sort((a, b) => b.recurring - a.recurring);
  return best?.separator;
}

/** How texts are divided whose user may not know that they hold several labels: nearly all parts recur, most texts have several. */
export function likelyDivision(texts: readonly string[]): Division | undefined {
  const values = new Set(texts.filter((text) => text !== "")).size;
  return divisions(texts).find(
    ({ parts, recurring, combined }) => parts <= values && recurring >= 0.8 && combined >= 0.5,
  );
}
