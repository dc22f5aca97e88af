// Lets the event loop run during long work.
import { CancelledError } from "./errors.js";
import type { Watch } from "./progress.js";

/**
 * Makes what a long loop awaits now and then: it tells the progress, and lets a signal arrive and the progress be drawn.
 *
 * @param stopped - what the CancelledError says that it throws after an abort
 * @example
 * const breathe = breather("Stopped before the rows were counted.");
 * for (const [row, text] of texts.entries()) if (row % 1000 === 0) await breathe(watch, "counting", row, texts.length);
 */
export function breather(stopped: string) {
  return async ({ onProgress, signal }: Watch, stage: string, done: number, total: number): Promise<void> => {
    onProgress?.({ stage, done, total });
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw new CancelledError(stopped);
  };
}
