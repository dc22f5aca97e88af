// The checks of a table: one table of them, in the order in which findings are told.
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";
import type { Check } from "./check.js";
import { type CheckedTables, checkedRows } from "./checked-rows.js";
import { similarLabels, smallClasses, unseenLabels } from "./class-counts.js";
import { conflictingLabels } from "./conflicting-labels.js";
import { differentTest } from "./different-test.js";
import { duplicates } from "./duplicates.js";
import type { Finding, FindingKind } from "./finding.js";
import { giveawayColumn } from "./giveaway-column.js";
import { giveawayPhrase } from "./giveaway-phrase.js";
import { identifiers } from "./identifiers.js";
import { labelInText } from "./label-in-text.js";
import { languageMix } from "./language-mix.js";
import { orderedRows } from "./ordered-rows.js";
import { brokenCharacters, emptyTexts, longTexts, machineMadeTexts } from "./text-kinds.js";
import { trainTestDuplicates } from "./train-test-duplicates.js";

const checks: Record<Exclude<FindingKind, "unusable-labels">, Check> = {
  "train-test-duplicates": trainTestDuplicates,
  "giveaway-column": giveawayColumn,
  "giveaway-phrase": giveawayPhrase,
  "label-in-text": labelInText,
  identifiers,
  duplicates,
  "conflicting-labels": conflictingLabels,
  "different-test": differentTest,
  "unseen-labels": unseenLabels,
  "ordered-rows": orderedRows,
  "similar-labels": similarLabels,
  "small-classes": smallClasses,
  "language-mix": languageMix,
  "machine-made-texts": machineMadeTexts,
  "broken-characters": brokenCharacters,
  "empty-texts": emptyTexts,
  "long-texts": longTexts,
};

/**
 * What is wrong or worth knowing of a table, what may cost most first.
 *
 * @throws CancelledError after an abort
 * @example
 * const findings = await findProblems(tables);
 */
export async function findProblems(tables: CheckedTables, watch: Watch = {}): Promise<Finding[]> {
  const rows = checkedRows(tables, watch);
  const findings: Finding[] = [];
  for (const { kind, run } of Object.values(checks)) {
    if (watch.signal?.aborted) throw new CancelledError("Stopped before all rows were checked.");
    for (const facts of await run(rows)) findings.push({ kind, ...facts });
  }
  return findings;
}
