// The families of text classifiers: one table. A family's code is loaded when it is used.
import type { ClassifierFamily } from "./family.js";

export interface FamilyEntry {
  /** Short description for display. */
  summary: string;
  load(): Promise<ClassifierFamily>;
}

/** Cheapest first: between families that are equally good, the earlier one wins. */
export const families = {
  linear: {
    summary: "TF-IDF of words and characters with a linear support vector machine",
    load: async () => (await import("./linear-family.js")).linearFamily,
  },
  cnn: {
    summary: "sentence CNN over word vectors (Kim 2014)",
    load: async () => (await import("./network-family.js")).networkFamily("cnn"),
  },
  lstm: {
    summary: "bidirectional LSTM over word vectors",
    load: async () => (await import("./network-family.js")).networkFamily("lstm"),
  },
  transformer: {
    summary: "Transformer encoder over word vectors",
    load: async () => (await import("./network-family.js")).networkFamily("transformer"),
  },
  pretrained: {
    summary: "fine-tuned pretrained language model",
    load: async () => (await import("./pretrained-family.js")).pretrainedFamily,
  },
} as const satisfies Record<string, FamilyEntry>;

export type FamilyName = keyof typeof families;

export const familyNames = Object.keys(families) as FamilyName[];

export function isFamilyName(name: string): name is FamilyName {
  return Object.hasOwn(families, name);
}
