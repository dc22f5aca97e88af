// What `columnist train --json` prints, as far as the benches read it.

export interface TrainAnswer {
  /** Every family that was compared, on the held-out rows. */
  models: { family: string; accuracy: number; seconds: number }[];
  winner: string;
}

/** Fails with the document itself when it has another form. */
export function readTraining(stdout: string): TrainAnswer {
  const document = JSON.parse(stdout) as Partial<TrainAnswer>;
  const complete = document.winner !== undefined && document.models?.every(({ accuracy }) => Number.isFinite(accuracy));
  if (!complete) throw new Error(`train --json printed another document than expected: ${stdout.slice(0, 2000)}`);
  return document as TrainAnswer;
}
