// Shapes of encoders and of their vectors in a model's folder, which may be a stranger's.
import { z } from "zod";
import type { EncoderShape } from "./shape.js";
import { poolingModes, type TextVectorShape, vectorActivations } from "./text-vector.js";

const size = z
  .int()
  .min(1)
  .max(2 ** 24);
const rate = z.number().min(0).lt(1);
const mostLayers = 512;
/** Tables of rotary positions and of distances have so many rows, and the first so many numbers. */
const [mostPositions, mostTurns] = [2 ** 16, 2 ** 26];

export const encoderShapeSchema = z
  .object({
    vocabSize: size,
    maxLength: z.int().min(1).max(mostPositions),
    layers: z.int().min(1).max(mostLayers),
    width: size,
    heads: size,
    feedForwardSize: size,
    activation: z.enum(["gelu", "relu", "squaredRelu", "swiglu", "geglu"]),
    normFirst: z.boolean(),
    epsilon: z.number().positive().max(1),
    biases: z.object({ norm: z.boolean(), attention: z.boolean(), feedForward: z.boolean() }),
    firstNorm: z.boolean(),
    lastNorm: z.boolean(),
    positions: z.object({ rows: size, first: z.int().min(0) }).optional(),
    tokenTypes: z.int().min(0).max(1024),
    distances: z
      .object({
        buckets: z
          .int()
          .min(4)
          .max(2 ** 16),
        longest: size,
      })
      .optional(),
    rotaryBases: z.array(z.number().positive()).max(mostLayers).optional(),
    windows: z.array(size.nullable()).max(mostLayers).optional(),
    dropout: rate,
    attentionDropout: rate,
  })
  .refine(({ width, heads }) => width % heads === 0, { path: ["heads"], message: "heads do not divide the width" })
  .refine(
    ({ rotaryBases, width, heads, maxLength }) =>
      !rotaryBases || ((width / heads) % 2 === 0 && (width / heads) * maxLength <= mostTurns),
    { path: ["rotaryBases"], message: "heads of an odd width, or too many positions for their width" },
  )
  .refine(({ positions, maxLength }) => !positions || positions.first + maxLength <= positions.rows, {
    path: ["positions"],
    message: "fewer positions than tokens",
  })
  .refine(
    ({ layers, rotaryBases, windows }) => [rotaryBases, windows].every((list) => !list || list.length === layers),
    { path: ["layers"], message: "another number of layers than rotaryBases or windows" },
  ) satisfies z.ZodType<EncoderShape>;

const vectorModule = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("normalize") }),
  z.object({ kind: z.literal("layerNorm"), size }),
  z.object({
    kind: z.literal("dense"),
    from: size,
    to: size,
    useBias: z.boolean(),
    activation: z.enum(vectorActivations),
    residual: z.boolean(),
  }),
]);

export const textVectorSchema = z.object({
  pooling: z.array(z.enum(poolingModes())).min(1).max(16),
  modules: z.array(vectorModule).max(64),
}) satisfies z.ZodType<TextVectorShape>;
