// From labelled texts to training, validation and held-out rows that share no text. Knows no files, no model and no task.
import { createHash } from "node:crypto";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { mixSeed } from "../base/random.js";
import { takeTargets } from "../networks/index.js";
import { stratifiedSplit } from "../tables/index.js";
import type { TrainingRows } from "./families/family.js";
import { type LabelledTable, type LabelValue, rowsOf } from "./read-labelled.js";
import type { Task, TaskOptions } from "./task.js";
import { textKey } from "./training-texts.js";

export interface SplitRows extends TrainingRows {
  space: unknown;
  /** As they are spelt, of the training and of the validation rows. */
  labels: { training: LabelValue[]; validation: LabelValue[] };
  heldOut: { texts: string[]; labels: LabelValue[]; source: string };
  /** Training rows that were left out because the test table has the same text. */
  sharedWithTest: number;
  warnings: string[];
}

const heldOutShare = 0.2;
const mostHeldOut = 5000;
const mostValidation = 5000;

/**
 * Held out are the rows of `test`, or else a fifth of `table`, at most 5,000 rows; for validation goes a tenth of the
 * rest (a fifth of fewer than 2,000 rows), at most 5,000. Both have their share of each of the task's strata. Texts count as
 * the same when they differ only in case and spaces; rows with the same text stay together. `seed` draws the rows, and
 * nothing else does.
 *
 * @throws UserError when there are too few rows or labels to learn and to measure, or too many labels
 */
export function splitRows(
  task: Task,
  table: LabelledTable,
  test: LabelledTable | undefined,
  seed: number,
  options: TaskOptions,
): SplitRows {
  const warnings: string[] = [];
  const keys = table.texts.map(textKey);
  const testKeys = new Set(test?.texts.map(textKey));
  let rows = [...table.texts.keys()].filter((row) => !testKeys.has(keys[row]));
  const sharedWithTest = table.texts.length - rows.length;
  if (test && sharedWithTest > 0) {
    if (rows.length === 0)
      throw new UserError(
        `Every text of ${table.source} is also in ${test.source}. A test table needs different rows: use another ` +
          `one, or omit ${option("test")}.`,
      );
    warnings.push(`${rowsOf(sharedWithTest)} with a text that is also in ${test.source} left out of training.`);
  }
  const { space, warnings: planned } = task.plan(table, rows, options);
  warnings.push(...planned);
  const targets = task.targets(table.labels, space);
  const strata = task.strata(targets, space);
  const split = (share: number, part: number) => {
    const found = splitSome(
      rows.map((row) => strata[row]),
      share,
      mixSeed(seed, part),
      rows.map((row) => keys[row]),
    );
    const taken = [...found.part].map((i) => rows[i]);
    rows = [...found.rest].map((i) => rows[i]);
    return taken;
  };
  const textsOf = (chosen: readonly number[]) => chosen.map((row) => table.texts[row]);
  const labelsOf = (chosen: readonly number[]) => chosen.map((row) => table.labels[row]);

  let heldOut: SplitRows["heldOut"];
  if (test) {
    heldOut = { texts: test.texts, labels: test.labels, source: test.source };
    warnings.push(...task.unknownLabels(test.labels, space, test.source));
  } else {
    const taken = split(Math.min(heldOutShare, mostHeldOut / rows.length), 1);
    if (taken.length === 0) throw tooFew(table, "measure on");
    const share = `${Math.round((100 * taken.length) / (taken.length + rows.length))} %`;
    const source = `${share} of the rows of ${table.source}, drawn with split seed ${seed}`;
    heldOut = { texts: textsOf(taken), labels: labelsOf(taken), source };
  }
  const validation = split(Math.min(rows.length < 2000 ? 0.2 : 0.1, mostValidation / rows.length), 2);
  if (validation.length === 0) throw tooFew(table, "choose the model by");
  const training = takeTargets(targets, rows);
  return {
    space,
    head: task.head(space, training),
    training: { texts: textsOf(rows), targets: training },
    validation: { texts: textsOf(validation), targets: takeTargets(targets, validation) },
    labels: { training: labelsOf(rows), validation: labelsOf(validation) },
    heldOut,
    sharedWithTest,
    warnings,
  };
}

/** SHA-256 of the texts and labels of the training and validation rows, in their order. */
export function fingerprintOf({ training, validation, labels }: SplitRows): string {
  const hash = createHash("sha256");
  for (const [{ texts }, own] of [
    [training, labels.training],
    [validation, labels.validation],
  ] as const)
    for (const [row, text] of texts.entries()) hash.update(`${JSON.stringify([text, own[row]])}\n`);
  return hash.digest("hex");
}

/** Small tables give up a larger share before they give up. */
function splitSome(strata: number[], share: number, seed: number, keys: string[]) {
  for (const larger of [share, 0.3, 0.5]) {
    const found = stratifiedSplit(strata, Math.max(share, larger), seed, keys);
    if (found.part.length > 0) return found;
  }
  return stratifiedSplit(strata, share, seed, keys);
}

function tooFew(table: LabelledTable, use: string): UserError {
  return new UserError(
    `${table.source} has ${rowsOf(table.texts.length)} with text and label, too few to hold some out to ${use}. ` +
      "Every label needs at least three rows with different texts.",
  );
}
