// Early stopping: which epoch is best, when to stop, and the best epoch's parameters. Knows figures, not what they mean.
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import type { Executor } from "../runtime/index.js";
import type { EpochFigures } from "./loop.js";

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

export interface EpochWatch {
  look(figures: EpochFigures): { isBest: boolean; isOver: boolean };
  /** Puts the best epoch's parameters back where that is wanted; gives the epoch that is held then. */
  restore(lastEpoch: number): number;
}

export function watchEpochs(executor: Executor, options: EarlyStopping | undefined): EpochWatch {
  if (!options) return { look: () => ({ isBest: false, isOver: false }), restore: (lastEpoch) => lastEpoch };
  const { monitor, patience, minDelta = 0, restoreBest = true } = options;
  const higherIsBetter = options.higherIsBetter ?? !/loss|error/i.test(monitor);
  let best: { epoch: number; value: number; parameters?: Map<string, Float32Array> } | undefined;
  return {
    look({ epoch, training, validation }) {
      const figures = Object.keys(validation).length > 0 ? validation : training;
      const value = figures[monitor];
      if (value === undefined)
        throw new UserError(
          `early stopping watches '${monitor}', which is not measured; available are ${Object.keys(figures).join(", ")}.${didYouMean(monitor, Object.keys(figures))}`,
        );
      const gain = best === undefined ? Infinity : higherIsBetter ? value - best.value : best.value - value;
      const isBest = gain > minDelta;
      if (isBest) best = { epoch, value, parameters: restoreBest ? copyOf(executor) : undefined };
      return { isBest, isOver: best !== undefined && epoch - best.epoch >= patience };
    },
    restore(lastEpoch) {
      if (!best?.parameters) return lastEpoch;
      executor.setParameters(best.parameters);
      return best.epoch;
    },
  };
}

function copyOf(executor: Executor): Map<string, Float32Array> {
  const values = executor.parameters();
  return new Map(executor.trained.map((name) => [name, values.get(name)!.slice()]));
}
