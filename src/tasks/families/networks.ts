// The network families, which serve every task: a head is all that differs. Cheapest first.
import type { AnswerForm } from "../../networks/index.js";
import type { FamilyEntry } from "./family.js";

export function networkFamilies(form: AnswerForm) {
  return {
    cnn: {
      summary: "sentence CNN over word vectors (Kim 2014)",
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("cnn", form),
    },
    lstm: {
      summary: "bidirectional LSTM over word vectors",
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("lstm", form),
    },
    transformer: {
      summary: "Transformer encoder over word vectors",
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("transformer", form),
    },
    pretrained: {
      summary: "fine-tuned pretrained language model",
      load: async () => (await import("./pretrained-family.js")).pretrainedFamily(form),
    },
  } as const satisfies Record<string, FamilyEntry>;
}
