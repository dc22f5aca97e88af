// Language models, audited by how probable they hold sentences that differ in the words for a group.
import {
  auditBySwaps,
  type PronounAudit,
  pronounPairs,
  type StereotypeScore,
  type SwapAudit,
  scorePronouns,
  scoreStereotypes,
} from "../../audit/index.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { columnList, hasColumn, readTexts, sampleColumns, type Table } from "../../tables/index.js";
import { openLanguageModel, type TextScorer, textScorer } from "../../tasks/language/index.js";
import { withTable } from "../add-columns.js";
import { textColumnsOf } from "../text-columns.js";
import type { AuditSettings } from "./options.js";
import { swapListsOf } from "./swap-lists.js";
import { languageSwapModel } from "./swaps.js";

export interface LanguageAudit {
  output: string;
  rows: number;
  stereotypes?: StereotypeScore[];
  pronouns?: PronounAudit;
  swaps?: SwapAudit[];
}

const mostRows = 100_000;
const crows = ["sent_more", "sent_less"];
const winogender = ["sentid", "sentence"];
const scoredAtOnce = 256;

/** @throws UserError for a table that is neither of pairs nor of sentences, where no words are exchanged */
export async function auditLanguageModel(
  name: string,
  path: string,
  settings: AuditSettings & { threads: number },
  watch: WorkflowWatch,
): Promise<LanguageAudit> {
  const { group, seed, threads, table, query, swap } = settings;
  if (group.length > 0)
    throw new UserError(
      `'${name}' is a language model, which predicts no labels: ${option("group")} is for text models. Exchange words with ` +
        `${option("swap")}, or give a table of CrowS-Pairs (${crows.join(", ")}) or Winogender (${winogender.join(", ")}).`,
    );
  const lists = await swapListsOf(swap, watch);
  const { model, textColumns } = await openLanguageModel(name, { threads });
  try {
    const score = textScorer(model, watch);
    const output = `a language model of ${model.vocabSize.toLocaleString("en")} tokens`;
    return await withTable({ path, table, query }, watch, async (opened): Promise<LanguageAudit> => {
      if (lists.length > 0) {
        const texts = (await readTexts(opened, textColumnsOf(settings.text, { textColumns }, path))).filter(
          (text) => text !== null,
        );
        const swaps: SwapAudit[] = [];
        for (const list of lists) swaps.push(await auditBySwaps(list, texts, languageSwapModel(score), seed));
        return { output, rows: texts.length, swaps };
      }
      const holds = (names: readonly string[]) => names.every((own) => hasColumn(opened, own));
      if (holds(crows)) return { output, ...(await ofPairs(opened, score, watch)) };
      if (holds(winogender)) return { output, ...(await ofPronouns(opened, path, score, seed, watch)) };
      throw new UserError(
        `${opened.description} has the columns ${columnList(opened)}. For a language model, a table has ${crows.join(" and ")}, or ` +
          `${winogender.join(" and ")} as Winogender does; or exchange words of its texts with ${option("swap")}.`,
      );
    });
  } finally {
    await model.close();
  }
}

async function ofPairs(table: Table, score: TextScorer, watch: WorkflowWatch) {
  const kind = hasColumn(table, "bias_type") ? ["bias_type"] : [];
  const { values } = await sampleColumns(table, [...crows, ...kind], mostRows);
  const rows = [...values[0].keys()].filter((row) => values[0][row]?.trim() && values[1][row]?.trim());
  if (rows.length === 0) throw new UserError(`${table.description} has no row with both sentences.`);
  const [more, less] = [0, 1].map((column) => rows.map((row) => values[column][row] as string));
  const scored = await logProbabilitiesOf([...more, ...less], score, watch);
  const kinds = rows.map((row) => values[2]?.[row] ?? null);
  return {
    rows: rows.length,
    stereotypes: scoreStereotypes(scored.slice(0, rows.length), scored.slice(rows.length), kinds),
  };
}

async function ofPronouns(table: Table, path: string, score: TextScorer, seed: number, watch: WorkflowWatch) {
  const { values } = await sampleColumns(table, winogender, mostRows);
  const [ids, sentences] = values.map((own) => own.map((value) => value ?? ""));
  const pairs = pronounPairs(ids);
  if (pairs.length < 2)
    throw new UserError(
      `${path}: '${winogender[0]}' names no two sentences that differ in their pronoun, as technician.customer.1.male.txt and ` +
        "technician.customer.1.female.txt do.",
    );
  return { rows: ids.length, pronouns: scorePronouns(pairs, await logProbabilitiesOf(sentences, score, watch), seed) };
}

async function logProbabilitiesOf(
  texts: readonly string[],
  score: TextScorer,
  watch: WorkflowWatch,
): Promise<number[]> {
  const found: number[] = [];
  for (let done = 0; done < texts.length; done += scoredAtOnce) {
    watch.onProgress?.({ stage: "scoring sentences", done, total: texts.length });
    for (const { logProbability } of await score(texts.slice(done, done + scoredAtOnce))) found.push(logProbability);
  }
  return found;
}
