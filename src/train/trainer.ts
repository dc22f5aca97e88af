// What the loop trains: something that takes one step after another, whose state can be taken out and put back.
import type { Executor } from "../runtime/index.js";
import type { Measured } from "./figures.js";

export type TrainerArray = Float32Array | Float64Array | Int32Array;

/** Everything that decides how training goes on. */
export interface TrainerState {
  /** Steps done. */
  step: number;
  /** By "parameters/…", "moment1/…", "moment2/…", "rowSteps/…", "learningRates", and what else the trainer needs. */
  arrays: Map<string, TrainerArray>;
}

export interface Trainer {
  /** Steps done. Which batch comes next follows from it. */
  readonly done: number;
  step(): Promise<Measured[]>;
  /** Live arrays: write them away before the next step. */
  state(): TrainerState;
  restore(state: TrainerState): void;
}

/** Frozen parameters are left out: they are as they began. */
export function executorState(executor: Executor): TrainerState {
  const { step, learningRates, parameters, ...moments } = executor.state();
  const arrays = new Map<string, TrainerArray>([["learningRates", learningRates]]);
  for (const name of executor.trained) arrays.set(`parameters/${name}`, parameters.get(name)!);
  for (const [kind, views] of Object.entries(moments))
    for (const [name, data] of views) arrays.set(`${kind}/${name}`, data);
  return { step, arrays };
}

export function restoreExecutor(executor: Executor, { step, arrays }: TrainerState): void {
  executor.restore({
    step,
    learningRates: (arrays.get("learningRates") as Float64Array | undefined) ?? new Float64Array(),
    parameters: arraysOf(arrays, "parameters"),
    moment1: arraysOf(arrays, "moment1"),
    moment2: arraysOf(arrays, "moment2"),
    rowSteps: arraysOf(arrays, "rowSteps"),
  });
}

/** Those of a kind, by the names behind "kind/". */
export function arraysOf<A extends TrainerArray>(
  arrays: ReadonlyMap<string, TrainerArray>,
  kind: string,
): Map<string, A> {
  const prefix = `${kind}/`;
  return new Map(
    [...arrays].flatMap(([name, data]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), data as A]] : [])),
  );
}
