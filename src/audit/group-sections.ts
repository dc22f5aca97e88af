// The groups of a column on the page of an audit: figures with their intervals, gaps, and pairs.
import { bar } from "../report/comparison-table.js";
import { showFigure, showInterval, showNumber } from "../report/figure.js";
import { breakable, type Html, html, thousands } from "../report/index.js";
import { smallGroup } from "../tasks/score-groups.js";
import type { AuditFigure, ColumnAudit, GroupFigures, LabelFigures } from "./by-groups.js";
import type { Gap, PairOfGroups } from "./gap.js";
import { sentenceOf } from "./sentences.js";

const space = "\u00a0";
/** Labels whose table stands open. */
const openLabels = 3;
/** Pairs beyond these are left to --json. */
const mostPairs = 60;

export const gapTitles: Record<Gap["measure"], string> = {
  demographicParity: "Demographic parity",
  equalizedOdds: "Equalised odds",
  accuracy: "Accuracy",
  mean: "Mean prediction",
  bias: "Mean error",
  mae: "Mean absolute error",
};
export const figureTitles: Record<string, string> = {
  accuracy: "Accuracy",
  selectionRate: "Selection rate",
  truePositiveRate: "True-positive rate",
  falsePositiveRate: "False-positive rate",
  mean: "Mean prediction",
  bias: "Mean error",
  mae: "MAE",
};

export function groupSections({ column, withoutValue, groups, gaps }: ColumnAudit): Html {
  const isSmall = groups.some((group) => group.isSmall);
  const labels = groups[0]?.labels?.map(({ label }) => label) ?? [];
  const isShown = (label: string) => gaps.some((gap) => gap.label === label && gap.isShown);
  const sorted = [...labels.keys()].sort((a, b) => Number(isShown(labels[b])) - Number(isShown(labels[a])) || a - b);
  const tables =
    labels.length === 0
      ? numberTable(groups)
      : sorted.map((at, place) => {
          const table = labelTable(groups, at);
          if (labels.length === 1) return table;
          return html`<details${place < openLabels && html` open`}><summary>${breakable(labels[at], 80)}</summary>${table}</details>`;
        });
  return html`<h2>By ${breakable(column, 80)}</h2>
${gaps.map((gap) => html`<p class="${gap.isShown ? "" : "soft small"}">${sentenceOf(column, gap)}</p>`)}
${gapTable(gaps)}
${tables}
${withoutValue > 0 && html`<p class="soft small">${thousands(withoutValue)} rows without a value are a group of their own.</p>`}
${isSmall && html`<p class="soft small">* fewer than ${smallGroup} rows: such figures are unreliable.</p>`}
${pairTable(gaps)}`;
}

function gapTable(gaps: readonly Gap[]): Html {
  const rows = gaps.map(
    ({ measure, label, difference, interval, ratio, ratioInterval, figure, probability, isShown }) => {
      const isShare = !["mean", "bias", "mae"].includes(figure);
      const show = (value: number) => (isShare ? (100 * value).toFixed(1) : showNumber(value));
      return html`<tr class="${isShown ? "chosen" : ""}"><td class="label">${gapTitles[measure]}${label !== undefined && html`, ${breakable(label, 60)}`}</td>
<td class="number">${show(difference)}</td><td class="number">${show(interval.low)} to ${show(interval.high)}</td>
<td class="number">${ratio === null ? "–" : ratio.toFixed(2)}</td>
<td class="number">${ratioInterval !== null && `${ratioInterval.low.toFixed(2)} to ${ratioInterval.high.toFixed(2)}`}</td>
<td class="number">${probability < 0.001 ? "< 0.001" : probability.toFixed(3)}</td></tr>
`;
    },
  );
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>Largest gap</th><th class="number">Points</th><th class="number">95 %</th>
<th class="number">Ratio</th><th class="number">95 %</th><th class="number">p</th></tr></thead><tbody>
${rows}</tbody></table></div>
<p class="soft small">p: the probability of such a gap if groups did not differ, corrected for all gaps of this audit (Holm). Bold where it is below 0.05.</p>`;
}

function labelTable(groups: readonly GroupFigures[], at: number): Html {
  const x = (value: number) => 4 + value * 212;
  const rows = groups.map((group) => {
    const own = (group.labels as LabelFigures[])[at];
    const { value, interval } = own.selectionRate;
    return html`<tr>${nameCell(group)}${cell(group.accuracy)}${cell(own.selectionRate)}
<td class="bar">${value !== null && bar({ name: "", title: "", value, isShare: true }, interval ?? undefined, x)}</td>
${cell(own.falsePositiveRate)}${cell(own.falseNegativeRate)}${cell(own.calibration, points)}</tr>
`;
  });
  const label = groups[0].labels![at].label;
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>Group</th><th class="number">Rows</th><th class="number">Accuracy</th>
<th class="number">Gets ${breakable(label, 30)}</th><th>0 to 100${space}%</th><th class="number">Wrongly</th><th class="number">Missed</th>
<th class="number">Too sure by</th></tr></thead><tbody>
${rows}</tbody></table></div>
<p class="soft small">Gets: share of the group's rows that get the label. Wrongly: of the rows that do not have it (false-positive rate).
Missed: of those that have it (false-negative rate). Too sure by: mean probability less the share of rows that have it, in points.</p>`;
}

function numberTable(groups: readonly GroupFigures[]): Html {
  const rows = groups.map(
    (group) =>
      html`<tr>${nameCell(group)}${cell(group.mean, showNumber)}${cell(group.bias, showNumber)}${cell(group.mae, showNumber)}</tr>\n`,
  );
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>Group</th><th class="number">Rows</th><th class="number">Mean prediction</th>
<th class="number">Mean error</th><th class="number">MAE</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function nameCell({ group, rows, isSmall }: GroupFigures): Html {
  return html`<td class="label">${breakable(group, 60)}</td><td class="number">${thousands(rows)}${isSmall && "*"}</td>`;
}

const shares = (value: number) => showFigure(value, true, space);
const points = (value: number) => (100 * value).toFixed(1);

function cell(figure: AuditFigure | undefined, show: (value: number) => string = shares): Html {
  if (!figure || figure.value === null) return html`<td class="number soft">–</td>`;
  const { value, interval } = figure;
  const range =
    interval &&
    (show === shares ? showInterval(interval, true, space) : `${show(interval.low)} to ${show(interval.high)}`);
  return html`<td class="number">${show(value)}${range !== null && html`<br><span class="soft small">${range}</span>`}</td>`;
}

/** Of the gaps that are more than chance. */
function pairTable(gaps: readonly Gap[]): Html | false {
  const pairs = gaps
    .filter(({ isShown }) => isShown)
    .flatMap(({ label, pairs: own }) => own.map((pair): PairOfGroups & { label?: string } => ({ ...pair, label })))
    .sort((a, b) => a.probability - b.probability);
  if (pairs.length < 2) return false;
  const rows = pairs
    .slice(0, mostPairs)
    .map(({ figure, label, first, second, difference, interval, probability, isShown }) => {
      const isShare = !["mean", "bias", "mae"].includes(figure);
      const show = (value: number) => (isShare ? points(value) : showNumber(value));
      return html`<tr class="${isShown ? "chosen" : ""}"><td class="label">${figureTitles[figure]}${label !== undefined && html`, ${breakable(label, 40)}`}</td>
<td class="label">${breakable(first, 40)}</td><td class="label">${breakable(second, 40)}</td><td class="number">${show(difference)}</td>
<td class="number">${show(interval.low)} to ${show(interval.high)}</td><td class="number">${probability < 0.001 ? "< 0.001" : probability.toFixed(3)}</td></tr>
`;
    });
  return html`<details><summary>Pairs of groups</summary><div class="scroll" tabindex="0"><table><thead><tr><th>Figure</th><th>First</th><th>Second</th>
<th class="number">First − second</th><th class="number">95 %</th><th class="number">p</th></tr></thead><tbody>
${rows}</tbody></table></div>
<p class="soft small">p is corrected for the pairs of its gap (Holm).${pairs.length > mostPairs && ` ${pairs.length - mostPairs} more pairs are left out.`}</p></details>`;
}
