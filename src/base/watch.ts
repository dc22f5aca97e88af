// What a workflow tells its caller besides progress.
import type { Watch } from "./progress.js";

export interface WorkflowWatch extends Watch {
  /** A message for the user: progress, or something to know. */
  onMessage?: (message: string) => void;
}

/** The same listener with the stage's owner in front: "cnn: epoch 3". */
export function watchFor(name: string, { onProgress, signal }: WorkflowWatch): Watch {
  const staged = (stage: string) => (stage === name ? name : `${name}: ${stage}`);
  return { signal, onProgress: onProgress && ((step) => onProgress({ ...step, stage: staged(step.stage) })) };
}
