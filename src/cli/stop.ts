// Ctrl-C, a closed terminal, a polite kill: the first asks the work to stop at the next step, the second ends the program.
// Both ways the temporary files go.

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function listenForStop(say: (message: string) => void): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(1);
    say("Stopping at the next step; press Ctrl-C again to quit immediately.");
    controller.abort();
  };
  for (const signal of signals) process.on(signal, listener);
  return {
    signal: controller.signal,
    close() {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
