// What a network for language modelling looks like; kept in the model folder, so it is a schema.
import { z } from "zod";

// Bounds: the file may be a stranger's.
const size = z
  .int()
  .min(1)
  .max(2 ** 24);
/** Tables of positions have so many rows. */
const mostPositions = 2 ** 16;
/** Numbers by which attention compares the tokens of one text: 4 GB. */
const mostScores = 2 ** 30;

/** @param heads of a Transformer; an LSTM has none */
export function longestContext(heads = 0): number {
  return Math.min(mostPositions, Math.floor(Math.sqrt(mostScores / heads)));
}

const context = z.int().min(1).max(mostPositions);
const rate = z.number().min(0).lt(1);

export const transformerShapeSchema = z.object({
  family: z.literal("transformer"),
  /** masked: every position sees the whole text, and hidden tokens are guessed. */
  objective: z.enum(["next-token", "masked"]),
  vocabSize: size,
  /** Tokens that are read at once, at most. */
  contextLength: context,
  layers: z.int().min(1).max(512),
  width: size,
  heads: size,
  /** Fewer than heads: several query heads share keys and values. */
  keyValueHeads: size,
  feedForwardSize: size,
  feedForward: z.enum(["gelu", "geluTanh", "relu", "swiglu", "squaredRelu"]),
  norm: z.enum(["layer", "rms"]),
  positions: z.enum(["learned", "rotary"]),
  queryKeyNorm: z.boolean(),
  useBias: z.boolean(),
  dropout: rate,
  // Of networks that others have trained; left out in ours.
  /** Default: width / heads. */
  headWidth: size.optional(),
  /** Which products of attention have a bias, where it is not as `useBias` says. */
  attentionBias: z.object({ input: z.boolean(), output: z.boolean() }).optional(),
  /** Of the norms. Default 1e-5. */
  epsilon: z.number().positive().max(1).optional(),
  /** Angle of each pair of features from one position to the next. Default: 10000^(−2i/d). */
  rotaryFrequencies: z
    .array(z.number())
    .max(2 ** 12)
    .optional(),
  /** Which features of a head turn together: i and i + d/2 (default), or 2i and 2i + 1. */
  rotaryPairs: z.enum(["halves", "adjacent"]).optional(),
  /** How many tokens each layer sees, the newest included; null: all. */
  windows: z.array(size.nullable()).max(512).optional(),
  /** Whether the output's matrix is not that of the token vectors. */
  isUntied: z.boolean().optional(),
});

export const lstmShapeSchema = z.object({
  family: z.literal("lstm"),
  objective: z.literal("next-token"),
  vocabSize: size,
  /** Tokens of one stretch; the state is carried from stretch to stretch. */
  contextLength: context,
  layers: z.int().min(1).max(512),
  /** Of the token vectors, and of the last layer's state, which is compared with them. */
  width: size,
  /** Units of the layers before the last one. */
  hidden: size,
  /** Of the token vectors, between the layers and behind them: one mask for all steps of a stretch. */
  dropout: rate,
  /** Share of the recurrent weights that training hides. */
  weightDropout: rate,
});

export const languageNetworkShapeSchema = z
  .discriminatedUnion("family", [transformerShapeSchema, lstmShapeSchema])
  .refine((shape) => shape.family === "lstm" || shape.contextLength <= longestContext(shape.heads), {
    path: ["contextLength"],
    message: "attention over so many tokens does not fit into memory",
  });

export type TransformerShape = z.infer<typeof transformerShapeSchema>;
export type LstmShape = z.infer<typeof lstmShapeSchema>;
export type LanguageNetworkShape = z.infer<typeof languageNetworkShapeSchema>;

export const headWidthOf = ({ width, heads, headWidth = width / heads }: TransformerShape) => headWidth;
