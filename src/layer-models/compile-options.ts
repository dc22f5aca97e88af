// What model.compile takes: losses, optimizer, metrics. Plain data in the end, as a saved model keeps it.
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import { describe, type LossName, lossOf } from "../nn/index.js";
import { type OptimizerName, type OptimizerOptions, type ResolvedOptimizer, resolveOptimizer } from "../optim/index.js";
import { inspectPlan } from "./build-graph.js";
import type { Topology } from "./topology.js";

export const metricNames = ["accuracy"] as const;
export type MetricName = (typeof metricNames)[number];

export interface CompileOptions {
  /** One loss, or one per output by name; training minimises their sum. */
  loss: LossName | Readonly<Record<string, LossName>>;
  /** A name, or a name with settings: { name: "adamw", learningRate: 3e-4, weightDecay: 0.01, clipNorm: 1 }. */
  optimizer?: OptimizerName | OptimizerOptions;
  /** Metrics to measure besides the loss. */
  metrics?: readonly MetricName[];
  /** Weights of the outputs' losses; 1 each by default. */
  lossWeights?: Readonly<Record<string, number>>;
}

export interface Compiled {
  loss: CompileOptions["loss"];
  optimizer: ResolvedOptimizer;
  metrics: MetricName[];
  lossWeights: Record<string, number>;
}

export function checkCompile(options: CompileOptions): Compiled {
  if (typeof options !== "object" || options === null || options.loss === undefined)
    throw new UserError(`compile takes { loss, optimizer, metrics }, got ${describe(options)}.`);
  const known = ["loss", "optimizer", "metrics", "lossWeights"];
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new UserError(`compile has no option '${key}'; it has ${known.join(", ")}.${didYouMean(key, known)}`);
  for (const name of typeof options.loss === "string" ? [options.loss] : Object.values(options.loss)) lossOf(name);
  for (const name of options.metrics ?? [])
    if (!metricNames.includes(name))
      throw new UserError(
        `metric '${name}' is not known; known are ${metricNames.join(", ")}.${didYouMean(name, metricNames)}`,
      );
  return {
    loss: options.loss,
    optimizer: resolveOptimizer(options.optimizer ?? "adam"),
    metrics: [...(options.metrics ?? [])],
    lossWeights: { ...options.lossWeights },
  };
}

/** Each output that has a loss. */
export interface OutputLoss {
  output: number;
  name: string;
  loss: LossName;
  weight: number;
  /** Size of the output's last axis. */
  classes: number;
}

export function outputLosses(plan: Topology, { loss, lossWeights }: Compiled): OutputLoss[] {
  const names = plan.outputs.map(({ name }) => name);
  const entries: [string, LossName][] =
    typeof loss === "string" ? names.map((name) => [name, loss]) : Object.entries(loss);
  for (const name of [...entries.map(([name]) => name), ...Object.keys(lossWeights)])
    if (!names.includes(name))
      throw new UserError(
        `'${name}' is not an output of the model; its outputs are ${names.join(", ")}.${didYouMean(name, names)}`,
      );
  const { outputShapes } = inspectPlan(plan);
  return entries.map(([name, loss]) => {
    const output = names.indexOf(name);
    const classes = Number(outputShapes[output].at(-1));
    return { output, name, loss, classes, weight: lossWeights[name] ?? 1 };
  });
}
