// What training gives, whatever the family.
import type { ModelFiles } from "../../folders/model-files.js";
import type { HistoryPoint } from "./checkpoints.js";

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
