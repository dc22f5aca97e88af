// The folder of a trained classifier: model, results and report, written whole or not at all.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeFault } from "../../base/outputs.js";
import { packageVersion } from "../../base/package-version.js";
import { type OwnFacts, writeFolder } from "../../folders/index.js";
import { type ModelFiles, writeModelFiles } from "../../folders/model-files.js";
import type { Comparison } from "./comparison.js";
import type { Mistake } from "./mistakes.js";
import { renderReport } from "./report/render-report.js";
import { writeTrainingTexts } from "./training-texts.js";

export interface ModelReport {
  comparison: Comparison;
  mistakes: readonly Mistake[];
  labelCounts: readonly { label: string; rows: number }[];
}

/** @param origin see originOf @param seen the texts that the model was trained on and chosen by */
export async function writeClassifier(
  folder: string,
  facts: Omit<OwnFacts<"text-classifier">, "model">,
  files: ModelFiles,
  report: ModelReport,
  { origin, seen }: { origin: string | undefined; seen: readonly string[] },
): Promise<void> {
  const page = renderReport({
    title: `${facts.labelColumn} from ${facts.textColumns.join(" and ")}`,
    source: facts.data.source,
    ...report,
    settings: [
      ["Family", facts.family],
      ["Parameters", facts.parameters.toLocaleString("en")],
      ["Seed", String(facts.options.seed)],
      ["Split seed", String(facts.options.splitSeed ?? facts.options.seed)],
      ["Text columns", facts.textColumns.join(", ")],
      ["Label column", facts.labelColumn],
      ["Data fingerprint", facts.data.fingerprint],
      ["Columnist", packageVersion()],
    ],
  });
  const fill = (aside: string) => {
    writeModelFiles(aside, files);
    writeTrainingTexts(aside, seen);
    writeFileSync(join(aside, "metrics.json"), `${JSON.stringify(report.comparison, null, 2)}\n`);
    writeFileSync(join(aside, "report.html"), page);
  };
  try {
    await writeFolder(folder, "text-classifier", { ...facts, model: files.config }, fill, { origin });
  } catch (error) {
    throw writeFault(error, folder);
  }
}
