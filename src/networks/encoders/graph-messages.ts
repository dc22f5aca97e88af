// What a process that computes an ONNX file is asked, and what it answers.

/** Inputs that are known. Every token is of the first type. */
export const tokenInputs = ["input_ids", "attention_mask", "token_type_ids"] as const;

export type GraphRequest =
  | { path: string; threads: number }
  /** An ONNX file of ours: states and mask give vectors. */
  | { pooling: Uint8Array }
  /** Rows of at most `length` ids, padded with any. */
  | { ids: Int32Array; lengths: Int32Array; length: number; output: string };

export type GraphAnswer =
  | { error: string }
  | { inputs?: readonly string[]; outputs?: readonly string[]; data?: Float32Array; shape?: readonly number[] };
