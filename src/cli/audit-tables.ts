// An audit by groups as text.
import {
  type AuditFigure,
  type ColumnAudit,
  type GroupFigures,
  type GroupSwap,
  gapLead,
  type SwapAudit,
  sentenceOf,
  swapLead,
  type WordSwap,
} from "../audit/index.js";
import { counted } from "../base/counted.js";
import { showFigure, showNumber } from "../report/figure.js";
import { smallGroup } from "../tasks/score-groups.js";
import colors from "./colors.js";
import { shortened, textTable } from "./text-table.js";
import { wrapped } from "./wrapped.js";

/** Labels, groups and gaps beyond these are left to --json. */
const [mostLabels, mostGroups, mostGaps] = [2, 12, 6];

const shares = (value: number) => showFigure(value, true);
/** "−0.4", and no "-0.0" */
const points = (value: number) =>
  (100 * value)
    .toFixed(1)
    .replace(/^-0\.0$/, "0.0")
    .replace("-", "−");

export function columnsText(columns: readonly ColumnAudit[]): string {
  const lead = gapLead(columns.flatMap(({ gaps }) => gaps));
  return [colors.bold(wrapped(lead)), ...columns.map(columnText)].join("\n\n");
}

function columnText({ column, groups, gaps, withoutValue, isRanged }: ColumnAudit): string {
  const labels = groups[0].labels?.map(({ label }) => label) ?? [];
  const least = (label: string) =>
    Math.min(...gaps.filter((gap) => gap.label === label).map(({ probability }) => probability));
  const sorted = [...labels.keys()].sort((a, b) => least(labels[a]) - least(labels[b]) || a - b);
  const tables =
    labels.length === 0
      ? [numbersText(column, groups)]
      : sorted.slice(0, mostLabels).map((at) => labelText(column, groups, at));
  if (labels.length > mostLabels) tables.push(`… and ${counted(labels.length - mostLabels, "more label")} (--json)`);
  const told = [...gaps].sort((a, b) => Number(b.isShown) - Number(a.isShown) || a.probability - b.probability);
  const lines = told.slice(0, mostGaps).map((gap) => {
    const sentence = wrapped(sentenceOf(column, gap));
    return gap.isShown ? sentence : colors.dim(sentence);
  });
  if (told.length > mostGaps) lines.push(`… and ${counted(told.length - mostGaps, "more gap")} (--json)`);
  const notes = [
    groups.length > mostGroups && `… and ${counted(groups.length - mostGroups, "more group")} (--json)`,
    isRanged && `The values of '${column}' are divided into ranges.`,
    withoutValue > 0 && `${counted(withoutValue, "row")} without a value: a group of their own.`,
    groups.some(({ isSmall }) => isSmall) && `* fewer than ${smallGroup} rows: such figures are unreliable.`,
  ].filter((note) => note !== false);
  return [...tables, [...notes.map((note) => colors.dim(wrapped(note))), ...lines].join("\n")].join("\n\n");
}

function labelText(column: string, groups: readonly GroupFigures[], at: number): string {
  const { label } = groups[0].labels![at];
  const head = [
    shortened(column, 18),
    "Rows",
    "Accuracy",
    `gets ${shortened(label, 8)}`,
    "wrongly",
    "missed",
    "too sure",
  ];
  const rows = groups.slice(0, mostGroups).map((group) => {
    const own = group.labels![at];
    const figures = [group.accuracy, own.selectionRate, own.falsePositiveRate, own.falseNegativeRate].map((one) =>
      cellOf(one, shares, points),
    );
    return [group, [...figures, cellOf(own.calibration, points, points)]] as const;
  });
  return tableOf(head, rows);
}

function numbersText(column: string, groups: readonly GroupFigures[]): string {
  const head = [shortened(column, 18), "Rows", "Mean prediction", "Mean error", "MAE"];
  const rows = groups
    .slice(0, mostGroups)
    .map(
      (group) =>
        [group, [group.mean, group.bias, group.mae].map((one) => cellOf(one, showNumber, showNumber))] as const,
    );
  return tableOf(head, rows);
}

/** Each group in two lines: figures, and their 95 % intervals. */
function tableOf(head: readonly string[], rows: readonly (readonly [GroupFigures, readonly Cell[]])[]): string {
  // Columns of what the table's rows do not tell are left out.
  const kept = rows[0][1].map((_, i) => rows.some(([, cells]) => cells[i].value !== "–"));
  const body = rows.flatMap(([{ group, rows: count, isSmall }, cells]) => {
    const own = cells.filter((_, i) => kept[i]);
    return [
      [shortened(group, 22), `${count}${isSmall ? "*" : " "}`, ...own.map(({ value }) => value)],
      ["", "", ...own.map(({ range }) => colors.dim(range))],
    ];
  });
  const names = [...head.slice(0, 2), ...head.slice(2).filter((_, i) => kept[i])];
  return textTable([names.map((name) => colors.dim(name)), ...body]);
}

interface Cell {
  value: string;
  range: string;
}

function cellOf(
  figure: AuditFigure | undefined,
  show: (value: number) => string,
  end: (value: number) => string,
): Cell {
  if (!figure || figure.value === null) return { value: "–", range: "" };
  const { value, interval } = figure;
  return {
    value: show(value),
    range: interval ? `${end(interval.low)}–${end(interval.high)}` : "",
  };
}

/** Swaps and words beyond these are left to --json. */
const [mostSwaps, mostWords] = [8, 6];

export function swapsText(audit: SwapAudit): string {
  const { list, swaps, words, areShares } = audit;
  const parts = [`${colors.bold(`Words exchanged: ${shortened(list, 60)}.`)}\n${wrapped(swapLead(audit))}`];
  for (const [where, title] of [
    ["rows", "In the rows"],
    ["sentences", "In sentences around rows"],
  ] as const) {
    const own = swaps.filter((swap) => swap.where === where);
    const named = own.map((swap) => [`${shortened(swap.second, 16)}, not ${shortened(swap.first, 16)}`, swap] as const);
    if (own.length > 0) parts.push(movedTable(title, named, areShares, mostSwaps));
  }
  const named = words.map((one) => [shortened(one.word, 30), one] as const);
  if (words.length > 0) parts.push(movedTable("Single words", named, areShares, mostWords));
  return parts.join("\n\n");
}

/** Those that are more than chance first, in bold. */
function movedTable(
  title: string,
  named: readonly (readonly [string, GroupSwap | WordSwap])[],
  areShares: boolean,
  most: number,
): string {
  const sorted = [...named].sort(
    ([, a], [, b]) => Number(b.isShown) - Number(a.isShown) || a.probability - b.probability || b.texts - a.texts,
  );
  const show = (value: number) => (areShares ? points(value) : showNumber(value).replace("-", "−"));
  const rows = sorted.slice(0, most).map(([name, { texts, flips, column, shift, interval, probability, isShown }]) => {
    const cells = [
      name,
      String(texts),
      ...(flips ? [shares(flips.share)] : []),
      shortened(column, 10),
      show(shift),
      `${show(interval.low)} to ${show(interval.high)}`,
      probability < 0.001 ? "< 0.001" : probability.toFixed(3),
    ];
    return isShown ? cells.map((cell) => colors.bold(cell)) : cells;
  });
  const head = [title, "Texts", ...(named[0][1].flips ? ["Change"] : []), "", "Shift", "95 %", "p"];
  const more = named.length > most ? `\n… and ${named.length - most} more (--json)` : "";
  return textTable([head.map((cell) => colors.dim(cell)), ...rows]) + more;
}
