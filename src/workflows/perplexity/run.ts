// How well a language model foresees texts, alone or mixed with a second one. Texts stream; for a mixture both models'
// log-probabilities are kept, 8 bytes a token.
import { availableParallelism } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import {
  crossFitMixture,
  fitMixture,
  mixLogProbabilities,
  type TextLoss,
  type TextTotals,
  textLoss,
} from "../../metrics/index.js";
import { countRows, openTable, streamTexts, type TableSource } from "../../tables/index.js";
import { type LanguageModel, openLanguageModel, textScorer } from "../../tasks/language/index.js";
import { textColumnsOf } from "../text-columns.js";
import { type PerplexityOptions, perplexityOptionsSchema } from "./options.js";

export interface PerplexityResult extends TextLoss {
  source: string;
  texts: number;
  tokens: number;
  bytes: number;
  characters: number;
  /** Unknown tokens; if there are any, bits per byte are too low. */
  unknownTokens: number;
  /** Each model alone: the main one, then the one it is mixed with. */
  models: ({ folder: string; family: string } & TextLoss)[];
  /** If two are mixed, the figures above are those of the mixture. */
  mixture?: {
    /** Weights of the models' probabilities, in their order; the sum is 1. */
    weights: [number, number];
    fittedOn: string;
  };
}

/**
 * Loss, perplexity and bits per byte of the texts' tokens, each given those before it in its text. The end of a text is
 * not counted. With `mix` the two models' probabilities are mixed, the weight fitted on the texts of `fit`,
 * or cross-fitted on the halves of the texts themselves, so never on the text it is measured on.
 *
 * @throws UserError for a wrong folder, table or column, models with different tokenizers, and texts without tokens;
 * CancelledError after an abort
 * @example
 * const { bitsPerByte } = await measurePerplexity("lm", "novels/*.txt");
 */
export async function measurePerplexity(
  folder: string,
  path: string,
  options: PerplexityOptions = {},
  watch: WorkflowWatch = {},
): Promise<PerplexityResult> {
  const { mix, fit, text, precision, threads, table, query } = perplexityOptionsSchema.parse(options);
  if (fit !== undefined && mix === undefined)
    throw new UserError(
      `${option("fit")} '${fit}' is the text to fit a mixture's weight on. Specify the second model with ` +
        `${option("mix")}.`,
    );
  const settings = { threads: threads ?? availableParallelism(), precision };
  const folders = mix === undefined ? [folder] : [folder, mix];
  const models: LanguageModel[] = [];
  try {
    const textColumns: (readonly string[])[] = [];
    for (const one of folders) {
      const opened = await openLanguageModel(one, settings);
      models.push(opened.model);
      textColumns.push(opened.textColumns);
    }
    if (mix !== undefined) checkSameTokenizer(folders, models);
    const score = (source: TableSource, stage: string) =>
      scoreSource(models, source, textColumnsOf(text, { textColumns: textColumns[0] }, source.path), stage, watch);
    const fitting = fit === undefined ? undefined : await score({ path: fit }, "fitting the weight");
    const scored = await score({ path, table, query }, "measuring");
    const losses = scored.sums.map((logProbability) => textLoss({ ...scored.totals, logProbability }));
    const { texts, source, totals, unknownTokens } = scored;
    if (unknownTokens > 0)
      watch.onMessage?.(
        `${unknownTokens} of ${totals.tokens} tokens are unknown to the tokenizer: bits per byte exclude the text that ` +
          "they stand for.",
      );
    const { tokens, bytes, characters } = totals;
    const alone = folders.map((one, i) => ({ folder: one, family: models[i].family, ...losses[i] }));
    const result = { source, texts, tokens, bytes, characters, unknownTokens, models: alone };
    if (mix === undefined) return { ...result, ...losses[0] };
    const { weight, mixed } = mixtureOf(scored, fitting);
    const logProbability = mixed.reduce((sum, value) => sum + value, 0);
    const fittedOn = fitting ? fitting.source : "each half of the text on the other";
    return {
      ...result,
      ...textLoss({ ...totals, logProbability }),
      mixture: { weights: [weight, 1 - weight], fittedOn },
    };
  } finally {
    for (const model of models) await model.close();
  }
}

function mixtureOf(scored: Scored, fitting?: Scored): { weight: number; mixed: Float64Array } {
  const [first, second] = scored.kept.map(joined);
  if (fitting) {
    const weight = fitMixture(joined(fitting.kept[0]), joined(fitting.kept[1]));
    return { weight, mixed: mixLogProbabilities(first, second, weight) };
  }
  if (first.length < 2)
    throw new UserError(`${scored.source} has one token, too few to fit a weight on. Use ${option("fit")}.`);
  const { weights, mixed } = crossFitMixture(first, second);
  return { weight: (weights[0] + weights[1]) / 2, mixed };
}

interface Scored {
  source: string;
  texts: number;
  totals: Omit<TextTotals, "logProbability">;
  unknownTokens: number;
  /** Log-probability of all tokens, of each model. */
  sums: number[];
  /** Of two models, their log-probabilities token by token. */
  kept: Float32Array[][];
}

async function scoreSource(
  models: readonly LanguageModel[],
  source: TableSource,
  columns: readonly string[],
  stage: string,
  watch: WorkflowWatch,
): Promise<Scored> {
  const table = await openTable(source, watch);
  try {
    const totals = { tokens: 0, bytes: 0, characters: 0 };
    const sums = models.map(() => 0);
    const kept = models.map((): Float32Array[] => []);
    const scorers = models.map((model) => textScorer(model, watch));
    const total = await countRows(table);
    let [rows, texts, unknownTokens] = [0, 0, 0];
    for await (const batch of streamTexts(table, { text: columns })) {
      for (const [i, score] of scorers.entries())
        for (const one of await score(batch.texts, batch.continues)) {
          sums[i] += one.logProbability;
          if (models.length > 1) kept[i].push(one.logProbabilities);
          if (i > 0) continue;
          for (const name of ["tokens", "bytes", "characters"] as const) totals[name] += one[name];
          unknownTokens += one.unknown;
        }
      const whole = batch.continues ? batch.texts.slice(0, -1) : batch.texts;
      rows += whole.length;
      texts += whole.filter((text) => text !== "").length;
      watch.onProgress?.({ stage, done: rows, total, note: `${totals.tokens.toLocaleString("en")} tokens` });
    }
    if (totals.tokens === 0)
      throw new UserError(`No text of ${table.description} has a token. Choose other columns or files.`);
    return { source: table.description, texts, totals, unknownTokens, sums, kept };
  } finally {
    table.close();
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function checkSameTokenizer(folders: readonly string[], models: readonly LanguageModel[]): void {
  const [first, second] = models.map(({ tokenizer }) => tokenizer.toJson());
  if (first !== second && !isDeepStrictEqual(JSON.parse(first), JSON.parse(second)))
    throw new UserError(
      `'${folders[0]}' and '${folders[1]}' have different tokenizers, so their tokens cannot be mixed. Train one of ` +
        `them with ${option("tokenizer")} ${folders[0]}/tokenizer.json.`,
    );
}
