// When checkpoints are written: often enough to lose little, seldom enough to cost little.

/** Share of the time that checkpoints may take. */
const checkpointShare = 0.02;

/** A failed write (a full disk) is told: the work goes on without it. @param what as in "checkpoint of step 20" */
export function writeOrTell(say: (message: string) => void, what: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    say(`The ${what} was not written (${(error as Error).message}).`);
  }
}

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
  let [first, last, cost, all] = [0, 0, 0, 0];
  const timed = (write: () => void) => {
    const started = performance.now();
    if (isFirst) first = started;
    try {
      write();
    } finally {
      [last, isFirst] = [performance.now(), false];
      cost = last - started;
      all += cost;
    }
  };
  /** Not one after another, and not before this one too is paid for. */
  const isDue = () => {
    const now = performance.now();
    return checkpointShare * (now - last) > cost && checkpointShare * (now - first) > all + cost;
  };
  const orTell: CheckpointPace["orTell"] = (what, write) => {
    if (isFirst && mustSucceed) timed(write);
    else writeOrTell(say, what, () => timed(write));
  };
  return {
    now: timed,
    orTell,
    whenDue(what, write) {
      if (isFirst || isDue()) orTell(what, write);
    },
  };
}
