// The families of a run without a budget, one after another, cheapest first.
import { CancelledError } from "../../base/errors.js";
import type { WorkflowWatch } from "../../base/watch.js";
import type { SplitRows } from "../../tasks/index.js";
import type { FoldTraining } from "./folds.js";
import { type Candidate, trainFamily } from "./train-family.js";

/**
 * After a signal, those that are finished, and the one in training if it can answer.
 *
 * @throws CancelledError when the signal comes before any can
 */
export async function trainFamilies(
  families: readonly string[],
  { task, rows, options, keeper, metric }: FoldTraining & { rows: SplitRows },
  watch: WorkflowWatch,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  try {
    for (const name of families) {
      if (watch.signal?.aborted && candidates.length > 0) break;
      candidates.push(await trainFamily(task, { name, family: name }, rows, options, keeper, watch, { metric }));
    }
  } catch (error) {
    if (error instanceof CancelledError && candidates.length > 0) return candidates;
    for (const { trained } of candidates) await trained.close();
    throw error;
  }
  return candidates;
}
