// columnist explain: flags in, one workflow; words and their shares out.
import { counted } from "../../base/counted.js";
import { type DrivingTerm, type DrivingTerms, trustSentences } from "../../explain/index.js";
import { explainOptionsSchema } from "../../workflows/explain/options.js";
import type { TextExplanation } from "../../workflows/explain/run.js";
import type { TableExplanation } from "../../workflows/explain/table.js";
import colors, { wantsColors } from "../colors.js";
import { command } from "../command.js";
import { dataOutput } from "../terminal.js";
import { percent, shortened, textTable } from "../text-table.js";
import { wrapped } from "../wrapped.js";
import { printRows } from "./print-rows.js";

export const explain = command({
  arguments: [
    ["<model>", "model folder"],
    ["<input>", "a text, or a table of texts: a file, a pattern of them, or - for stdin"],
  ],
  schema: explainOptionsSchema,
  example:
    'columnist explain model "free entry, call now"\n' +
    "columnist explain model new-reviews.csv --out why.parquet --html why.html",
  async run([model, input], options, { watch, json }) {
    const { explainText, isTable } = await import("../../workflows/explain/run.js");
    if (!isTable(input)) {
      const result = await explainText(model, input, options, watch);
      return { document: { model, ...result }, text: textOf(result) };
    }
    const { explainTable } = await import("../../workflows/explain/table.js");
    const writesRows = options.out === undefined && !options.global;
    if (json && writesRows) {
      await printRows("rows", async (out) => {
        const { rows, out: _, ...result } = await explainTable(model, input, { ...options, out }, watch);
        return { model, rowCount: rows, ...result };
      });
      return undefined;
    }
    const result = await explainTable(model, input, options, watch, dataOutput());
    if (!writesRows) return { document: { model, ...result }, text: tableText(result) };
    watch.onMessage?.(tableText(result));
    return undefined;
  },
});

const wordsShown = 12;

function textOf({ explanation, how, unit, trust, change, nearest, html }: TextExplanation): string {
  const { answer, target, against, score, base, words, text, gap, steps } = explanation;
  const { probabilities, value } = answer as { probabilities?: Record<string, number>; value?: number };
  const head = against === undefined ? target : `${target} rather than ${against}`;
  const said = probabilities ? `, ${percent(probabilities[target])}` : value === undefined ? "" : ` ${value}`;
  const sum = base === undefined ? "" : `, ${shown(score)} = ${shown(base)} + the shares of the words`;
  const lines = ["", colors.bold(shortened(head + said, 80)), wrapped(`Shares of the ${unit}${sum}; by ${how}.`), ""];
  if (wantsColors(process.env, process.stdout.isTTY === true)) lines.push(coloured(text, words), "");
  const strongest = [...words].sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, wordsShown);
  const most = mostOf(strongest);
  lines.push(
    textTable([
      ["Word", "Share", " ".repeat(widestBar)],
      ...strongest.map(({ word, share }) => [shortened(word, 40), signed(share), bar(share / most)]),
    ]),
  );
  if (words.length > wordsShown) lines.push(colors.dim(`and ${words.length - wordsShown} more (--json has them all)`));
  if (gap !== undefined && Math.abs(gap) > 0.01)
    lines.push(
      "",
      wrapped(`With ${steps} points the shares miss ${percent(Math.abs(gap))} of what they should add up to.`),
    );
  if (change !== undefined) lines.push("", wrapped(changeText(change)));
  for (const [title, rows] of [
    ["Training rows most like it to the model:", nearest?.for],
    ["With another label:", nearest?.against],
  ] as const)
    if (rows && rows.length > 0)
      lines.push(
        "",
        title,
        ...rows.map(
          (row) =>
            `  ${row.similarity.toFixed(3)}  ${colors.bold(shortened(row.label, 16))}  ${shortened(row.text, 50)}`,
        ),
      );
  if (trust) lines.push("", ...trustSentences(trust).map((sentence) => wrapped(sentence)));
  if (html !== undefined) lines.push("", `Written: ${html}`);
  return lines.join("\n");
}

function changeText(change: TextExplanation["change"]): string {
  if (!change) return "No few words whose absence turns the answer were found.";
  const { label, labels } = change.answer as { label?: string; labels?: string[] };
  const words = change.words.map(({ word }) => `'${word}'`).join(", ");
  return `Without ${words} the answer is ${label ?? (labels?.join(", ") || "no label")}.`;
}

const shown = (value: number) => value.toFixed(2).replace("-", "−");
const signed = (share: number) => `${share < 0 ? "−" : "+"}${Math.abs(share).toFixed(3)}`;
const mostOf = (words: readonly { share: number }[]) =>
  words.reduce((largest, { share }) => Math.max(largest, Math.abs(share)), Number.MIN_VALUE);

const widestBar = 20;
/** Filled where a word speaks for the answer. */
const bar = (part: number) => (part < 0 ? "░" : "█").repeat(Math.round(Math.abs(part) * widestBar)).padEnd(widestBar);

function coloured(text: string, words: TextExplanation["explanation"]["words"]): string {
  const most = mostOf(words);
  let [line, at] = ["", 0];
  for (const { start, end, share } of words) {
    line += text.slice(at, start) + colors.share(text.slice(start, end), share / most);
    at = end;
  }
  return line + text.slice(at);
}

function tableText({ rows, withoutText, cut, columns, out, how, global, trust, html }: TableExplanation): string {
  const lines = [wrapped(`${counted(rows, "row")} explained by ${how}.`)];
  if (out !== undefined) lines.push(`Written: ${out}; new columns: ${columns.join(", ")}`);
  if (withoutText > 0) lines.push(`${counted(withoutText, "row")} without text: not explained.`);
  if (cut > 0)
    lines.push(
      wrapped(`${counted(cut, "text is", "texts are")} longer than the model reads: what it read is explained.`),
    );
  for (const one of global ?? []) lines.push("", drivingText(one));
  if (trust) lines.push("", ...trustSentences(trust).map((sentence) => wrapped(sentence)));
  if (html !== undefined) lines.push("", `Written: ${html}`);
  return lines.join("\n");
}

const termsShown = 8;

function drivingText({ target, rows, for: speaking, against }: DrivingTerms): string {
  const line = ({ term, mean, interval, rows: own }: DrivingTerm) => [
    shortened(term, 30),
    signed(mean),
    `${signed(interval.low)} to ${signed(interval.high)}`,
    String(own),
  ];
  return textTable([
    [colors.bold(shortened(`${target} (${counted(rows, "row")})`, 30)), "Mean share", "95 % interval", "Rows"],
    ...speaking.slice(0, termsShown).map(line),
    ...against.slice(0, termsShown / 2).map(line),
  ]);
}
