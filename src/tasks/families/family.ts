// What every family of text models can do. Knows no family, no files and no task.
import type { Watch } from "../../base/progress.js";
import type { WordVectors } from "../../embeddings/index.js";
import type { ModelFiles } from "../../folders/index.js";
import type { EncoderToWrite } from "../../networks/hugging-face/index.js";
import type { EpochListener, Head, OpenedNetwork, PlannedTraining, Targets } from "../../networks/index.js";
import type { CheckpointPlace } from "../../train/index.js";
import type { Base, BaseKind } from "./base.js";

export interface TaskRows {
  texts: readonly string[];
  /** A row for each text. */
  targets: Targets;
}

/** One object is handed to all families of a run, so it can be the key of what they share (a WeakMap of tokenizers). */
export interface TrainingRows {
  /** What is learned; its width is that of the model's answers. */
  head: Head;
  training: TaskRows;
  /** For early stopping and for the choice of the family; no text of it is in `training`. */
  validation: TaskRows;
}

export interface TrainingOptions {
  seed: number;
  threads: number;
  /** Most epochs of a network; left out, the family decides by the size of the data. */
  epochs?: number;
  /** Networks start from these vectors of words, instead of random ones. */
  vectors?: WordVectors;
  /** Given vectors stay as they are; otherwise training goes on with them. */
  freezeVectors?: boolean;
  /** What families with a base go on from. */
  base?: Base;
  /** Low-rank updates are written merged with their base; otherwise the folder keeps them alone, and names it. */
  merge?: boolean;
  /** Only answers for the validation rows are wanted: the model need not learn from them too. */
  isTrial?: boolean;
  /** Other settings than the usual ones: plain JSON, which the family's own schema checks. */
  settings?: FamilySettings;
  /** Hears of each epoch of a network on the training rows. */
  onEpoch?: EpochListener;
  /** Where networks keep checkpoints, and where training goes on if there are some. */
  place?: CheckpointPlace;
}

export type FamilySettings = Readonly<Record<string, unknown>>;

/** One epoch of a network, for learning curves. */
export interface EpochPoint {
  trainingLoss: number;
  validationLoss: number;
  /** The head's figure on the validation rows. */
  validationFigure: number;
}

export interface Training {
  model: TextModel;
  /**
   * Answers for the validation rows, (rows, width), from a model that did not learn from them. The choice between the
   * families rests on these.
   */
  validation: Float32Array;
  /** Empty for families without epochs. */
  epochs: EpochPoint[];
  /** Index into `epochs` of the parameters that were kept. */
  keptEpoch?: number;
  /** Why that one: it was best on the validation rows, or they are too few to tell. */
  kept?: "best" | "last";
  /** "cancelled": the signal came, and this is the best model so far. */
  stopped: "finished" | "early" | "cancelled";
}

/** A trained model, ready to answer. `close()` frees what it holds outside of JavaScript. */
export interface TextModel {
  readonly family: string;
  /** Numbers of an answer. */
  readonly width: number;
  /** Number of parameters. */
  readonly parameters: number;
  /** Row-major answers (texts, width), as the task's head gives them. Callers pass some thousand texts at a time. */
  predict(texts: readonly string[]): Promise<Float32Array>;
  /** Operations of `predict`, counted; left out where they can't be. */
  flops?(texts: readonly string[]): Promise<number>;
  /** What a network sees in a text just before its last layer: (texts, dim). Families without such a layer have none. */
  readonly encoder?: { dim: number; encode(texts: readonly string[]): Promise<Float32Array> };
  /** The network behind the answers, for families whose gradients explanations can ask for. */
  network?(): OpenedNetwork;
  /**
   * Of families whose decision is a sum over the text: what each UTF-16 unit adds to it (undefined where nothing is known), and
   * the rest.
   */
  parts?(text: string, of: number, against?: number): { shares: Float64Array | undefined; bias: number };
  /** What other programs open, for networks that these have too, and the same as one ONNX file. */
  readonly exported?: { network: EncoderToWrite; onnx(): Uint8Array };
  /** What a model folder keeps of it; `load` of the same family takes it back. */
  files(): Promise<ModelFiles>;
  /**
   * The same in 8 bits. Left out by models that gain nothing by it.
   *
   * @param scratch - an empty folder for what the files name; it must stay until they are written
   * @throws UserError where the model is in 8 bits already
   */
  quantize?(scratch: string): Promise<ModelFiles>;
  close(): Promise<void>;
}

export interface Family {
  /**
   * Trains on `rows.training`; may learn from `rows.validation` too once `validation` is computed.
   *
   * @throws CancelledError when the signal comes before there is a usable model
   */
  train(rows: TrainingRows, options: TrainingOptions, watch?: Watch): Promise<Training>;
  /** What `train` has networks compute at most, in its order; nothing is trained. Left out by families that can't tell. */
  plan?(rows: TrainingRows, options: TrainingOptions): Promise<PlannedTraining[]>;
  /** @throws UserError when the files do not belong to such a model */
  load(files: ModelFiles, options: { threads: number }): Promise<TextModel>;
}

/** Settings of a family, and what training with them takes beside the linear model's usual ones, roughly. */
export interface FamilyCandidate {
  settings?: FamilySettings;
  cost: number;
}

/** A row of a task's table of families. Its code is loaded when it is used. */
export interface FamilyEntry {
  /** Short description for display. */
  summary: string;
  /** What it goes on from; families from nothing have none. */
  base?: BaseKind;
  /**
   * Whether it is worth its time with these rows where nobody asked for it by name. Default: always.
   *
   * @param mostSeconds that it may take. Default: half an hour
   */
  isWorthIt?(rows: TrainingRows, base: Base, mostSeconds?: number): boolean;
  /** What a search for the best model tries, the usual settings first. */
  candidates: readonly FamilyCandidate[];
  /**
   * Whether it is known to be better with such rows than all that come before it, which so few validation rows could not show: then
   * it is the others that must be better by more than chance. Default: never.
   */
  isFavoured?(rows: TrainingRows): boolean;
  load(): Promise<Family>;
}
