// Lets the event loop run during long work. Knows no model.
import { CancelledError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";

/**
 * Tells the progress, and lets a signal arrive and the progress be drawn.
 *
 * @throws CancelledError after an abort
 */
export async function breathe(
  { onProgress, signal }: Watch,
  stage: string,
  done: number,
  total: number,
): Promise<void> {
  onProgress?.({ stage, done, total });
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new CancelledError("Stopped before the linear model was trained.");
}
