// A label column that a classifier will learn, but not as its user may think: combinations of labels, and quantities.

import { option } from "../../base/option.js";
import type { LabelValue } from "../../tasks/index.js";

/** More values than a scale for answers has. */
const manyNumbers = 20;
const delimiters = [";", "|", ","] as const;

/**
 * A sentence for people, or nothing.
 *
 * @param given - one for each row
 * @example
 * labelHint(["a;b", "a;c", "b;c", "a"], "tags"); // "Most labels in 'tags' combine 3 parts with ';' …"
 */
export function labelHint(given: readonly LabelValue[], column: string): string | undefined {
  const labels = given.map(String);
  const values = [...new Set(labels)];
  if (values.length > manyNumbers && values.every(isQuantity))
    return (
      `'${column}' contains numbers with ${values.length} different values. Each one is a separate label: that 4 is near ` +
      `5 is not learned. If they are amounts, predict them as numbers: add ${option("task")} regression.`
    );
  for (const delimiter of delimiters) {
    const parts = recurringParts(labels, values, delimiter);
    if (parts)
      return (
        `Most labels in '${column}' combine ${parts.length} parts with '${delimiter}'. Each combination is a ` +
        `separate label. To predict one part, make it a column: ${option("query")} "SELECT *, ${sqlName(column)} LIKE ` +
        `'%${parts[0].replaceAll("'", "''")}%' AS part FROM input"`
      );
  }
  return undefined;
}

/** The parts, the most frequent first, where at least half of the labels or rows have several and nearly all recur. */
function recurringParts(labels: readonly string[], values: readonly string[], delimiter: string): string[] | undefined {
  const counts = new Map<string, number>();
  const combined = new Set<string>();
  for (const value of values) {
    const parts = partsOf(value, delimiter);
    if (parts.size > 1) combined.add(value);
    for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  if (combined.size < 2 || counts.size > values.length) return undefined;
  const rows = labels.reduce((sum, label) => sum + (combined.has(label) ? 1 : 0), 0);
  if (2 * combined.size < values.length && 2 * rows < labels.length) return undefined;
  const recurring = [...counts.values()].filter((count) => count > 1).length;
  if (recurring < 0.8 * counts.size) return undefined;
  return [...counts].sort((a, b) => b[1] - a[1]).map(([part]) => part);
}

/** Lists such as ["a", "b"] and [a, b] are their items. */
function partsOf(label: string, delimiter: string): Set<string> {
  const items = label.replace(/^\s*[[{(](.*)[\])}]\s*$/s, "$1").split(delimiter);
  return new Set(items.map((item) => item.trim().replace(/^(["'])(.*)\1$/s, "$2")).filter((item) => item !== ""));
}

/** 007 is a name. */
const isQuantity = (label: string) => /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(label.trim());

const sqlName = (column: string) => (/^[a-z_]\w*$/i.test(column) ? column : `\\"${column}\\"`);
