// Waits until every worker has come this far. Two counters in shared memory: how many have arrived, and which round.

/** Blocks the calling worker; the last to arrive wakes the others. */
export function waitForAll(control: Int32Array, workers: number): void {
  if (workers === 1) return;
  const round = Atomics.load(control, 1);
  if (Atomics.add(control, 0, 1) === workers - 1) {
    Atomics.store(control, 0, 0);
    Atomics.add(control, 1, 1);
    Atomics.notify(control, 1);
    return;
  }
  while (Atomics.load(control, 1) === round) Atomics.wait(control, 1, round, 1000);
}
