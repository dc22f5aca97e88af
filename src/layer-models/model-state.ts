// What a model is made of while a program holds it. The functions of this folder work on it; createModel wraps it.
import { UserError } from "../base/errors.js";
import type { Layer } from "../nn/index.js";
import type { ParameterInit, Session } from "../runtime/index.js";
import { initialModelParameters, inspectPlan } from "./build-graph.js";
import type { Compiled } from "./compile-options.js";
import type { Topology } from "./topology.js";

export interface ModelState {
  /** Missing while a sequential model does not know its input's shape. */
  plan?: Topology;
  /** Where it was loaded from. */
  folder?: string;
  /** Layers of a sequential model that waits for its first data. */
  waiting?: readonly Layer[];
  parameters: Map<string, Float32Array>;
  seed: number;
  compiled?: Compiled;
  /** Epochs trained so far: shuffling and dropout go on from here. */
  epochsDone: number;
  /** For predictions; gone whenever the parameters change. */
  session?: Promise<Session>;
  isTraining: boolean;
}

export function newState(plan: Topology | undefined, seed: number, waiting?: readonly Layer[]): ModelState {
  return {
    plan,
    waiting,
    seed,
    parameters: plan ? initialModelParameters(plan, seed) : new Map(),
    epochsDone: 0,
    isTraining: false,
  };
}

export function builtPlan({ plan }: ModelState): Topology {
  if (plan) return plan;
  throw new UserError(
    "the model does not know its input's shape yet: start the layers with input({ shape: [width] }), or call fit first.",
  );
}

export function compiledOf({ compiled }: ModelState): Compiled {
  if (compiled) return compiled;
  throw new UserError('the model has no loss yet: call model.compile({ loss: "categoricalCrossentropy" }) first.');
}

/** The parameters as the executor takes them. */
export function parameterInits(state: ModelState): ParameterInit[] {
  return inspectPlan(builtPlan(state))
    .parameters.flat()
    .map(({ name, shape, trainable, isHidden }) => ({
      name,
      shape,
      trainable,
      isHidden,
      data: state.parameters.get(name)!,
    }));
}

/** To be called whenever the parameters change. */
export async function dropSession(state: ModelState): Promise<void> {
  const { session } = state;
  state.session = undefined;
  if (session) await (await session).close();
}
