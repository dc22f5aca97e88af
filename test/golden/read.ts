// Reads the golden files of this folder. Knows nothing of what they are compared with.
import { readFileSync } from "node:fs";

/** Row-major numbers, as every golden file writes them. */
export interface GoldenTensor {
  shape: number[];
  data: number[];
}

/** What a golden file holds: who made it and how, then one entry a case. The fields of a case stand in `header.layout`. */
export interface Golden<Case> {
  header: { script: string; library: string; seed: number; layout: string };
  cases: (Case & { case: string })[];
}

/**
 * Reads `test/golden/<name>.json` from the root of the repository, where the tests run.
 *
 * @example
 * const { cases } = readGolden<{ input: GoldenTensor; output: GoldenTensor }>("torch-activations");
 */
export function readGolden<Case>(name: string): Golden<Case> {
  return JSON.parse(readFileSync(`test/golden/${name}.json`, "utf8"));
}
