// Options of evaluating vectors of words, defined once.
import { z } from "zod";

const file = (description: string) =>
  z.array(z.string().min(1)).default([]).meta({ description, value: "file", expects: "a path" });

export const embeddingsEvaluateOptionsSchema = z.object({
  similarity: file("word pairs with a score, one per line: word word score; repeatable"),
  analogies: file("analogies of four words, one per line: Athens Greece Oslo Norway; repeatable"),
});

export type EmbeddingsEvaluateOptions = z.input<typeof embeddingsEvaluateOptionsSchema>;
