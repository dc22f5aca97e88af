// Whether a model treats groups alike. Knows no task.
import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import {
  type AssociationAudit,
  type AuditPage,
  auditByGroups,
  auditBySwaps,
  type ColumnAudit,
  divideRows,
  type PronounAudit,
  renderAudit,
  type StereotypeScore,
  type SwapAudit,
  swapLists,
} from "../../audit/index.js";
import { writeFileWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option, spellOptions } from "../../base/option.js";
import { checkParent, writeFault } from "../../base/outputs.js";
import { filePlaceOf } from "../../base/place.js";
import { shellWord } from "../../base/shell-word.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { openFolder, tellFolder } from "../../folders/index.js";
import { writesTexts } from "../../networks/hugging-face/folder.js";
import { isStaticFolder } from "../../networks/hugging-face/static-vectors.js";
import { checkOutputs } from "../../tables/index.js";
import { openTextModel } from "../../tasks/index.js";
import { pretrainedPath } from "../../tasks/language/index.js";
import { seenRows } from "../../tasks/seen-rows.js";
import { withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import { type AuditOptions, type AuditSettings, auditOptionsSchema } from "./options.js";
import { readAnswers } from "./read-answers.js";
import { swapListsOf } from "./swap-lists.js";
import { textSwapModel } from "./swaps.js";

export interface AuditResult extends AuditPage {
  task: string;
  /** With `group`: each column, then every two of them together. */
  columns?: ColumnAudit[];
  /** With `swap`. */
  swaps?: SwapAudit[];
  /** Of vectors. */
  associations?: AssociationAudit;
  /** Of a language model and a table of pairs of sentences, as CrowS-Pairs. */
  stereotypes?: StereotypeScore[];
  /** Of a language model and sentences that differ in their pronoun, as Winogender. */
  pronouns?: PronounAudit;
  warnings: string[];
  out?: string;
}

/**
 * Of a text model, compares groups of rows, and answers when words for groups are exchanged; of a language model, how probable it
 * holds sentences of a table; of vectors, associations of words, for which no table is needed.
 *
 * @throws UserError for a wrong folder, table, column or label; CancelledError after an abort
 * @example
 * const { columns } = await auditModel("model", "applications.csv", { group: ["gender"] });
 * columns[0].gaps.filter(({ isShown }) => isShown);
 */
export async function auditModel(
  name: string,
  path?: string,
  options: AuditOptions = {},
  watch: WorkflowWatch = {},
): Promise<AuditResult> {
  const settings = auditOptionsSchema.parse(options);
  const { out } = settings;
  await checkOutputs({ inputs: [name, path], outputs: [out] });
  if (out !== undefined) checkParent(out);
  const found = await audited(name, path, settings, watch);
  const result = { ...found, ...(out !== undefined && { out }) };
  if (out !== undefined)
    try {
      writeFileWhole(filePlaceOf(out), renderAudit(result));
    } catch (error) {
      throw writeFault(error, out);
    }
  return result;
}

/** @throws UserError where the model needs a table, or takes no such option */
async function audited(
  name: string,
  path: string | undefined,
  settings: AuditSettings,
  watch: WorkflowWatch,
): Promise<AuditResult> {
  const kind = kindOf(name);
  const threads = settings.threads ?? availableParallelism();
  const source = path === "-" ? "standard input" : path;
  const shared = { model: name, ...(source !== undefined && { source }), warnings: [] };
  if (kind === "vectors") {
    const wrong = (["group", "swap", "positive", "text", "label"] as const).find((own) => settings[own]?.length);
    if (wrong !== undefined)
      throw new UserError(`'${name}' has vectors and answers nothing, so ${option(wrong)} is not for it. Omit it.`);
    const { auditVectors } = await import("./vectors.js");
    const { output, ...associations } = await auditVectors(name, path, { ...settings, threads }, watch);
    return { ...shared, task: "vectors", output, rows: 0, associations };
  }
  if (path === undefined) {
    // What is no model is told first.
    if (kind === "text-model") openFolder(name, "text-model");
    throw new UserError(`A model is audited on the rows of a table: columnist audit ${shellWord(name)} <table>.`);
  }
  if (kind === "text-model") return auditTextModel(name, path, { ...settings, threads }, watch);
  const { auditLanguageModel } = await import("./language.js");
  return { ...shared, task: "language", ...(await auditLanguageModel(name, path, { ...settings, threads }, watch)) };
}

function kindOf(name: string): "text-model" | "language-model" | "vectors" {
  const kind = tellFolder(name)?.kind;
  if (kind === "text-model" || kind === "language-model") return kind;
  const path = kind === undefined ? pretrainedPath(name) : undefined;
  if (path !== undefined && writesTexts(path)) return "language-model";
  const isVectors = path !== undefined || kind === "word-vectors" || isStaticFolder(name) || isFile(name);
  // Of anything else, opening a text model says what it is.
  return isVectors ? "vectors" : "text-model";
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

async function auditTextModel(
  folder: string,
  path: string,
  settings: AuditSettings & { threads: number },
  watch: WorkflowWatch,
): Promise<AuditResult> {
  const { group, seed, threads, table, query } = settings;
  if (group.length === 0 && settings.swap.length === 0)
    throw new UserError(
      `There is nothing to compare. Name a column of groups with ${option("group")}, or words to exchange with ${option("swap")} ` +
        `(${Object.keys(swapLists).join(", ")}).`,
    );
  const lists = await swapListsOf(settings.swap, watch);
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
