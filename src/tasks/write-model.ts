// The folder of a trained model: model, results and report, written whole or not at all.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeFault } from "../base/outputs.js";
import { packageVersion } from "../base/package-version.js";
import { type ModelFiles, type OwnFacts, writeFolder, writeModelFiles } from "../folders/index.js";
import { renderModelPage } from "../report/model-page.js";
import type { Comparison } from "./comparison.js";
import { type OutOfFoldAnswers, writeOutOfFold } from "./out-of-fold.js";
import { type PartTexts, writeRowParts } from "./row-parts.js";
import type { ReportSections } from "./task.js";
import { writeTrainingTexts } from "./training-texts.js";

/** @param origin see originOf @param parts texts of the rows of each part @param outOfFold of training and validation rows */
export async function writeModel(
  folder: string,
  facts: Omit<OwnFacts<"text-model">, "model">,
  files: ModelFiles,
  comparison: Comparison,
  sections: ReportSections,
  { origin, parts, outOfFold }: { origin: string | undefined; parts: PartTexts; outOfFold?: OutOfFoldAnswers },
): Promise<void> {
  const page = renderModelPage({
    title: `${facts.labelColumn} from ${facts.textColumns.join(" and ")}`,
    source: facts.data.source,
    ...comparison,
    ...sections,
    settings: [
      ["Family", facts.family],
      ["Parameters", facts.parameters.toLocaleString("en")],
      ["Seed", String(facts.options.seed)],
      ["Split seed", String(facts.options.splitSeed)],
      ["Text columns", facts.textColumns.join(", ")],
      ["Label column", facts.labelColumn],
      ["Data fingerprint", facts.data.fingerprint],
      ["Columnist", packageVersion()],
    ],
  });
  const fill = (aside: string) => {
    writeModelFiles(aside, files);
    writeTrainingTexts(aside, [...parts.training, ...parts.validation]);
    writeRowParts(aside, parts);
    if (outOfFold) writeOutOfFold(aside, outOfFold);
    writeFileSync(join(aside, "metrics.json"), `${JSON.stringify(comparison, null, 2)}\n`);
    writeFileSync(join(aside, "report.html"), page);
  };
  try {
    await writeFolder(folder, "text-model", { ...facts, model: files.config }, fill, { origin });
  } catch (error) {
    throw writeFault(error, folder);
  }
}
