// One run for each folder that will be written: beside it stands a file that names the process at work. Beside, because the
// folder itself is replaced when the run is done.
import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../base/errors.js";
import { tryLock } from "../base/lock.js";
import { option } from "../base/option.js";
import { placeOf } from "../base/place.js";

/** A process that was just killed takes a moment to be gone. */
const graceMilliseconds = 2000;

/**
 * @param out - the folder that the run will be
 * @returns releases it
 * @throws UserError when another run that is alive writes the same folder
 */
export function lockRun(out: string): () => void {
  const place = placeOf(out);
  const path = join(dirname(place), `.${basename(place)}.lock`);
  const deadline = performance.now() + graceMilliseconds;
  mkdirSync(dirname(place), { recursive: true });
  for (;;) {
    const lock = tryLock(path);
    if (typeof lock === "function") return lock;
    if (lock.pid === process.pid || performance.now() > deadline)
      throw new UserError(
        `Another run (process ${lock.pid} on ${lock.host}) is using '${out}'. Wait for it, or choose another ` +
          `folder with ${option("out")}. If that process has ended, remove '${path}'.`,
      );
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}
