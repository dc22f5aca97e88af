// What a workflow tells its caller besides progress.
import type { OptionSpelling } from "./option.js";
import type { Watch } from "./progress.js";

export interface WorkflowWatch extends Watch {
  /** A message for the user: progress, or something to know. */
  onMessage?: (message: string) => void;
  /** When the work began, in ms of `performance.now()`; by default when it is asked for. */
  begun?: number;
  /** How messages write the name of an option; by default as it is. */
  spellOption?: OptionSpelling;
}

/** The same listener with the stage's owner in front: "cnn: epoch 3". */
export function watchFor(name: string, { onProgress, signal }: WorkflowWatch): Watch {
  const staged = (stage: string) => (stage === name ? name : `${name}: ${stage}`);
  return { signal, onProgress: onProgress && ((step) => onProgress({ ...step, stage: staged(step.stage) })) };
}
