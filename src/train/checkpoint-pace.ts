// When checkpoints are written: often enough to lose little, seldom enough to cost little.

/** Share of the time that checkpoints may take. */
const checkpointShare = 0.02;

export interface CheckpointPace {
  /** Writes where it is time. @param what as in "checkpoint of step 20" */
  whenDue(what: string, write: () => void): void;
  /** Writes, whatever the time; a failure is told. */
  orTell(what: string, write: () => void): void;
  /** Writes, whatever the time. */
  now(write: () => void): void;
}

/**
 * The first checkpoint comes after the first step, so that a run which is stopped again and again gets on; the others as
 * often as their share of the time allows. A failure is told, for the disk may have room again by the end; where the first
 * one `mustSucceed`, it fails, as nothing is lost yet.
 */
export function checkpointPace(
  say: (message: string) => void = () => {},
  { mustSucceed = false }: { mustSucceed?: boolean } = {},
): CheckpointPace {
  let isFirst = true;
  let [last, pause] = [0, 0];
  const now = (write: () => void) => {
    const started = performance.now();
    write();
    [last, isFirst] = [performance.now(), false];
    pause = ((last - started) * (1 - checkpointShare)) / checkpointShare;
  };
  const orTell = (what: string, write: () => void) => {
    const started = performance.now();
    try {
      now(write);
    } catch (error) {
      if ((isFirst && mustSucceed) || (error as NodeJS.ErrnoException).code === undefined) throw error;
      [last, isFirst] = [performance.now(), false];
      pause = Math.max(pause, ((last - started) * (1 - checkpointShare)) / checkpointShare);
      say(`The ${what} was not written (${(error as Error).message}).`);
    }
  };
  return {
    now,
    orTell,
    whenDue(what, write) {
      if (isFirst || performance.now() - last > pause) orTell(what, write);
    },
  };
}
