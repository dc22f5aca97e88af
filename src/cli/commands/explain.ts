// columnist explain: flags in, one workflow; words and their shares out.
import { counted } from "../../base/counted.js";
import type { WordShare } from "../../explain/index.js";
import { explainOptionsSchema } from "../../workflows/explain/options.js";
import type { TableExplanation, TextExplanation } from "../../workflows/explain/run.js";
import colors, { wantsColors } from "../colors.js";
import { command } from "../command.js";
import { dataOutput } from "../terminal.js";
import { percent, shortened, textTable } from "../text-table.js";
import { wrapped } from "../wrapped.js";

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
    const { explainTable, explainText, isTable } = await import("../../workflows/explain/run.js");
    if (!isTable(input)) {
      const result = await explainText(model, input, options, watch);
      return { document: { model, ...result }, text: textOf(result) };
    }
    const result = await explainTable(model, input, options, watch, dataOutput());
    const said = summaryOf(result);
    if (result.out === undefined && !json) {
      watch.onMessage?.(said);
      return undefined;
    }
    return { document: { model, ...result }, text: said };
  },
});

const wordsShown = 12;

function textOf({ explanation, how, unit, html }: TextExplanation): string {
  const { answer, target, against, score, base, words, text, gap } = explanation;
  const { probability } = answer as { probability?: number };
  const probabilities = (answer as { probabilities?: Record<string, number> }).probabilities;
  const sure = probabilities?.[target] ?? probability;
  const head = against === undefined ? target : `${target} rather than ${against}`;
  const lines = ["", colors.bold(sure === undefined ? head : `${head}, ${percent(sure)}`)];
  const sum = base === undefined ? "" : ` = ${base.toFixed(2)} + the shares of the words`;
  lines.push(wrapped(`Shares of the ${unit}: ${score.toFixed(2)}${sum}; by ${how}.`), "");
  if (wantsColors(process.env, process.stdout.isTTY === true)) lines.push(colouredText(text, words), "");
  const strongest = [...words].sort((a, b) => Math.abs(b.share) - Math.abs(a.share)).slice(0, wordsShown);
  const most = Math.max(...strongest.map(({ share }) => Math.abs(share)), Number.MIN_VALUE);
  lines.push(
    textTable([
      ["Word", "Share", ""],
      ...strongest.map(({ word, share }) => [shortened(word, 40), signed(share), bar(share / most)]),
    ]),
  );
  if (words.length > wordsShown) lines.push(colors.dim(`and ${words.length - wordsShown} more (--json has them all)`));
  if (gap !== undefined && Math.abs(gap) > 0.01)
    lines.push("", `The shares miss ${percent(Math.abs(gap))} of the difference that they should add up to.`);
  if (html !== undefined) lines.push("", `Written: ${html}`);
  return lines.join("\n");
}

const signed = (share: number) => `${share < 0 ? "−" : "+"}${Math.abs(share).toFixed(3)}`;

const widestBar = 20;
/** To the left of its end where it speaks against. */
function bar(part: number): string {
  const length = Math.round(Math.abs(part) * widestBar);
  return (part < 0 ? "░" : "█").repeat(length).padEnd(widestBar);
}

function colouredText(text: string, words: readonly WordShare[]): string {
  const most = Math.max(...words.map(({ share }) => Math.abs(share)), Number.MIN_VALUE);
  let [line, at] = ["", 0];
  for (const { start, end, share } of words) {
    line += text.slice(at, start) + colors.share(text.slice(start, end), share / most);
    at = end;
  }
  return line + text.slice(at);
}

function summaryOf({ rows, withoutText, cut, columns, out, how, html }: TableExplanation): string {
  const lines = [
    `${counted(rows, "row")} explained by ${how}; new columns: ${columns.join(", ")}${out === undefined ? "" : ` in ${out}`}`,
  ];
  if (withoutText > 0) lines.push(`${counted(withoutText, "row")} without text: not explained.`);
  if (cut > 0)
    lines.push(`${counted(cut, "text is", "texts are")} longer than the model reads: what it read is explained.`);
  if (html !== undefined) lines.push(`Written: ${html}`);
  return lines.join("\n");
}
