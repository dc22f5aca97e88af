// The families that go on from a pretrained encoder, which serve every task. Cheapest first.
import type { AnswerForm } from "../../networks/index.js";
import type { FamilyEntry } from "./family.js";

/** What `tune` chooses between. */
export const tuneNames = [] as const;
export type TuneName = (typeof tuneNames)[number];

export function encoderFamilies(_form: AnswerForm): Record<TuneName, FamilyEntry> {
  return {};
}
