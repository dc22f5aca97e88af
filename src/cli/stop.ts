// Ctrl-C, a closed terminal, a polite kill: the first asks the work to stop at the next step, the second ends the program.
// Both ways the temporary files go.
import { removeTemporary } from "../base/temporary.js";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function listenForStop(say: (message: string) => void): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const listener = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) endBy(signal);
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

/** As if nobody had listened. process.exit would end the threads amid a native call, which aborts the program with a message of its own. */
function endBy(signal: NodeJS.Signals): void {
  removeTemporary();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
