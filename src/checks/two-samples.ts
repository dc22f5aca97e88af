// Whether two groups of rows differ by more than chance: in their labels, and in their texts.
import { createRandom, mixSeed } from "../base/random.js";
import { fitLinear, predictLinear } from "../linear/index.js";
import { wilsonInterval } from "../metrics/index.js";
import type { CheckedRows } from "./checked-rows.js";
import { LabelCounts } from "./label-sets.js";

export interface LabelShift {
  /** Total variation distance of the two distributions, from 0 to 1. */
  distance: number;
  /** What chance alone would give. */
  byChance: number;
  /** Labels whose shares differ most, with both. */
  most: { label: string; shares: [number, number] }[];
}

export function labelShift({ sets }: CheckedRows, first: readonly number[], second: readonly number[]): LabelShift {
  const counts = [first, second].map((rows) => {
    const own = new LabelCounts();
    for (const row of rows) own.add(sets, row);
    return own;
  });
  const totals = counts.map((own) =>
    Math.max(
      1,
      [...own.of.values()].reduce((sum, count) => sum + count, 0),
    ),
  );
  let [distance, byChance] = [0, 0];
  const differences: LabelShift["most"] = [];
  for (const [label, name] of sets.names.entries()) {
    const [p, q] = counts.map((own, i) => (own.of.get(label) ?? 0) / totals[i]);
    const pooled = (p * totals[0] + q * totals[1]) / (totals[0] + totals[1]);
    distance += Math.abs(p - q) / 2;
    // Mean size of a normal difference: √(2 / π) of its standard deviation.
    byChance += Math.sqrt((2 / Math.PI) * pooled * (1 - pooled) * (1 / totals[0] + 1 / totals[1])) / 2;
    differences.push({ label: name, shares: [p, q] });
  }
  const size = ({ shares: [p, q] }: { shares: [number, number] }) => Math.abs(p - q);
  return { distance, byChance, most: differences.sort((a, b) => size(b) - size(a)).slice(0, 3) };
}

/** More than chance, and enough to matter. */
export const isLargeShift = ({ distance, byChance }: LabelShift, least: number) =>
  distance >= least && distance > 3 * byChance;

const mostEach = 1500;
const fewestEach = 100;

/**
 * How often a linear model of words tells which of two groups a text is from, on rows that it did not learn from; 0.5 is chance.
 * Lower bound of the 95 % interval; undefined for fewer than 100 rows a group.
 */
export async function toldApart(
  data: CheckedRows,
  first: readonly number[],
  second: readonly number[],
): Promise<number | undefined> {
  const random = createRandom(mixSeed(data.seed, 0x2a));
  const some = (rows: readonly number[], most: number) => random.shuffle([...rows]).slice(0, most);
  const most = Math.min(mostEach, first.length, second.length);
  if (most < fewestEach) return undefined;
  const rows = random.shuffle([
    ...some(first, most).map((row) => ({ row, side: 0 })),
    ...some(second, most).map((row) => ({ row, side: 1 })),
  ]);
  const { near } = await data.copies();
  const training = rows.slice(0, Math.floor(0.7 * rows.length));
  const seen = new Set(training.map(({ row }) => near[row]));
  const held = rows.slice(training.length).filter(({ row }) => !seen.has(near[row]));
  if (held.length < fewestEach / 2) return undefined;
  const text = ({ row }: { row: number }) => data.texts[row].slice(0, 2000);
  const model = await fitLinear(
    { texts: training.map(text), labels: Int32Array.from(training, ({ side }) => side), classes: 2 },
    { maxCharacters: 0, ratio: 0, seed: data.seed },
    { signal: data.watch.signal },
    { slope: 3, offsets: new Float32Array(2) },
  );
  const answers = predictLinear(model, held.map(text));
  const right = held.filter(({ side }, i) => (answers[2 * i + 1] > 0.5 ? 1 : 0) === side).length;
  return wilsonInterval(right, held.length).low;
}
