// The families of text classifiers: one table. A family's code is loaded when it is used.
import type { ClassifierFamily } from "./family.js";

export interface ClassifierFamilyEntry {
  /** Short description for display. */
  summary: string;
  load(): Promise<ClassifierFamily>;
}

/** Cheapest first: between families that are equally good, the earlier one wins. */
export const classifierFamilies = {
  linear: {
    summary: "TF-IDF of words and characters with a linear support vector machine",
    load: async () => (await import("./linear-family.js")).linearFamily,
  },
  cnn: {
    summary: "sentence CNN over word vectors (Kim 2014)",
    load: async () => (await import("./network-family.js")).wordNetworkFamily("cnn"),
  },
  lstm: {
    summary: "bidirectional LSTM over word vectors",
    load: async () => (await import("./network-family.js")).wordNetworkFamily("lstm"),
  },
  transformer: {
    summary: "Transformer encoder over word vectors",
    load: async () => (await import("./network-family.js")).wordNetworkFamily("transformer"),
  },
  pretrained: {
    summary: "fine-tuned pretrained language model",
    load: async () => (await import("./pretrained-family.js")).pretrainedFamily,
  },
} as const satisfies Record<string, ClassifierFamilyEntry>;

export type ClassifierFamilyName = keyof typeof classifierFamilies;

export const classifierFamilyNames = Object.keys(classifierFamilies) as ClassifierFamilyName[];

export function isClassifierFamilyName(name: string): name is ClassifierFamilyName {
  return Object.hasOwn(classifierFamilies, name);
}
