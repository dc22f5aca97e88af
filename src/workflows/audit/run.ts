// Whether a model treats groups alike. Knows no task.
import { availableParallelism } from "node:os";
import {
  type AuditPage,
  auditByGroups,
  auditBySwaps,
  type ColumnAudit,
  divideRows,
  renderAudit,
  type SwapAudit,
  swapLists,
} from "../../audit/index.js";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option, spellOptions } from "../../base/option.js";
import { checkParent, writeFault } from "../../base/outputs.js";
import { filePlaceOf } from "../../base/place.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { checkOutputs } from "../../tables/index.js";
import { openTextModel } from "../../tasks/index.js";
import { seenRows } from "../../tasks/seen-rows.js";
import { withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type AuditOptions, type AuditSettings, auditOptionsSchema } from "./options.js";
import { readAnswers } from "./read-answers.js";
import { swapListsOf, textSwapModel } from "./swaps.js";

export interface AuditResult extends AuditPage {
  task: string;
  /** With `group`: each column, then every two of them together. */
  columns?: ColumnAudit[];
  /** With `swap`. */
  swaps?: SwapAudit[];
  warnings: string[];
  out?: string;
}

/**
 * Compares groups of rows: how often labels are predicted for them, how often that is wrong, and whether gaps are more than chance.
 *
 * @throws UserError for a wrong folder, table, column or label; CancelledError after an abort
 * @example
 * const { columns } = await auditModel("model", "applications.csv", { group: ["gender"] });
 * columns[0].gaps.filter(({ isShown }) => isShown);
 */
export async function auditModel(
  name: string,
  path: string,
  options: AuditOptions = {},
  watch: WorkflowWatch = {},
): Promise<AuditResult> {
  const settings = auditOptionsSchema.parse(options);
  const { out } = settings;
  await checkOutputs({ inputs: [name, path], outputs: [out] });
  if (out !== undefined) checkParent(out);
  const found = await auditTextModel(name, path, settings, watch);
  const result = { ...found, ...(out !== undefined && { out }) };
  if (out !== undefined)
    try {
      writeFileWhole(filePlaceOf(out), renderAudit(result));
    } catch (error) {
      throw writeFault(error, out);
    }
  return result;
}

async function auditTextModel(
  folder: string,
  path: string,
  settings: AuditSettings,
  watch: WorkflowWatch,
): Promise<AuditResult> {
  const { group, seed, table, query } = settings;
  if (group.length === 0 && settings.swap.length === 0)
    throw new UserError(
      `There is nothing to compare. Name a column of groups with ${option("group")}, or words to exchange with ${option("swap")} ` +
        `(${Object.keys(swapLists).join(", ")}).`,
    );
  const lists = await swapListsOf(settings.swap, watch);
  const threads = settings.threads ?? availableParallelism();
  const open = await openTextModel(folder, { threads });
  try {
    const { task, taskName, space, facts } = open;
    const text = textColumnsOf(settings.text, facts, path);
    const read = await withTable({ path, table, query }, watch, (opened) => {
      if (settings.text === undefined) checkModelColumns(opened, text);
      return readAnswers(open, opened, path, text, settings, watch);
    });
    const seen = seenRows(folder);
    seen?.look(read.texts);
    const known = seen?.message();
    if (known) read.warnings.unshift(`${known} Its errors are fewer than they would be on new rows.`);
    const warnings = read.warnings.map((warning) => spellOptions(warning, watch.spellOption));
    for (const warning of warnings) watch.onMessage?.(warning);
    watch.onProgress?.({ stage: "comparing groups", done: 0, total: 1 });
    const columns = group.length > 0 ? auditByGroups(divideRows(read.columns), read.answers, seed) : undefined;
    const swapped = textSwapModel(open, read.answers, settings.positive, watch);
    const swaps: SwapAudit[] = [];
    for (const list of lists) swaps.push(await auditBySwaps(list, read.texts, swapped, seed));
    return {
      model: folder,
      task: taskName,
      output: task.describe(facts.labelColumn, space),
      source: path === "-" ? "standard input" : path,
      rows: read.texts.length,
      ...(columns && { columns }),
      ...(swaps.length > 0 && { swaps }),
      warnings,
    };
  } finally {
    await open.model.close();
  }
}
