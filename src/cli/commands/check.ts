// columnist check: flags in, one workflow, findings out.

import { z } from "zod";
import { counted } from "../../base/counted.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { Finding, FindingExample } from "../../checks/index.js";
import { loweredTitle, showFigure } from "../../report/figure.js";
import type { LabelErrorsResult } from "../../workflows/check/label-errors.js";
import { checkOptionsSchema, labelErrorsOptionsSchema } from "../../workflows/check/options.js";
import type { CheckResult } from "../../workflows/check/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { shortened } from "../text-table.js";
import { wrapped } from "../wrapped.js";

const schema = z.object({
  ...checkOptionsSchema.shape,
  labelErrors: z.boolean().default(false).meta({ description: "find rows whose label is probably wrong, instead" }),
  ...labelErrorsOptionsSchema.shape,
});
/** Options of one of the two alone. */
const [ofCheck, ofLabelErrors] = [
  ["task", "separator", "test", "html"],
  ["folds", "out", "clean", "suggest", "safeCsv"],
] as const;

export const check = command({
  arguments: [["<table>", "CSV, TSV, JSON Lines, Parquet or DuckDB file, a pattern of them, or - for stdin"]],
  schema,
  example:
    "columnist check tickets.csv --text body --label team --test newer.csv\n" +
    "columnist check --label-errors tickets.csv --text body --label team --out odd.csv",
  async run([table], { labelErrors, ...options }, { watch }) {
    const wrong = (labelErrors ? ofCheck : ofLabelErrors).find((name) => options[name]);
    if (wrong !== undefined)
      throw new UserError(
        labelErrors
          ? `${option(wrong)} is not for ${option("labelErrors")}. Omit one of them.`
          : `${option(wrong)} is for wrong labels: add ${option("labelErrors")}, or omit it.`,
      );
    if (labelErrors) {
      const { findTableLabelErrors } = await import("../../workflows/check/label-errors.js");
      const result = await findTableLabelErrors(table, options, watch);
      return { document: result, text: labelErrorsText(result) };
    }
    const { checkTable } = await import("../../workflows/check/run.js");
    const result = await checkTable(table, options, watch);
    return { document: result, text: textOf(result) };
  },
});

const rowsShown = 10;
const pairsShown = 5;

const range = ({ least, most }: LabelErrorsResult["expected"]) => {
  const [low, high] = [Math.round(least), Math.round(most)];
  return low === high ? String(low) : `${low} to ${high}`;
};

function labelErrorsText({ rows, examined, suspicious, expected, pairs, out, clean }: LabelErrorsResult): string {
  const part = examined < rows ? ` (${examined} of them were examined)` : "";
  const lines = [
    "",
    wrapped(
      `${rows} rows${part}: ${counted(suspicious.length, "label looks", "labels look")} wrong, of which about ${range(expected)} are.`,
    ),
  ];
  if (suspicious.length > 0) lines.push("", suspicious.length > rowsShown ? "The most suspicious:" : "They are:");
  for (const { row, text, label, suggested } of suspicious.slice(0, rowsShown)) {
    lines.push(`row ${row}  ${colors.bold(shortened(label, 30))} → ${colors.bold(shortened(suggested, 30))}`);
    lines.push(colors.dim(`   ${shortened(text, 76)}`));
  }
  if (pairs.length > 0) lines.push("", "Most often:");
  for (const { label, suggested, rows: count } of pairs.slice(0, pairsShown))
    lines.push(`  ${shortened(label, 30)} → ${shortened(suggested, 30)}  ${count}`);
  if (out !== undefined)
    lines.push("", `Written: ${out}, ${counted(suspicious.length, "row")}, the most suspicious first.`);
  if (clean) {
    const how =
      clean.columns.length > 0
        ? `all rows; new column: ${clean.columns.join(", ")}`
        : `${clean.rows} rows without them`;
    lines.push("", `Written: ${clean.path}, ${how}.`);
  }
  if (out === undefined && clean === undefined && suspicious.length > 0)
    lines.push(
      "",
      wrapped("Next: read them (--out rows.csv writes them all, ranked), and correct those that are wrong."),
    );
  return lines.join("\n");
}

/** Labels that are told; --json tells all. */
const labelsShown = 8;

function textOf({ rows, withoutLabel, labels, findings, html }: CheckResult): string {
  const tables = [`${rows.training.toLocaleString("en")} training rows`];
  if (rows.test !== undefined) tables.push(`${rows.test.toLocaleString("en")} test rows`);
  const lines = ["", wrapped(`${tables.join(", ")}; ${labelsText(labels)}.`)];
  if (withoutLabel > 0) lines.push(`${counted(withoutLabel, "row")} without a label: not checked.`);
  lines.push("");
  if (findings.length === 0) return [...lines, colors.bold("Nothing to tell: no check found anything.")].join("\n");
  lines.push(
    colors.bold(findings.length === 1 ? "1 finding:" : `${findings.length} findings, what may cost most first:`),
  );
  for (const [i, finding] of findings.entries()) lines.push("", ...findingLines(i + 1, finding));
  if (html !== undefined) lines.push("", `Written: ${html}`);
  return lines.join("\n");
}

function labelsText(labels: CheckResult["labels"]): string {
  const some = labels.slice(0, labelsShown).map(({ label, rows }) => `${shortened(label, 30)} ${rows}`);
  const rest = labels.length - some.length;
  return `rows by label: ${some.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function findingLines(place: number, { kind, message, isEstimate, examples, effect, advice }: Finding): string[] {
  const head = `${place}. ${message[0].toUpperCase()}${message.slice(1)}${isEstimate ? " (estimated)" : ""}.`;
  const lines = [wrapped(head), colors.dim(`   ${kind}`)];
  for (const example of examples) lines.push(...exampleLines(example));
  if (effect) {
    const { title, isShare, how } = effect;
    const [before, after] = [effect.with, effect.without].map((value) => showFigure(value, isShare));
    const difference =
      effect.rows.with === effect.rows.without ? "" : ` (${effect.rows.with} and ${effect.rows.without} rows)`;
    lines.push(wrapped(`A quick linear model: ${loweredTitle(title)} ${before}, ${how} ${after}${difference}.`, 3));
  }
  lines.push(wrapped(`→ ${advice}.`, 3));
  return lines;
}

function exampleLines({ table, row, text, label, like }: FindingExample): string[] {
  const line = (where: string, said: string, own: string) => {
    const [place, name] = [`   ${where}  `, shortened(own, 18)];
    return colors.dim(`${place}${shortened(said, 74 - place.length - name.length)}  [${name}]`);
  };
  const rowOf = (one: { table: string; row: number }) => `${one.table === "test" ? "test " : ""}row ${one.row}`;
  const own = line(rowOf({ table, row }), text, label);
  return like ? [own, line(` = ${rowOf(like)}`, like.text, like.label)] : [own];
}
