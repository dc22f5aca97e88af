// columnist audit: flags in, one workflow, figures and sentences out.
import { sentenceOf } from "../../audit/index.js";
import { auditOptionsSchema } from "../../workflows/audit/options.js";
import type { AuditResult } from "../../workflows/audit/run.js";
import { associationsText, pronounsText, stereotypesText } from "../audit-sentences.js";
import { columnsText, swapsText } from "../audit-tables.js";
import { command } from "../command.js";

export const audit = command({
  arguments: [
    ["<model>", "text model, language model, encoder or word vectors"],
    ["[table]", "rows to look at; with true labels, errors are compared too"],
  ],
  schema: auditOptionsSchema,
  example:
    "columnist audit model applications.csv --group gender --out audit.html\n" +
    "columnist audit model applications.csv --swap names\n" +
    "columnist audit vectors",
  async run([model, table], options, { watch }) {
    const { auditModel } = await import("../../workflows/audit/run.js");
    const result = await auditModel(model, table, options, watch);
    const columns = result.columns?.map(({ gaps, ...column }) => ({
      ...column,
      gaps: gaps.map((gap) => ({ ...gap, sentence: sentenceOf(column.column, gap) })),
    }));
    return { document: { ...result, columns }, text: textOf(result) };
  },
});

function textOf({ columns, swaps = [], associations, stereotypes, pronouns, out }: AuditResult): string {
  const parts = [
    ...(columns ? [columnsText(columns)] : []),
    ...swaps.map(swapsText),
    ...(associations ? [associationsText(associations)] : []),
    ...(stereotypes ? [stereotypesText(stereotypes)] : []),
    ...(pronouns ? [pronounsText(pronouns)] : []),
  ];
  if (out !== undefined) parts.push(`Written: ${out}`);
  return `\n${parts.join("\n\n")}`;
}
