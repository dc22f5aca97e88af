// columnist score: flags in, one workflow; the rows go to a file or to stdout.

import { counted } from "../../base/counted.js";
import { scoreOptionsSchema } from "../../workflows/score/options.js";
import type { ScoreResult } from "../../workflows/score/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { dataOutput } from "../terminal.js";
import { shortened, textTable } from "../text-table.js";
import { printRows } from "./print-rows.js";

export const score = command({
  arguments: [
    ["<lm>", "language model: a folder, or a .gguf file"],
    ["<table>", "table with the text columns, or - for stdin"],
  ],
  schema: scoreOptionsSchema,
  example: "columnist score lm reviews.csv --text review --out scored.parquet",
  async run([lm, table], options, { watch, json }) {
    const { scoreRows } = await import("../../workflows/score/run.js");
    const write = async (out: string | undefined) => {
      const result = await scoreRows(lm, table, { ...options, out }, watch, dataOutput());
      if (result.withoutText > 0)
        watch.onMessage?.(
          `${result.withoutText} of ${counted(result.rows, "row")} ${result.withoutText === 1 ? "has no text: its scores are" : "have no text: their scores are"} empty.`,
        );
      return result;
    };
    if (json && options.out === undefined) {
      await printRows("scores", async (out) => {
        const { out: _, ...head } = await write(out);
        return { model: lm, ...head };
      });
      return undefined;
    }
    const result = await write(options.out);
    return result.out === undefined ? undefined : { document: { model: lm, ...result }, text: textOf(result) };
  },
});

function textOf({ rows, columns, out, oddest }: ScoreResult): string {
  const lines = [`${counted(rows, "row")} written to ${out}; new columns: ${columns.join(", ")}`];
  if (oddest.length > 0)
    lines.push(
      "",
      textTable([
        ["Most surprising rows", "Row", "Bits per byte"].map((name) => colors.dim(name)),
        ...oddest.map(({ row, bitsPerByte, text }) => [shortened(text, 50), String(row), bitsPerByte.toFixed(2)]),
      ]),
    );
  return lines.join("\n");
}
