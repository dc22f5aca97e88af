// Figures by group as text: the largest groups, the small ones marked.

import { counted } from "../base/counted.js";
import { type Figure, showFigure, showInterval } from "../report/figure.js";
import { type GroupAnswers, type GroupScores, smallGroup } from "../tasks/score-groups.js";
import colors from "./colors.js";
import { percent, shortened, textTable } from "./text-table.js";

/** Groups beyond these are left to --json. */
const mostGroups = 30;
/** Labels that fit into 80 columns. */
const mostLabels = 4;

export function groupScoresText(by: string, groups: readonly GroupScores[]): string {
  const [main, second] = groups[0].figures;
  const rows = groups
    .slice(0, mostGroups)
    .map(({ group, rows, figures: [one, other], isSmall }) => [
      nameOf(group),
      rowsOf(rows, isSmall),
      showFigure(one.value, one.isShare),
      one.interval ? showInterval(one.interval, one.isShare) : "",
      showFigure(other.value, other.isShare),
    ]);
  return tableOf([shortened(by, 28), "Rows", main.title, "95 % interval", second.title], rows, groups);
}

export function groupAnswersText(by: string, groups: readonly GroupAnswers[]): string {
  const [first] = groups;
  return first?.figures ? numbersText(by, first.figures, groups) : sharesText(by, groups);
}

function numbersText(by: string, figures: readonly Figure[], groups: readonly GroupAnswers[]): string {
  const rows = groups
    .slice(0, mostGroups)
    .map(({ group, rows, figures: own = [], isSmall }) => [
      nameOf(group),
      rowsOf(rows, isSmall),
      ...own.map(({ value, isShare }) => showFigure(value, isShare)),
    ]);
  return tableOf([shortened(by, 28), "Rows", ...figures.map(({ title }) => title)], rows, groups);
}

function sharesText(by: string, all: readonly GroupAnswers[]): string {
  const groups = all.map(({ labels = [], ...group }) => ({ ...group, labels }));
  const totals = (groups[0]?.labels ?? []).map(({ label }, i) => ({
    i,
    label,
    rows: groups.reduce((sum, { labels }) => sum + labels[i].rows, 0),
  }));
  // Where a row has several labels or none, the others' shares are not what is left of a whole.
  const isWhole = groups.every(
    ({ rows, withoutText, labels }) => rows - withoutText === labels.reduce((sum, own) => sum + own.rows, 0),
  );
  const isAll = totals.length <= mostLabels || !isWhole;
  const mostFrequent = [...totals].sort((a, b) => b.rows - a.rows);
  const shown = totals.length <= mostLabels ? totals : mostFrequent.slice(0, isWhole ? mostLabels - 1 : mostLabels);
  const rows = groups.slice(0, mostGroups).map(({ group, rows, withoutText, labels, isSmall }) => {
    if (rows === withoutText)
      return [nameOf(group), rowsOf(rows, isSmall), ...shown.map(() => "–"), ...(isAll ? [] : ["–"])];
    const shares = shown.map(({ i }) => labels[i].share);
    const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
    return [
      nameOf(group),
      rowsOf(rows, isSmall),
      ...shares.map(percent),
      ...(isAll ? [] : [percent(Math.max(0, rest))]),
    ];
  });
  const heads = [...shown.map(({ label }) => shortened(label, 11)), ...(isAll ? [] : ["others"])];
  const table = tableOf([shortened(by, 18), "Rows", ...heads], rows, groups);
  const rest = totals.length - shown.length;
  return isWhole || rest === 0 ? table : `${table}\n… and ${counted(rest, "more label")} (--json)`;
}

function nameOf(group: string | null): string {
  if (group === null) return "(no value)";
  return group.trim() === "" ? "(empty)" : shortened(group, 20);
}

function rowsOf(rows: number, isSmall: boolean): string {
  return isSmall ? `${rows}*` : `${rows} `;
}

function tableOf(head: string[], rows: string[][], groups: readonly { isSmall: boolean }[]): string {
  const lines = [textTable([head.map((name) => colors.dim(name)), ...rows])];
  const rest = groups.length - mostGroups;
  if (rest > 0) lines.push(`… and ${rest} more (--json)`);
  if (groups.slice(0, mostGroups).some(({ isSmall }) => isSmall))
    lines.push(colors.dim(`* fewer than ${smallGroup} rows: such figures are unreliable.`));
  return lines.join("\n");
}
