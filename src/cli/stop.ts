// Ctrl-C: the first asks the work to stop at the next step, the second ends the program.

export function listenForStop(say: (message: string) => void): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const listener = () => {
    if (controller.signal.aborted) process.exit(1);
    say("Stopping at the next step; press Ctrl-C again to end at once.");
    controller.abort();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  return {
    signal: controller.signal,
    close() {
      process.off("SIGINT", listener);
      process.off("SIGTERM", listener);
    },
  };
}
