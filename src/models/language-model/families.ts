// The families of language models: one table. A family's code is loaded when it is used.
import type { LanguageModelFamily } from "./language-model.js";

export interface FamilyEntry {
  /** Short description for display. */
  summary: string;
  load(): Promise<LanguageModelFamily>;
}

export const families = {
  transformer: {
    summary: "Transformer, left to right or bidirectional",
    load: async () => (await import("./network-family.js")).networkFamily,
  },
  lstm: {
    summary: "long short-term memory, its state carried across batches",
    load: async () => (await import("./network-family.js")).networkFamily,
  },
  ngram: {
    summary: "interpolated modified Kneser-Ney n-grams",
    load: async () => (await import("./ngram-family.js")).ngramFamily,
  },
} as const satisfies Record<string, FamilyEntry>;

export type FamilyName = keyof typeof families;

export const familyNames = Object.keys(families) as FamilyName[];

export function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(families, name);
}
