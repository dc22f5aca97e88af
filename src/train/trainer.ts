// What the loop trains: something that takes one step after another, whose state can be taken out and put back.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { firstNotFinite } from "../formats/finite.js";
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

/** @throws UserError when the state is not one of this network, or is none that training could have come to */
export function restoreExecutor(executor: Executor, state: TrainerState): void {
  checkState(state, executorState(executor));
  const { step, arrays } = state;
  executor.restore({
    step,
    learningRates: (arrays.get("learningRates") as Float64Array | undefined) ?? new Float64Array(),
    parameters: arraysOf(arrays, "parameters"),
    moment1: arraysOf(arrays, "moment1"),
    moment2: arraysOf(arrays, "moment2"),
    rowSteps: arraysOf(arrays, "rowSteps"),
  });
}

/** A checkpoint may come from a stranger: its arrays are those of the network, and its rows' steps have been. */
function checkState({ step, arrays }: TrainerState, own: TrainerState): void {
  const wrong = (what: string) =>
    new UserError(
      `The checkpoint of step ${step} does not belong to this run: ${what}. To start again, remove the run's folder, or choose ` +
        `another one with ${option("out")}.`,
    );
  for (const [name, data] of own.arrays) {
    const found = arrays.get(name);
    if (name === "learningRates" || name.startsWith("rowSteps/")) continue;
    if (found?.constructor !== data.constructor || found.length !== data.length)
      throw wrong(`it has no '${name}' of ${data.length} numbers`);
  }
  for (const [name, data] of arrays) {
    if (/^(parameters|best|learningRates)(\/|$)/.test(name) && firstNotFinite(data) >= 0)
      throw wrong(`'${name}' contains ${data[firstNotFinite(data)]}`);
    const [kind, rest] = [name.split("/")[0], name.slice(name.indexOf("/") + 1)];
    const parameter = own.arrays.get(`parameters/${rest}`);
    if (kind === "learningRates" && !(data instanceof Float64Array && data.length <= step))
      throw wrong("its learning rates are not those of its steps");
    if (kind === "best" && !(data instanceof Float32Array && data.length === parameter?.length))
      throw wrong(`'${name}' is not of a parameter`);
    if (kind === "rowSteps") {
      const isPast = data instanceof Int32Array && data.every((one) => one >= 0 && one <= step);
      if (!isPast || !parameter || data.length === 0 || parameter.length % data.length !== 0)
        throw wrong(`'${name}' are not steps of the rows of a table`);
    }
  }
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
