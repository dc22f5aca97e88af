// What training gives, whatever the family.
import type { ModelFiles } from "../../folders/model-files.js";

/** Where a run was evaluated; the last step is a point too. */
export interface HistoryPoint {
  step: number;
  /** Mean over the steps since the point before, in nats a token. */
  trainingLoss: number;
  /** Where it was measured. */
  validationLoss?: number;
  /** Of training alone, since the beginning. */
  seconds: number;
  /** Some text from the model as it was then. */
  sample?: string;
}

export interface TrainedModel {
  files: ModelFiles;
  parameters: number;
  /** What stands among the options in the folder, besides the seed. */
  options: Record<string, unknown>;
  /** Of validation tokens, in nats. */
  loss?: number;
  /** For networks. */
  steps?: number;
  tokens: number;
  seconds: number;
  history: HistoryPoint[];
}
