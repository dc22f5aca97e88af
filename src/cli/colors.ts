// Whether what we print has colours, and the functions that colour it. The only place that knows picocolors, whose own
// guess reads the arguments and takes every CI for a terminal.
import picocolors from "picocolors";

/** NO_COLOR (https://no-color.org) wins over FORCE_COLOR (https://force-color.org); otherwise a terminal gets colours. */
export function wantsColors(env: Record<string, string | undefined>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return !/^(0|false)$/i.test(env.FORCE_COLOR);
  return isTerminal && env.TERM !== "dumb";
}

export default picocolors.createColors(wantsColors(process.env, process.stdout.isTTY === true));
