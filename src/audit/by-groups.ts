// Figures of a model's answers by groups of rows, and the gaps between them.
import { createRandom, mixSeed } from "../base/random.js";
import {
  bootstrapRows,
  type Interval,
  percentileInterval,
  resampleRows,
  shareDraws,
  wilsonInterval,
} from "../metrics/index.js";
import { resamplesFor } from "../tasks/intervals.js";
import { smallGroup } from "../tasks/score-groups.js";
import type { AuditedAnswers, LabelAnswers, NumberAnswers } from "./answers.js";
import type { AuditedColumn } from "./divide-rows.js";
import { type ComparedFigure, correctedGaps, type Gap, gapOf, type LookedAt } from "./gap.js";

/** Value null where no row of the group tells it. */
export interface AuditFigure {
  value: number | null;
  interval: Interval | null;
  /** Rows that it is counted in. */
  rows: number;
}

/** Of the rows that get a label, and of those that have it. */
export interface LabelFigures {
  label: string;
  /** Share of the rows that get the label. */
  selectionRate: AuditFigure;
  /** Share that gets it, of the rows that do not have it. */
  falsePositiveRate?: AuditFigure;
  /** Share that does not get it, of the rows that have it. */
  falseNegativeRate?: AuditFigure;
  /** Mean probability − share of rows that have it: above 0 where the model is too sure of it. */
  calibration?: AuditFigure;
}

export interface GroupFigures {
  group: string;
  rows: number;
  /** Fewer than 30 rows. */
  isSmall: boolean;
  /** Share of right rows. */
  accuracy?: AuditFigure;
  /** Of each label that is looked at. */
  labels?: LabelFigures[];
  /** Of numbers: their mean, mean error (answer − truth) and mean absolute error. */
  mean?: AuditFigure;
  bias?: AuditFigure;
  mae?: AuditFigure;
}

export interface ColumnAudit {
  column: string;
  isRanged: boolean;
  withoutValue: number;
  groups: GroupFigures[];
  gaps: Gap[];
}

const draws = 1000;

/**
 * Demographic parity and equalised odds as Fairlearn defines them (difference and ratio between groups, the worse of the two rates),
 * but that groups in which a rate has no rows are left out of it, where Fairlearn takes it as 0.
 *
 * @example
 * const [{ gaps }] = auditByGroups(divideRows({ gender }), answers);
 * gaps.filter(({ isShown }) => isShown).map(({ measure, difference }) => `${measure}: ${difference}`);
 */
export function auditByGroups(columns: readonly AuditedColumn[], answers: AuditedAnswers, seed = 0): ColumnAudit[] {
  const audits = columns.map(({ name, groups, of, isRanged, withoutValue }, place) => {
    const rowsOf = groups.map((): number[] => []);
    for (const [row, group] of of.entries()) rowsOf[group].push(row);
    const own = mixSeed(seed, place, 0xa0d1);
    const { figures, looked } =
      answers.kind === "labels" ? ofLabels(answers, rowsOf, own) : ofNumbers(answers, rowsOf, own);
    const gaps = looked.flatMap((one) => gapOf(one, groups, own) ?? []);
    const told = figures.map((figure, i): GroupFigures => {
      const rows = rowsOf[i].length;
      return { group: groups[i], rows, isSmall: rows < smallGroup, ...figure };
    });
    return { column: name, isRanged, withoutValue, groups: told, gaps };
  });
  const all = correctedGaps(audits.flatMap(({ gaps }, place) => gaps.map((gap) => ({ ...gap, place }))));
  return audits.map((audit, i) => ({
    ...audit,
    gaps: all.filter(({ place }) => place === i).map(({ place: _, ...gap }) => gap),
  }));
}

type Figures = Omit<GroupFigures, "group" | "rows" | "isSmall">;

interface Found {
  figures: Figures[];
  looked: LookedAt[];
}

function ofLabels(answers: LabelAnswers, rowsOf: readonly number[][], seed: number): Found {
  const { labels, selected, probabilities, truth, right } = answers;
  const width = labels.length;
  const random = createRandom(mixSeed(seed, 1));
  const compared = (name: string, hits: number[], rows: number[]): ComparedFigure => {
    const groups = [...rows.keys()].filter((group) => rows[group] > 0);
    const [ownHits, ownRows] = [hits, rows].map((counts) => groups.map((group) => counts[group]));
    return {
      name,
      groups,
      values: ownHits.map((own, i) => own / ownRows[i]),
      draws: ownHits.map((own, i) => shareDraws(own, ownRows[i], draws, random)),
      from: { hits: ownHits, rows: ownRows },
    };
  };
  const countIn = (rows: readonly number[], isHit: (row: number) => boolean) =>
    rows.reduce((sum, row) => sum + (isHit(row) ? 1 : 0), 0);
  const sizes = rowsOf.map(({ length }) => length);
  const looked: LookedAt[] = [];
  const figures: Figures[] = rowsOf.map(() => ({ labels: [] }));
  if (right) {
    const hits = rowsOf.map((rows) => countIn(rows, (row) => right[row] === 1));
    for (const [i, own] of figures.entries()) own.accuracy = shareOf(hits[i], sizes[i]);
    looked.push({ measure: "accuracy", figures: [compared("accuracy", hits, sizes)] });
  }
  const calibration =
    truth && rowsOf.map((rows, i) => calibrationOf(rows, probabilities, truth, width, mixSeed(seed, 2, i)));
  for (const [at, label] of labels.entries()) {
    const gets = (row: number) => selected[row * width + at] === 1;
    const taken = rowsOf.map((rows) => countIn(rows, gets));
    for (const [i, own] of figures.entries()) own.labels!.push({ label, selectionRate: shareOf(taken[i], sizes[i]) });
    looked.push({ measure: "demographicParity", label, figures: [compared("selectionRate", taken, sizes)] });
    if (!truth) continue;
    const has = (row: number) => truth[row * width + at] === 1;
    const own = rowsOf.map((rows) => countIn(rows, has));
    const found = rowsOf.map((rows) => countIn(rows, (row) => has(row) && gets(row)));
    const others = sizes.map((size, i) => size - own[i]);
    const wrong = taken.map((count, i) => count - found[i]);
    for (const [i, { labels: told }] of figures.entries())
      Object.assign(told![at], {
        falsePositiveRate: shareOf(wrong[i], others[i]),
        falseNegativeRate: shareOf(own[i] - found[i], own[i]),
        calibration: calibration![i][at],
      });
    looked.push({
      measure: "equalizedOdds",
      label,
      figures: [compared("truePositiveRate", found, own), compared("falsePositiveRate", wrong, others)],
    });
  }
  return { figures, looked };
}

/** Of each label: mean probability − share of rows that have it. */
function calibrationOf(
  rows: readonly number[],
  probabilities: Float32Array,
  truth: Uint8Array,
  width: number,
  seed: number,
): AuditFigure[] {
  const excess = (sample: ArrayLike<number>) => {
    const sums = new Float64Array(width);
    for (let i = 0; i < sample.length; i++) {
      const at = rows[sample[i]] * width;
      for (let label = 0; label < width; label++) sums[label] += probabilities[at + label] - truth[at + label];
    }
    return sums.map((sum) => sum / sample.length);
  };
  const values = excess([...rows.keys()]);
  const resamples = resamplesFor(rows.length * width);
  const intervals = bootstrapRows<string>(
    rows.length,
    { seed, resamples },
    (sample) => ({ ...excess(sample) }) as unknown as Record<string, number>,
  );
  return Array.from(values, (value, label) => ({ value, interval: intervals[label], rows: rows.length }));
}

function ofNumbers({ values, truth }: NumberAnswers, rowsOf: readonly number[][], seed: number): Found {
  const means = { mean: values, ...(truth && { bias: values.map((value, row) => value - truth[row]) }) };
  const all: Partial<Record<"mean" | "bias" | "mae", Float64Array>> = {
    ...means,
    ...(truth && { mae: values.map((value, row) => Math.abs(value - truth[row])) }),
  };
  const figures: Figures[] = rowsOf.map(() => ({}));
  const looked = Object.entries(all).map(([name, numbers], place): LookedAt => {
    const measure = name as "mean" | "bias" | "mae";
    const own = rowsOf.map((rows) => Float64Array.from(rows, (row) => numbers[row]));
    const resampled = own.map((group, i) => meanDraws(group, mixSeed(seed, place, i)));
    const found = own.map((group) => group.reduce((sum, value) => sum + value, 0) / group.length);
    for (const [i, one] of figures.entries())
      one[measure] = { value: found[i], interval: resampled[i].interval, rows: own[i].length };
    const groups = [...rowsOf.keys()];
    return {
      measure,
      figures: [{ name, groups, values: found, draws: resampled.map(({ drawn }) => drawn), from: { numbers: own } }],
    };
  });
  return { figures, looked };
}

/** In any order: those of two groups have nothing to do with each other. */
function meanDraws(values: Float64Array, seed: number): { interval: Interval; drawn: Float64Array } {
  const resamples = Math.max(200, resamplesFor(values.length));
  const { mean: sorted } = resampleRows(values.length, { seed, resamples }, (sample) => {
    let sum = 0;
    for (let i = 0; i < sample.length; i++) sum += values[sample[i]];
    return { mean: sum / sample.length };
  });
  const of = Float64Array.from({ length: draws }, (_, i) => sorted[i % sorted.length]);
  return { interval: percentileInterval(sorted), drawn: createRandom(seed).shuffle(of) };
}

function shareOf(hits: number, rows: number): AuditFigure {
  if (rows === 0) return { value: null, interval: null, rows };
  return { value: hits / rows, interval: wilsonInterval(hits, rows), rows };
}
