// What long work tells while it runs. It never prints: whoever started it listens.

/** One step forward. `done` of `total` in units of `stage`; `note` is a short live figure such as "loss 0.41". */
export interface Progress {
  stage: string;
  done: number;
  total: number;
  note?: string;
}

export type ProgressListener = (progress: Progress) => void;

/** Passed to everything that takes long: where to report progress, and when to stop. */
export interface Watch {
  onProgress?: ProgressListener;
  signal?: AbortSignal;
}
