// Rows to learn from with exchanged words; held-out rows stay as they are.
import { augmented, type SwapList } from "../../audit/index.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { takeTargets } from "../../networks/index.js";
import { type LabelValue, type SplitRows, textKey } from "../../tasks/index.js";
import { swapListsOf } from "../audit/swap-lists.js";

/**
 * Training and validation rows, which some families learn in the end. A version that is a text of a later part is left out, so parts
 * share no text.
 *
 * @param names of lists, or files
 * @returns the rows, and what to know of them
 * @throws UserError for a name that is neither a list nor a file
 */
export async function augmentRows(
  rows: SplitRows,
  names: readonly string[],
  seed: number,
  watch: WorkflowWatch,
): Promise<{ rows: SplitRows; warnings: string[] }> {
  let found = rows;
  const warnings: string[] = [];
  for (const list of await swapListsOf(names, watch, "augmentSwaps")) {
    const heldOut = new Set(rows.heldOut.texts.map(textKey));
    const validation = versionsOf(list, found.validation, found.labels.validation, seed, heldOut);
    const later = new Set([...heldOut, ...found.validation.texts.map(textKey), ...validation.part.texts.map(textKey)]);
    const training = versionsOf(list, found.training, found.labels.training, seed, later);
    const changed = training.changed + validation.changed;
    if (changed === 0)
      warnings.push(`No training row has a word of '${list.name}': ${option("augmentSwaps")} changes nothing.`);
    else
      watch.onMessage?.(`${changed} rows to learn from have words of '${list.name}': each is learned in two versions.`);
    found = {
      ...found,
      training: training.part,
      validation: validation.part,
      labels: { training: training.labels, validation: validation.labels },
    };
  }
  return { rows: found, warnings };
}

/** @param taken keys of texts that no version may have */
function versionsOf(
  list: SwapList,
  { texts, targets }: SplitRows["training"],
  labels: readonly LabelValue[],
  seed: number,
  taken: ReadonlySet<string>,
) {
  const all = augmented(list, texts, seed);
  const kept = [...all.rows.keys()].filter(
    (i) => all.texts[i] === texts[all.rows[i]] || !taken.has(textKey(all.texts[i])),
  );
  const rows = kept.map((i) => all.rows[i]);
  return {
    part: { texts: kept.map((i) => all.texts[i]), targets: takeTargets(targets, rows) },
    labels: rows.map((row) => labels[row]),
    changed: all.rows.length - texts.length,
  };
}
