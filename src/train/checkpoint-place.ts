// Where a stage of a run keeps its checkpoints, and how often.
import { join } from "node:path";
import type { CheckpointPace } from "./checkpoint-pace.js";
import { type Checkpoint, readCheckpoint } from "./checkpoints.js";

export interface CheckpointPlace {
  /** Made when the first one is written. */
  folder: string;
  pace: CheckpointPace;
  /** Tells what is passed over, and where training goes on. */
  say(message: string): void;
  /** One is written too when the run is stopped and when it ends; otherwise only what the pace allows. */
  isWhole?: boolean;
}

/** A place for a stage of the work inside that of the work. */
export function stagePlace(place: CheckpointPlace | undefined, stage: string): CheckpointPlace | undefined {
  if (!place) return undefined;
  const say = (message: string) => place.say(`${stage}, ${message}`);
  return { ...place, say, folder: join(place.folder, stage.replaceAll(" ", "-")) };
}

/** The newest checkpoint there, if any. @throws UserError when all of them are damaged */
export function newestCheckpoint({ folder, say }: CheckpointPlace): Checkpoint | undefined {
  return readCheckpoint(folder, say);
}
