// What a pretrained encoder with a new last layer looks like; kept in the model folder, so there is a schema of it.
import { z } from "zod";
import { type EncoderShape, encoderShapeSchema, type TextVectorShape, textVectorSchema } from "../encoders/index.js";

export interface TunedEncoderShape {
  encoder: EncoderShape;
  /** What the last layer reads: the vector of a text, without the norm that many models put at its end. */
  vector: TextVectorShape;
  /** Numbers that the last layer gives. */
  width: number;
  /** Tokens of a text that are read, special ones included. */
  maxLength: number;
  /** Of what the last layer reads, in training. */
  dropout: number;
}

export const tunedEncoderSchema = z
  .object({
    encoder: encoderShapeSchema,
    vector: textVectorSchema,
    width: z.int().min(1).max(1e7),
    maxLength: z.int().min(1),
    dropout: z.number().min(0).lt(1),
  })
  .refine(({ maxLength, encoder }) => maxLength <= encoder.maxLength, {
    path: ["maxLength"],
    message: "longer than the encoder reads",
  }) satisfies z.ZodType<TunedEncoderShape>;

/** A vector of length 1 would bound how sure a last layer can be: norms at the end are left out, and what they stand behind is read. */
export function withoutLastNorm({ pooling, modules }: TextVectorShape): TextVectorShape {
  const kept = modules.findLastIndex(({ kind }) => kind !== "normalize") + 1;
  return { pooling, modules: modules.slice(0, kept) };
}
