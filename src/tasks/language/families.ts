// The families of language models: one table. A family's code is loaded when it is used.
import type { LanguageModelFamily } from "./language-model.js";

export interface LanguageModelFamilyEntry {
  /** Short description for display. */
  summary: string;
  load(): Promise<LanguageModelFamily>;
}

export const languageModelFamilies = {
  transformer: {
    summary: "Transformer, left to right or bidirectional",
    load: async () => (await import("./network-family.js")).languageNetworkFamily,
  },
  lstm: {
    summary: "long short-term memory, its state carried across batches",
    load: async () => (await import("./network-family.js")).languageNetworkFamily,
  },
  ngram: {
    summary: "interpolated modified Kneser-Ney n-grams",
    load: async () => (await import("./ngram-family.js")).ngramFamily,
  },
} as const satisfies Record<string, LanguageModelFamilyEntry>;

export type LanguageModelFamilyName = keyof typeof languageModelFamilies;

export const languageModelFamilyNames = Object.keys(languageModelFamilies) as LanguageModelFamilyName[];

export function isLanguageModelFamilyName(name: string): name is LanguageModelFamilyName {
  return Object.hasOwn(languageModelFamilies, name);
}
