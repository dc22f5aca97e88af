// The families of language models: one table. A family's code is loaded when it is used.
import type { LanguageModelFamily } from "./language-model.js";

export interface LanguageModelFamilyEntry {
  /** Short description for display. */
  summary: string;
  objectives: readonly ("next-token" | "masked")[];
  load(): Promise<LanguageModelFamily>;
}

export const languageModelFamilies = {
  transformer: {
    summary: "Transformer, left to right or bidirectional",
    objectives: ["next-token", "masked"],
    load: async () => (await import("./families/network.js")).languageNetworkFamily("transformer"),
  },
  lstm: {
    summary: "long short-term memory, its state carried across batches",
    objectives: ["next-token"],
    load: async () => (await import("./families/network.js")).languageNetworkFamily("lstm"),
  },
  ngram: {
    summary: "interpolated modified Kneser-Ney n-grams",
    objectives: ["next-token"],
    load: async () => (await import("./families/ngram.js")).ngramFamily,
  },
} as const satisfies Record<string, LanguageModelFamilyEntry>;

export type LanguageModelFamilyName = keyof typeof languageModelFamilies;

export const languageModelFamilyNames = Object.keys(languageModelFamilies) as [
  LanguageModelFamilyName,
  ...LanguageModelFamilyName[],
];

export function isLanguageModelFamilyName(name: string): name is LanguageModelFamilyName {
  return Object.hasOwn(languageModelFamilies, name);
}
