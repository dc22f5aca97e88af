// Where a search reads the time, so that its tests need none.

export interface Clock {
  /** Seconds since some moment, which only grow. */
  now(): number;
}

export const wallClock: Clock = { now: () => performance.now() / 1000 };
