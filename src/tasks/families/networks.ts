// The network families, which serve every task: a head is all that differs. Cheapest first.
import type { FamilyEntry } from "./family.js";

/** @param output what a folder's network calls its answers */
export function networkFamilies(output: "probabilities" | "values") {
  return {
    cnn: {
      summary: "sentence CNN over word vectors (Kim 2014)",
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("cnn", output),
    },
    lstm: {
      summary: "bidirectional LSTM over word vectors",
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("lstm", output),
    },
    transformer: {
      summary: "Transformer encoder over word vectors",
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("transformer", output),
    },
    pretrained: {
      summary: "fine-tuned pretrained language model",
      load: async () => (await import("./pretrained-family.js")).pretrainedFamily(output),
    },
  } as const satisfies Record<string, FamilyEntry>;
}
