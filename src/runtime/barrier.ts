// Waits until every worker has come this far. Shared counters: how many have arrived, which round, whether one failed.

/** Blocks the calling worker; the last to arrive wakes the others. Throws when another worker has given up. */
export function waitForAll(control: Int32Array, workers: number): void {
  if (workers === 1) return;
  const round = Atomics.load(control, 1);
  if (Atomics.add(control, 0, 1) === workers - 1) {
    Atomics.store(control, 0, 0);
    Atomics.add(control, 1, 1);
    Atomics.notify(control, 1);
    return;
  }
  while (Atomics.load(control, 1) === round) {
    if (Atomics.load(control, 2) !== 0) throw new Error("another training worker failed");
    Atomics.wait(control, 1, round, 100);
  }
}

/** Lets those that wait at the barrier go, with an error. */
export function giveUp(control: Int32Array): void {
  Atomics.store(control, 2, 1);
  Atomics.notify(control, 1);
}
