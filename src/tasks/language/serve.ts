// A language model, opened: how probable texts are, and their vectors.
import { textLoss } from "../../metrics/index.js";
import type { DecoderPrecision } from "../../networks/language/index.js";
import type { TableModel } from "../served-model.js";
import { openLanguageEncoder } from "./encoder.js";
import { evaluateLanguageModel } from "./evaluate.js";
import { openLanguageModel } from "./open-language-model.js";
import { probabilityColumns, probabilityValues } from "./probability-columns.js";
import { textScorer } from "./score-texts.js";

/** How well a language model predicts a text. */
export interface TextProbability {
  /** Natural logarithm of the probability of all tokens. */
  logProbability: number;
  tokens: number;
  /** exp(−log-probability per token); 1 for a text without tokens. */
  perplexity: number;
  /** Comparable between tokenizers that keep the whole text; 0 for a text without tokens. */
  bitsPerByte: number;
}

export async function serveLanguageModel(
  name: string,
  threads: number,
  precision?: DecoderPrecision,
): Promise<TableModel> {
  const { model, textColumns, seed } = await openLanguageModel(name, { threads, precision });
  const score = textScorer(model);
  let encoder: ReturnType<typeof openLanguageEncoder> | undefined;
  const canEncode = model.writing === undefined && model.family !== "ngram";
  return {
    task: "language",
    family: model.family,
    output: `the log-probability of a text, over a vocabulary of ${model.vocabSize.toLocaleString("en")} tokens`,
    textColumns,
    parameters: model.parameters,
    ...(model.flops && {
      flops: async (texts: readonly string[]) => model.flops!(texts.map((text) => model.tokenizer.encode(text))),
    }),
    async answer(texts): Promise<TextProbability[]> {
      const scored = await score(texts);
      return scored.map(({ logProbability, tokens, bytes, characters }) => {
        const { perplexity, bitsPerByte } =
          tokens > 0 ? textLoss({ logProbability, tokens, bytes, characters }) : { perplexity: 1, bitsPerByte: 0 };
        return { logProbability, tokens, perplexity, bitsPerByte };
      });
    },
    ...(canEncode && {
      async encode(texts: readonly string[]) {
        encoder ??= openLanguageEncoder(name, threads);
        const { dim, encode } = await encoder;
        return { dim, vectors: await encode(texts) };
      },
    }),
    columns: probabilityColumns,
    values: async (texts, isEach) => probabilityValues(await score(texts), isEach),
    evaluate: (table, rows, watch) => evaluateLanguageModel(textScorer(model, watch), table, rows, seed, watch),
    async close() {
      await model.close();
      await (await encoder)?.close();
    },
  };
}
