// The network families, which serve every task: a head is all that differs. Cheapest first.
import type { AnswerForm } from "../../networks/index.js";
import type { FamilyEntry } from "./family.js";

export function networkFamilies(form: AnswerForm) {
  return {
    cnn: {
      summary: "sentence CNN over word vectors (Kim 2014)",
      candidates: [
        { cost: 4 },
        { settings: { embeddingDim: 200, hidden: 200 }, cost: 10 },
        { settings: { dropout: 0.3, learningRate: 2e-3 }, cost: 4 },
      ],
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("cnn", form),
    },
    lstm: {
      summary: "bidirectional LSTM over word vectors",
      candidates: [
        { cost: 20 },
        { settings: { hidden: 48 }, cost: 10 },
        { settings: { hidden: 160, dropout: 0.6 }, cost: 40 },
      ],
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("lstm", form),
    },
    transformer: {
      summary: "Transformer encoder over word vectors",
      candidates: [
        { cost: 15 },
        { settings: { blocks: 1, hidden: 128 }, cost: 8 },
        { settings: { dropout: 0.4, learningRate: 1e-3 }, cost: 15 },
      ],
      load: async () => (await import("./word-network-family.js")).wordNetworkFamily("transformer", form),
    },
    pretrained: {
      summary: "fine-tuned pretrained language model",
      base: "language",
      candidates: [{ cost: 40 }],
      load: async () => (await import("./pretrained-family.js")).pretrainedFamily(form),
    },
  } as const satisfies Record<string, FamilyEntry>;
}
