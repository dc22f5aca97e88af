// What a regression can answer: numbers in the range of those that it learned from, and how far off they may be.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { conformalHalfWidth } from "../../metrics/index.js";
import type { Targets } from "../../networks/index.js";
import { type LabelledTable, type LabelValue, rowsOf } from "../read-labelled.js";

export const spaceSchema = z
  .object({
    /** Smallest and largest of the numbers in the table. */
    least: z.number(),
    most: z.number(),
    /** All of them are spelt without a point. */
    areWhole: z.boolean(),
    /** Of the 90 % interval around an answer; null where the validation rows are too few to tell. */
    halfWidth: z.number().min(0).nullable(),
  })
  .refine(({ least, most }) => least <= most, "least is more than most");
export type NumberSpace = z.infer<typeof spaceSchema>;

/** Share of intervals that hold the true number. */
export const intervalLevel = 0.9;

/** Beyond these, squares and answers of 32 bits fail. */
const [largest, smallestShare, smallestRange] = [1e18, 1e-5, 1e-15];

/** Digits of a number of 32 bits. */
const digits = 7;

/** 4, 4.0, .5, -1e3; neither names of numbers (0x10, Infinity) nor numbers with signs of their own (1,000, $5, 40 %). */
const spelling = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const whole = /^[+-]?\d+$/;

export function isNumber(label: LabelValue | null): boolean {
  return typeof label === "string" && spelling.test(label.trim()) && Number.isFinite(Number(label));
}

/** @throws UserError when the numbers are all the same, or of a size that cannot be learned */
export function planNumbers(
  { source, labelColumn, labels }: LabelledTable,
  rows: readonly number[],
): { space: NumberSpace; warnings: string[] } {
  const values = new Set<number>();
  let areWhole = true;
  for (const row of rows) {
    values.add(Number(labels[row]));
    areWhole &&= whole.test(String(labels[row]));
  }
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const size = Math.max(Math.abs(least), Math.abs(most));
  const where = `The label column '${labelColumn}' of ${source}`;
  if (least === most)
    throw new UserError(
      `${where} is ${show(least)} in all ${rowsOf(rows.length)}. Regression needs numbers that differ: choose another ` +
        `${option("label")} column or add rows.`,
    );
  if (size > largest || most - least < smallestRange)
    throw new UserError(
      `${where} has numbers from ${show(least)} to ${show(most)}, too ${size > largest ? "large" : "close together"} to ` +
        `learn. Leave out wrong ones, or scale them, with ${option("query")}.`,
    );
  if (most - least < smallestShare * size)
    throw new UserError(
      `${where} has numbers from ${least} to ${most}, which differ too little for their size. Subtract ${show(least)} ` +
        `from them with ${option("query")}.`,
    );
  const warnings =
    values.size === 2
      ? [
          `'${labelColumn}' has two values only, ${show(least)} and ${show(most)}: with ${option("task")} classify, each gets ` +
            "its probability.",
        ]
      : [];
  return { space: { least, most, areWhole, halfWidth: null }, warnings };
}

export function targetsOf(labels: readonly LabelValue[]): Targets {
  return { width: 1, values: Float64Array.from(labels, Number) };
}

/** A model's answers as they are given: in the range, with the digits that 32 bits have. */
export function numbersOf(answers: Float32Array, { least, most }: NumberSpace): Float64Array {
  return Float64Array.from(answers, (answer) => Math.min(most, Math.max(least, rounded(answer))));
}

/** The bounds around numbers: as far as the interval reaches within the range, and all of it where that is not known. */
export function boundsOf(numbers: Float64Array, { least, most, halfWidth }: NumberSpace) {
  const reach = halfWidth ?? Number.POSITIVE_INFINITY;
  return {
    low: numbers.map((number) => Math.max(least, rounded(number - reach))),
    high: numbers.map((number) => Math.min(most, rounded(number + reach))),
  };
}

/** The space with the width of its intervals, by split conformal prediction on rows that the model did not see. */
export function withIntervals(space: NumberSpace, validation: Float32Array, { values }: Targets): NumberSpace {
  const halfWidth = conformalHalfWidth(values, numbersOf(validation, space), intervalLevel);
  return { ...space, halfWidth: Number.isFinite(halfWidth) ? rounded(halfWidth) : null };
}

function rounded(value: number): number {
  return Number(value.toPrecision(digits));
}

/** For people: 0.1, 1250, 1.5e+21. */
export function show(value: number): string {
  return String(Number(value.toPrecision(6)));
}
