// The families that go on from a pretrained encoder, which serve every task. Cheapest first.
import type { AnswerForm } from "../../networks/index.js";
import type { FamilyEntry } from "./family.js";

/** What `tune` chooses between. */
export const tuneNames = ["lora", "full"] as const;
export type TuneName = (typeof tuneNames)[number];

export function encoderFamilies(form: AnswerForm): Record<TuneName, FamilyEntry> {
  return {
    lora: {
      summary: "pretrained encoder with low-rank updates",
      base: "encoder",
      load: async () => (await import("./tuned-encoder-family.js")).tunedEncoderFamily("lora", form),
    },
    full: {
      summary: "pretrained encoder, fine-tuned end to end",
      base: "encoder",
      load: async () => (await import("./tuned-encoder-family.js")).tunedEncoderFamily("full", form),
    },
  };
}
