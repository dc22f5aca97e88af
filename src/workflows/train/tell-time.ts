// How long training will take, told once near its beginning.
import type { Watch } from "../../base/progress.js";

/** So long is measured before a time is told. */
const measuredMs = 1500;
const fewestSteps = 10;

/**
 * The same listener, which tells once how long the longest stage will take in all, by its first steps; stages are told apart
 * by their name and number of steps.
 *
 * @param rounds - how many such stages there will be.
 */
export function tellTime(watch: Watch, rounds: number, tell: (time: string) => void): Watch {
  let stage = "";
  let begun = 0;
  let first = 0;
  let isTold = false;
  return {
    ...watch,
    onProgress(step) {
      watch.onProgress?.(step);
      const now = performance.now();
      if (stage !== `${step.stage} ${step.total}`) {
        stage = `${step.stage} ${step.total}`;
        first = -1;
      }
      // The first step prepares what the others share.
      if (first < 0 && step.done > 0) {
        begun = now;
        first = step.done;
      }
      const done = first < 0 ? 0 : step.done - first;
      if (isTold || step.stage.endsWith("reading texts") || done < fewestSteps || now - begun < measuredMs) return;
      isTold = true;
      tell(aboutTime(((now - begun) / done) * (step.total - first) * rounds));
    },
  };
}

/** "about 4 min" */
export function aboutTime(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `about ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min` : `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
