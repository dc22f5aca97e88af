// What every language model can do, whatever its family. Knows no family, no files and no tables.

import type { ModelFiles } from "../../folders/model-files.js";
import type { Decoder } from "../../generate/index.js";
import type { Tokenizer } from "../../text/tokenizers/index.js";

/** A trained model, ready to score texts. `close()` frees its memory outside of JavaScript. */
export interface LanguageModel {
  readonly family: string;
  readonly tokenizer: Tokenizer;
  /** Ids are in [0, vocabSize). */
  readonly vocabSize: number;
  /** Number of parameters. */
  readonly parameters: number;
  /** Maximum number of tokens that a prediction can depend on; undefined if a state carries all earlier tokens. */
  readonly contextLength?: number;
  /**
   * For each text, the natural logarithm of the probability of each token given those before it in the same text,
   * the first one given the start of a text. The end of a text is not scored. Texts longer than `contextLength` are
   * scored too, each token with as much preceding text as the model takes.
   *
   * @throws UserError for an id that is not in the vocabulary
   */
  logProbabilities(batch: readonly Int32Array[]): Promise<Float32Array[]>;
  /** For generation; absent if the model predicts masked tokens instead of next ones. Close it before the model. */
  openDecoder?(): Promise<Decoder>;
  close(): Promise<void>;
}

export interface LanguageModelFamily {
  /** @throws UserError when the files do not belong to such a model */
  load(files: ModelFiles, tokenizer: Tokenizer, options: { threads: number }): Promise<LanguageModel>;
}
