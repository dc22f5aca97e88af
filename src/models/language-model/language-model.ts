// What every language model can do, whatever its family. Knows no family, no files and no tables.
import type { Decoder } from "../../generate/index.js";
import type { LanguageTokenizer } from "../../text/tokenizers/index.js";
import type { ModelFiles } from "../model-files.js";

/** A trained model, ready to score texts. `close()` frees what it holds outside of JavaScript. */
export interface LanguageModel {
  readonly family: string;
  readonly tokenizer: LanguageTokenizer;
  /** Ids are in [0, vocabSize). */
  readonly vocabSize: number;
  /** Numbers that training found. */
  readonly parameters: number;
  /** Most tokens that an answer can depend on; undefined where a state carries everything on. */
  readonly contextLength?: number;
  /**
   * For each text's ids the natural logarithm of the probability of each token given those before it in the same text,
   * the first one given the beginning of a text. The end of a text is not scored. Texts longer than `contextLength` are
   * scored all the same, each token with as much before it as the model takes.
   *
   * @throws UserError for an id that is not of the vocabulary
   */
  logProbabilities(batch: readonly Int32Array[]): Promise<Float32Array[]>;
  /** For writing on; absent where the model guesses hidden tokens instead of next ones. Close it before the model. */
  openDecoder?(): Promise<Decoder>;
  close(): Promise<void>;
}

export interface LanguageModelFamily {
  /** @throws UserError when the files are not those of such a model */
  load(files: ModelFiles, tokenizer: LanguageTokenizer, options: { threads: number }): Promise<LanguageModel>;
}
