// What a saved model of layers says of itself, as a schema: it may come from a stranger.
import { z } from "zod";
import { type LossName, lossNames } from "../nn/index.js";
import { optimizerNames } from "../optim/index.js";
import { metricNames } from "./compile-options.js";

const count = z.int().nonnegative();
const name = z.string().regex(/^[^/\s]+$/);
const place = z.union([
  z.strictObject({ input: count }),
  z.strictObject({ call: count, output: z.enum(["result", "attention"]) }),
]);
const loss = z.enum(lossNames as [LossName, ...LossName[]]);

export const modelPlanSchema = z.strictObject({
  seed: count,
  epochsDone: count,
  inputs: z
    .array(
      z.strictObject({
        name,
        shape: z.array(z.union([z.int().positive(), z.string().min(1)])),
        dtype: z.enum(["float32", "int32"]),
      }),
    )
    .min(1),
  layers: z.array(z.strictObject({ name, kind: z.string().min(1), config: z.record(z.string(), z.unknown()) })),
  calls: z.array(z.strictObject({ layer: count, inputs: z.array(place).min(1) })),
  outputs: z.array(z.strictObject({ name, place })).min(1),
  compiled: z
    .strictObject({
      loss: z.union([loss, z.record(z.string(), loss)]),
      optimizer: z.strictObject({
        name: z.enum(optimizerNames),
        learningRate: z.number().nonnegative(),
        beta1: z.number().min(0).lt(1),
        beta2: z.number().min(0).lt(1),
        epsilon: z.number().nonnegative(),
        weightDecay: z.number().nonnegative(),
        momentum: z.number().nonnegative(),
        matrixLearningRate: z.number().nonnegative().default(0.02),
        clipNorm: z.number().positive().optional(),
      }),
      metrics: z.array(z.enum(metricNames)),
      lossWeights: z.record(z.string(), z.number()),
    })
    .optional(),
});
export type ModelPlan = z.input<typeof modelPlanSchema>;
