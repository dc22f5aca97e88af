// A decoder that others have trained, as a language model.
import { UserError } from "../../base/errors.js";
import type { Decoder } from "../../generate/index.js";
import type { PretrainedDecoder } from "../../networks/hugging-face/index.js";
import {
  decoderParameters,
  type NetworkScorer,
  openAnswerScorer,
  openKeptScorer,
  scoringFlops,
  transformerDecoder,
} from "../../networks/language/index.js";
import type { LanguageModel } from "./language-model.js";
import { checkFiniteAnswer, finiteDecoder } from "./network-model.js";

/** Nothing is computed before it is asked for: a graph for scoring, and one for writing, each with the weights. */
export function pretrainedLanguageModel(
  { type, shape, weights, tokenizer: framed, beginId, endIds, chat }: PretrainedDecoder,
  options: { threads: number },
): LanguageModel {
  const { tokenizer, frame } = framed;
  let scorer: Promise<NetworkScorer> | undefined;
  return {
    family: type,
    tokenizer,
    vocabSize: shape.vocabSize,
    parameters: decoderParameters(weights),
    contextLength: shape.contextLength,
    writing: { before: frame.before, endIds, ...(chat && { chat }) },
    flops: (batch) => scoringFlops(shape, batch),
    async logProbabilities(batch) {
      for (const ids of batch)
        for (const id of ids)
          if (!(id >= 0 && id < shape.vocabSize))
            throw new UserError(`${id} is not the id of any of the ${shape.vocabSize} tokens.`);
      scorer ??= openKeptScorer(shape, weights, options);
      const scored = await (await scorer).score(batch, beginId);
      for (const values of scored) checkFiniteAnswer(values, "log-probability");
      return scored;
    },
    openDecoder: async (): Promise<Decoder> =>
      finiteDecoder(await transformerDecoder(shape, weights, { ...options, beginId, begins: "empty" })),
    async openAnswerScorer(beginning, answers) {
      const opened = await openAnswerScorer(shape, weights, { ...options, beginning, answers });
      return {
        ...opened,
        async score(prompts, onScored) {
          const scored = await opened.score(prompts, onScored);
          for (const values of scored) checkFiniteAnswer(values, "log-probability");
          return scored;
        },
      };
    },
    close: async () => (await scorer)?.close(),
  };
}
