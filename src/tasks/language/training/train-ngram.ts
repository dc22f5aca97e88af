// The n-gram family: counts, and the loss of the validation texts.

import type { WorkflowWatch } from "../../../base/watch.js";
import { trainNgram } from "../../../ngram/index.js";
import type { TokenSource } from "../../../tokens/index.js";
import type { TrainedLanguageModel, TrainingTokens } from "../language-model.js";
import { ngramFiles, ngramLanguageModel } from "../ngram-model.js";
import type { LanguageTrainingSettings } from "./options.js";

export async function trainNgramFamily(
  tokens: TrainingTokens,
  { order }: LanguageTrainingSettings,
  watch: WorkflowWatch,
): Promise<TrainedLanguageModel> {
  const { tokenizer, training } = tokens;
  const endId = tokenizer.roles.endOfText;
  const started = performance.now();
  const model = await trainNgram(textsOf(training, endId), { order, vocabSize: tokenizer.vocabSize, endId }, watch);
  const seconds = (performance.now() - started) / 1000;
  const judge = ngramLanguageModel(model, tokenizer);
  let [sum, count] = [0, 0];
  for (const text of textsOf(tokens.validation, endId)) {
    const [scores] = await judge.logProbabilities([text]);
    for (const value of scores) sum += value;
    count += text.length;
  }
  return {
    files: ngramFiles(model, tokenizer),
    parameters: judge.parameters,
    options: { order },
    loss: count > 0 ? -sum / count : undefined,
    tokens: training.length,
    seconds,
    history: [],
  };
}

/** Texts of a token file, one at a time; without an end token all of it is one. */
function* textsOf(source: TokenSource, endId: number | undefined): Generator<Int32Array> {
  const chunk = 1 << 20;
  let parts: number[] = [];
  for (let from = 0; from < source.length; from += chunk)
    for (const id of source.read(from, Math.min(chunk, source.length - from))) {
      if (id !== endId) parts.push(id);
      else {
        if (parts.length > 0) yield Int32Array.from(parts);
        parts = [];
      }
    }
  if (parts.length > 0) yield Int32Array.from(parts);
}
