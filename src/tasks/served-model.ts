// What every open model can do for a program, whatever its task.

export interface ServedModel {
  task: string;
  output: string;
  textColumns: readonly string[];
  answer(texts: readonly string[]): Promise<object[]>;
  /** Row-major (texts, dim). */
  encode?(texts: readonly string[]): Promise<{ dim: number; vectors: Float32Array }>;
  close(): Promise<void>;
}
