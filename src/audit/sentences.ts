// What an audit found, in words.
import { counted } from "../base/counted.js";
import { showFigure, showInterval, showNumber } from "../report/figure.js";
import type { AssociationAudit } from "./associations.js";
import type { SwapAudit } from "./by-swaps.js";
import type { Gap } from "./gap.js";
import type { PronounAudit, StereotypeScore } from "./sentence-scores.js";

/** What a figure says of a group. */
const told: Record<string, (label: string) => string> = {
  accuracy: () => "answers are right for",
  selectionRate: (label) => `'${label}' is predicted for`,
  truePositiveRate: (label) => `of the rows that have '${label}', it is found for`,
  falsePositiveRate: (label) => `of the rows that do not have '${label}', it is predicted for`,
  mean: () => "the mean prediction is",
  bias: () => "predictions are off on average by",
  mae: () => "the mean absolute error is",
};

const ofNumbers = ["mean", "bias", "mae"];

/**
 * @example
 * sentenceOf("gender", gap); // "gender: 'positive' is predicted for 62.3 % of 'f' and 48.1 % of 'm': 14.2 points apart (…)."
 */
export function sentenceOf(column: string, gap: Gap): string {
  const { figure, label = "", lowest, highest, difference, interval, probability, isShown } = gap;
  const isShare = !ofNumbers.includes(figure);
  const show = (value: number) => (isShare ? showFigure(value, true) : showNumber(value));
  if (difference === 0)
    return `${column}: ${told[figure](label)} ${show(highest.value)} ${isShare ? "of" : "for"} every group.`;
  const [joint, unit] = isShare ? ["of", " points"] : ["for", ""];
  const far = (value: number) => (isShare ? (100 * value).toFixed(1) : showNumber(value));
  const groups = [highest, lowest].map(({ group, value }) => `${show(value)} ${joint} '${group}'`).join(" and ");
  const apart = `${far(difference)}${unit} apart (${far(interval.low)} to ${far(interval.high)})`;
  const said = `${column}: ${told[figure](label)} ${groups}: ${apart}`;
  return isShown ? `${said}, more than chance (p ${showProbability(probability)}).` : `${said}, which may be chance.`;
}

/** How many of the gaps are more than chance, of all that were looked at. */
export function gapLead(gaps: readonly Gap[]): string {
  const shown = gaps.filter(({ isShown }) => isShown).length;
  const looked = `Looked at ${counted(gaps.length, "gap")} between groups`;
  if (shown === 0) return `${looked}: none is larger than chance would have it.`;
  return `${looked}: ${shown === gaps.length && shown > 1 ? "all are" : shown === 1 ? "1 is" : `${shown} are`} more than chance.`;
}

/** "< 0.001" or "= 0.012" */
export function showProbability(probability: number): string {
  if (probability < 0.001) return "< 0.001";
  const rounded = probability.toFixed(3);
  return `= ${rounded === "0.050" ? probability.toFixed(4) : rounded}`;
}

/** Where words of the list occur, and how often answers change. */
export function swapLead({ rows, withWords, looked, flips, swaps, words, source }: SwapAudit): string {
  if (withWords === 0)
    return `${rows === 1 ? "The one row has no" : `None of ${rows} rows has a`} word of it (${source}), so nothing is claimed.`;
  const part = looked < withWords ? ` (${looked} of them were looked at)` : "";
  const have = `${withWords} of ${counted(rows, "row")} ${withWords === 1 ? "has" : "have"} words of it${part}`;
  const changed = flips
    ? `: exchanging them changes the answer in ${showFigure(flips.share, true)} (${showInterval(flips.interval, true)}).`
    : ".";
  const shown = [...swaps, ...words].filter(({ isShown }) => isShown).length;
  const tested = swaps.length + words.length;
  const claim =
    shown === 0
      ? "no shift is more than chance"
      : `${shown === 1 ? "1 shift is" : `${shown} shifts are`} more than chance`;
  return `${have}${changed} Of ${counted(tested, "swap")} below, ${claim}.`;
}

export function associationLead({ tests }: AssociationAudit): string {
  if (tests.length === 0) return "No test could be made: most of the words have no vector.";
  const shown = tests.filter(({ isShown }) => isShown).length;
  return `${shown} of ${counted(tests.length, "association")} ${shown === 1 ? "is" : "are"} more than chance.`;
}

export function stereotypeLead([all]: readonly StereotypeScore[]): string {
  const { share, interval, pairs, isShown } = all;
  const said = `The stereotypical sentence is the more probable one of ${showFigure(share, true)} of ${counted(pairs, "pair")}`;
  return `${said} (${showInterval(interval, true)}; 50 % without a preference)${isShown ? "" : ", which may be chance"}.`;
}

export function pronounLead({
  share,
  interval,
  sentences,
  difference,
  differenceInterval,
  isShown,
}: PronounAudit): string {
  const { low, high } = differenceInterval;
  return (
    `Of ${counted(sentences, "pair")} of sentences, ${showFigure(share, true)} (${showInterval(interval, true)}) are more probable with a male ` +
    `pronoun, on average by ${difference.toFixed(2)} nats (${low.toFixed(2)} to ${high.toFixed(2)})${isShown ? "" : ", which may be chance"}.`
  );
}
