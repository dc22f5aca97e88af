// Early stopping: which look is best, when to stop, and the best one's parameters. Knows figures, not what they mean.
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import type { Executor } from "../runtime/index.js";
import type { LookPoint, RunProgress } from "./progress.js";
import { arraysOf, type TrainerArray } from "./trainer.js";

export interface EarlyStopping {
  /** A validation figure by its name ("loss"), or a training figure where there is no validation. */
  monitor: string;
  /** Epochs to wait for an improvement; Infinity never stops, but keeps the best. */
  patience: number;
  /** Whether more is better; by default for everything but losses. */
  higherIsBetter?: boolean;
  /** Least change that counts as an improvement. */
  minDelta?: number;
  /** True (the default) restores the best epoch's parameters at the end. */
  restoreBest?: boolean;
}

export interface BestWatch {
  /** @param look counts from 0 */
  look(look: number, point: LookPoint): { isBest: boolean; isOver: boolean };
  /** What a checkpoint keeps: which look is best, and its parameters by "best/…". */
  state(): { best: RunProgress["best"]; arrays: ReadonlyMap<string, TrainerArray> };
  resume(best: RunProgress["best"], arrays: ReadonlyMap<string, TrainerArray>): void;
  /** Puts the best look's parameters back where that is wanted; gives the look that is held then. */
  restore(lastLook: number): number;
}

export function watchBest(executor: Executor, options: EarlyStopping): BestWatch {
  const { monitor, patience, minDelta = 0, restoreBest = true } = options;
  const higherIsBetter = options.higherIsBetter ?? !/loss|error/i.test(monitor);
  let best: RunProgress["best"];
  let parameters = new Map<string, Float32Array>();
  return {
    look(look, { training, validation }) {
      const figures = Object.keys(validation).length > 0 ? validation : training;
      const value = figures[monitor];
      if (value === undefined)
        throw new UserError(
          `early stopping watches '${monitor}', which is not measured; available are ${Object.keys(figures).join(", ")}.${didYouMean(monitor, Object.keys(figures))}`,
        );
      const before = best?.value ?? Number.NaN;
      const gain = Number.isNaN(before) ? Infinity : higherIsBetter ? value - before : before - value;
      const isBest = gain > minDelta;
      if (isBest) {
        best = { look, value };
        if (restoreBest) parameters = copyOf(executor);
      }
      return { isBest, isOver: best !== undefined && look - best.look >= patience };
    },
    state: () => ({ best, arrays: new Map([...parameters].map(([name, data]) => [`best/${name}`, data])) }),
    resume(kept, arrays) {
      best = kept;
      parameters = arraysOf(arrays, "best");
    },
    restore(lastLook) {
      if (best === undefined || parameters.size === 0) return lastLook;
      executor.setParameters(parameters);
      return best.look;
    },
  };
}

function copyOf(executor: Executor): Map<string, Float32Array> {
  const values = executor.parameters();
  return new Map(executor.trained.map((name) => [name, values.get(name)!.slice()]));
}
