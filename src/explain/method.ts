// What every method of explaining does. Knows no method.
import type { Watch } from "../base/progress.js";
import type { AnswerForm } from "../networks/index.js";
import type { TextModel } from "../tasks/index.js";
import type { Target } from "./target.js";
import type { Span } from "./words.js";

export interface ExplainedModel {
  model: TextModel;
  form: AnswerForm;
  threads: number;
}

export interface TextToExplain {
  text: string;
  words: readonly Span[];
  target: Target;
}

/** What each word does for the target. */
export interface Shares {
  /** (words), in units of the target's score; those of attention sum to 1. */
  shares: Float64Array;
  /** The target's score of the whole text. */
  score: number;
  /** Where shares add up: the score of a text without the words. score = base + Σ shares. */
  base?: number;
  /** Words that the model reads, from the first on. */
  read: number;
  /** The model knows none of the words. */
  isUnknown?: boolean;
  /** Integrated gradients: the points of the integral, and what the shares miss of score − base, as a share of it. */
  steps?: number;
  gap?: number;
  /** Attention: weights between words. */
  attention?: WordAttention;
}

/** Row-major (words, words): how much a word in a row attends to one in a column. By layer and head. */
export interface WordAttention {
  /** That the model reads, from the first on. */
  words: number;
  rollOut: number[];
  layers: number[][][];
}

export interface Explainer {
  /** What the shares are compared with, in words: "each word left out". */
  how: string;
  explain(texts: readonly TextToExplain[], watch?: Watch): Promise<Shares[]>;
  close(): Promise<void>;
}

export interface Method {
  /** Short description for display. */
  summary: string;
  /** Why it cannot explain this model, as in "it has no attention"; nothing where it can. */
  lacks(model: ExplainedModel): string | undefined;
  open(model: ExplainedModel, options: MethodOptions): Promise<Explainer>;
}

export interface MethodOptions {
  /** Points of the integral of integrated gradients; by default as many as it takes. */
  steps?: number;
}
