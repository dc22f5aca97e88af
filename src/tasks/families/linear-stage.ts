// Progress of the linear families, which fit twice: reading keeps its name, fitting has that of its turn.
import type { Watch } from "../../base/progress.js";

const reading = "reading texts";

export function linearStage({ onProgress, signal }: Watch, stage: string): Watch {
  return {
    signal,
    onProgress: onProgress && ((step) => onProgress(step.stage === reading ? step : { ...step, stage })),
  };
}
