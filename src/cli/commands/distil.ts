// columnist distil: flags in, one of two workflows: static vectors of an encoder, or a small model of a large one.
import { z } from "zod";
import { counted } from "../../base/counted.js";
import { UserError } from "../../base/errors.js";
import { shellWord } from "../../base/shell-word.js";
import { showBytes } from "../../base/show-bytes.js";
import { showFigure, showInterval } from "../../report/figure.js";
import { distilOptionsSchema } from "../../workflows/distil/options.js";
import type { DistilResult } from "../../workflows/distil/run.js";
import type { ModelCost, StudentResult } from "../../workflows/distil/student.js";
import { studentNames, studentOptionsSchema } from "../../workflows/distil/student-options.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { duration } from "../duration.js";
import { textTable } from "../text-table.js";
import { wrapped } from "../wrapped.js";

const { to, test, seed } = studentOptionsSchema.shape;

export const distil = command({
  arguments: [
    ["<model>", "pretrained encoder (folder or id), or a model folder of columnist train"],
    ["[table]", "texts: of an encoder, to count words in; of a model, to answer and learn"],
  ],
  schema: distilOptionsSchema.extend({
    to: z
      .enum(["vectors", ...studentNames])
      .default("vectors")
      .meta({ ...to.meta(), description: "static vectors of an encoder, or the family of a small model" }),
    test,
    seed,
    out: z.string().min(1).optional().meta({
      description: "output folder (default: vectors, or student)",
      value: "folder",
      expects: "a folder",
    }),
  }),
  example:
    "columnist distil sentence-transformers/all-MiniLM-L6-v2 --out vectors\n" +
    "columnist distil model texts.csv --to linear --test labelled.csv",
  async run([model, table], { to, test, seed, dimensions, text, ...options }, { watch }) {
    if (to === "vectors") {
      if (test !== undefined)
        throw new UserError("--test is for small models of a model folder: add --to linear, or omit --test.");
      const { distilVectors } = await import("../../workflows/distil/run.js");
      const result = await distilVectors(model, table, { ...options, text, dimensions }, watch);
      return { document: result, text: vectorsText(result) };
    }
    if (table === undefined)
      throw new UserError(
        `--to ${to} needs a table of texts behind the model, which it answers and the small one learns.`,
      );
    const { distilModel } = await import("../../workflows/distil/student.js");
    const named = text.length > 0 ? text : undefined;
    const result = await distilModel(model, table, { ...options, text: named, to, test, seed }, watch);
    return { document: result, text: studentText(result) };
  },
});

function vectorsText({ out, tokens, dim, texts, seconds }: DistilResult): string {
  const by = texts > 0 ? `weighted by ${counted(texts, "text")}` : "weighted by Zipf's law";
  return [
    `${colors.bold(`Vectors of ${dim} dimensions`)} for ${counted(tokens, "token")}, ${by}, in ${duration(seconds)}.`,
    `Written: ${out}`,
    "",
    `Next: columnist embed <table> --text <column> --with ${shellWord(out)} --out vectors.parquet`,
  ].join("\n");
}

function studentText({ folder, teacher, family, rows, agreement, costs, compared }: StudentResult): string {
  const [first] = agreement;
  const interval = first.interval ? ` (${showInterval(first.interval, first.isShare)})` : "";
  const row = (name: string, { parameters, bytes, rowsPerSecond }: ModelCost) => [
    name,
    parameters.toLocaleString("en"),
    showBytes(bytes),
    Math.round(rowsPerSecond).toLocaleString("en"),
  ];
  const head = ["Model", "Parameters", "Folder", "Rows/s"].map((name) => colors.dim(name));
  const lines = [
    "",
    wrapped(
      `${colors.bold(family)} learned what ${teacher} answers for ${counted(rows.training + rows.validation, "text")}. On ` +
        `${counted(rows.heldOut, "other text")}, with those answers as the truth: ${first.title} ` +
        `${showFigure(first.value, first.isShare)}${interval}.`,
    ),
    "",
    textTable([head, row(teacher, costs.teacher), row(folder, costs.student)]),
  ];
  if (compared) for (const { sentence } of compared.pairs) lines.push("", wrapped(sentence));
  lines.push("", `Written: ${folder}`, `Next: columnist predict ${shellWord(folder)} new-rows.csv --out answers.csv`);
  return lines.join("\n");
}
