// The families that go on from a pretrained encoder, which serve every task. Cheapest first.
import type { AnswerForm } from "../../networks/index.js";
import type { FamilyEntry } from "./family.js";
import type { LinearKind, LinearParts } from "./linear-family.js";

/** What `tune` chooses between. */
export const tuneNames = ["vectors"] as const;
export type TuneName = (typeof tuneNames)[number];

/** @param linear the task's linear model, for those whose encoder stays as it is */
export function encoderFamilies<Model extends LinearParts>(
  _form: AnswerForm,
  linear: () => Promise<LinearKind<Model>>,
): Record<TuneName, FamilyEntry> {
  return {
    vectors: {
      summary: "vectors of a pretrained encoder beside TF-IDF, with a linear model",
      base: "encoder",
      load: async () => (await import("./vectors-family.js")).vectorsFamily(await linear()),
    },
  };
}
