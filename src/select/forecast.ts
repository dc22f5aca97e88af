// How long a stage of a training will take, by its first steps.
import type { Progress } from "../base/progress.js";
import type { Clock } from "./clock.js";

/** So long, and so many steps, are timed. */
const [timedSeconds, timedSteps] = [1, 10];

export interface StageTime {
  stage: string;
  /** Seconds of all of it, and of what is left. */
  whole: number;
  left: number;
}

/**
 * Hears of the progress, and tells once for each stage what it will take. The median step counts: the first ones prepare what
 * later ones share.
 *
 * @example
 * const timeOf = forecaster(wallClock);
 * const time = timeOf({ stage: "cnn", done: 12, total: 400 }); // undefined, or { whole: 40, left: 38.8, … }
 */
export function forecaster(clock: Clock): (progress: Progress) => StageTime | undefined {
  let stage = "";
  let [begun, last, done] = [0, 0, 0];
  let steps: number[] | undefined;
  return (progress) => {
    const now = clock.now();
    if (progress.stage !== stage) {
      stage = progress.stage;
      [begun, steps] = [now, []];
    } else if (steps && progress.done > done) steps.push((now - last) / (progress.done - done));
    [last, done] = [now, progress.done];
    if (!steps || steps.length < timedSteps || now - begun < timedSeconds) return undefined;
    const median = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
    steps = undefined;
    return { stage, whole: median * progress.total, left: median * (progress.total - progress.done) };
  };
}
