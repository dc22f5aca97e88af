// What a model answered for the rows that are audited, beside the truth where it is known.

/** Answers that are labels, one or several a row. */
export interface LabelAnswers {
  kind: "labels";
  /** Whose selection is looked at. */
  labels: readonly string[];
  /** (rows, labels): 1 where the answer gives it to the row. */
  selected: Uint8Array;
  /** (rows, labels) */
  probabilities: Float32Array;
  /** (rows, labels): 1 where the row has it. */
  truth?: Uint8Array;
  /** 1 for a row whose whole answer is right. */
  right?: Uint8Array;
}

/** Answers that are numbers. */
export interface NumberAnswers {
  kind: "numbers";
  values: Float64Array;
  truth?: Float64Array;
}

export type AuditedAnswers = LabelAnswers | NumberAnswers;
