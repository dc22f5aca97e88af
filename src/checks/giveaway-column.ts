// Another column that tells the label: it was filled in with the label, or after it.
import { type Check, type FindingFacts, percentOf, shown } from "./check.js";
import type { CheckedRows, SampledColumn } from "./checked-rows.js";
import { LabelCounts } from "./label-sets.js";

/** How much of what is not known without it a column tells, on rows that it was not counted on. */
const leastGain = 0.85;
const fewestRows = 30;
const bins = 20;

export const giveawayColumn: Check = {
  kind: "giveaway-column",
  async run(data) {
    const found: FindingFacts[] = [];
    for (const column of data.sampled.columns) {
      const own = judge(data, column);
      if (own) found.push(own);
    }
    return found.sort((a, b) => b.rows - a.rows);
  },
};

function judge(data: CheckedRows, { name, values }: SampledColumn): FindingFacts | undefined {
  const { sampledRows, sets, trainingRows } = data;
  const pairs = values.map((value, i) => ({ row: sampledRows[i], value })).filter(({ row }) => row >= 0);
  if (pairs.length < fewestRows || sets.names.length < 2) return undefined;
  const ways: Way[] = [(value) => value ?? ""];
  const cut = binsOf(pairs.map(({ value }) => value));
  if (cut) ways.push(cut);
  let best: { accuracy: number; base: number } | undefined;
  for (const way of ways) {
    const found = toldBy(pairs, way, data);
    if (!best || found.accuracy > best.accuracy) best = found;
  }
  if (!best || best.accuracy - best.base < leastGain * (1 - best.base)) return undefined;
  const several = [...new Set(pairs.map(({ value }) => value ?? ""))];
  if (several.length < 2) return undefined;
  const { accuracy, base } = best;
  return {
    rows: Math.round(accuracy * trainingRows),
    isEstimate: true,
    message: `column '${name}' alone gives the label of ${percentOf(accuracy)} of the rows (${percentOf(base)} without it)`,
    examples: pairs.slice(0, shown).map(({ row }) => data.example(row)),
    advice:
      `Do not let a model read it: leave it out of the text columns. Where it is known before the label, ` +
      "a rule on it needs no model; where it is filled in afterwards, it will be empty for new rows",
    details: {
      column: name,
      accuracy,
      base,
      values: several.slice(0, 10),
      rowsRead: pairs.length,
    },
  };
}

type Way = (value: string | null) => string;
interface Pair {
  row: number;
  value: string | null;
}

/** The most frequent label of each value in one half answers the other: values that come once tell nothing. */
function toldBy(pairs: readonly Pair[], way: Way, { sets }: CheckedRows) {
  const [byValue, all] = [new Map<string, LabelCounts>(), new LabelCounts()];
  const halves = pairs.map((pair, i) => ({
    ...pair,
    key: way(pair.value),
    isAsked: (i * 2654435761) % 2 ** 32 < 2 ** 31,
  }));
  for (const { row, key, isAsked } of halves) {
    if (isAsked) continue;
    const own = byValue.get(key) ?? new LabelCounts();
    own.add(sets, row);
    byValue.set(key, own);
    all.add(sets, row);
  }
  const usual = all.top().label;
  let [right, usualRight, asked] = [0, 0, 0];
  for (const { row, key, isAsked } of halves) {
    if (!isAsked) continue;
    asked++;
    const own = sets.ids.subarray(sets.start[row], sets.start[row + 1]);
    if (own.includes(byValue.get(key)?.top().label ?? usual)) right++;
    if (own.includes(usual)) usualRight++;
  }
  return { accuracy: right / asked, base: usualRight / asked };
}

/** Numbers and dates by size, where nearly all values are such. */
function binsOf(values: readonly (string | null)[]): Way | undefined {
  const numbers = values.filter((value) => value !== null && value !== "").map((value) => numberOf(value as string));
  const known = numbers.filter((number) => !Number.isNaN(number)).sort((a, b) => a - b);
  if (known.length < 0.95 * numbers.length || new Set(known).size < 2 * bins) return undefined;
  const ends = Array.from({ length: bins }, (_, i) => known[Math.ceil(((i + 1) * known.length) / bins) - 1]);
  return (value) => {
    if (value === null || value === "") return "";
    const number = numberOf(value);
    return Number.isNaN(number) ? value : `#${ends.findIndex((end) => number <= end)}`;
  };
}

/** A number, or a date's time. NaN where it is neither. */
export function numberOf(value: string): number {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return Number(value);
  return timeOf(value);
}

/** The time of a date as DuckDB writes it, and of ISO 8601; NaN where it is none. */
export function timeOf(value: string): number {
  if (!/^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/.test(value)) return Number.NaN;
  return Date.parse(value.replace(" ", "T").replace(/(:.*[+-]\d\d)$/, "$1:00"));
}
