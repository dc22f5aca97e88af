// Folders of every kind, damaged 600 times: the same answer, or an error that a user can mend. Half of them carry checksums that
// fit, as a stranger would make them: then what is behind the checksums must refuse them, or answer with numbers.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { mixSeed } from "../../src/base/random.js";
import { type Damage, damages } from "./damage.js";
import type { Case, Outcome } from "./folders-worker.js";
import { makeTables, subjects } from "./subjects.js";

const [cases, dearCases, seed] = [29, 12, Number(process.env.FUZZ_SEED ?? 1)];
/** Behind checksums, what tells sizes and what is computed with is reached more often. */
const sealedDamages: readonly Damage[] = [
  "number",
  "float",
  "number",
  "bit",
  "number",
  "bytes",
  "float",
  "cut",
  "longer",
];
const most = { cpuSeconds: 10, megabytes: 1024 };
/** Of the clock, after which a case counts as one that never ends: other processes may have the cores. */
const patience = 120_000;

const place = mkdtempSync(join(tmpdir(), "columnist-fuzz-folders-"));
const worker = fileURLToPath(new URL("./folders-worker.js", import.meta.url));
let child: ChildProcess | undefined;
after(() => {
  child?.kill("SIGKILL");
  rmSync(place, { recursive: true, force: true });
});

before(async () => {
  makeTables(place);
  for (const { make } of Object.values(subjects)) await make(place);
});

function run(one: Case): Promise<Outcome | string> {
  child ??= fork(worker, [place], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const own = child;
  return new Promise((resolve) => {
    const end = (what: Outcome | string) => {
      clearTimeout(timer);
      own.removeAllListeners();
      if (typeof what === "string") {
        own.kill("SIGKILL");
        child = undefined;
      }
      resolve(what);
    };
    const timer = setTimeout(() => end("it never ended"), patience);
    own.once("message", (outcome: Outcome) => end(outcome));
    own.once("exit", (code, signal) => end(`the process ended with ${signal ?? code}`));
    own.send(one);
  });
}

for (const [number, [name, subject]] of Object.entries(subjects).entries())
  test(`${name}: damaged, it gives the same answer or says what is wrong`, async () => {
    const faults: string[] = [];
    for (let i = 0; i < (subject.isDear ? dearCases : cases); i++) {
      const isSealed = i % 2 === 1;
      const kinds = isSealed ? sealedDamages : damages;
      const kind = kinds[(i >> 1) % kinds.length];
      const one: Case = { subject: name, seed: mixSeed(seed, 1000 * number + i), kind, isSealed };
      const outcome = await run(one);
      const told = JSON.stringify({ ...one, ...(typeof outcome === "string" ? { outcome } : outcome) });
      if (process.env.FUZZ_VERBOSE) console.log(told);
      if (typeof outcome === "string") faults.push(told);
      else {
        const mayDiffer = isSealed || subject.isForeign;
        const isGood =
          outcome.result === "same" || outcome.result === "refused" || (mayDiffer && outcome.result === "other");
        const { cpuSeconds, megabytes } = outcome;
        if (!isGood || cpuSeconds > most.cpuSeconds || megabytes > most.megabytes) faults.push(told);
      }
    }
    assert.deepEqual(faults, []);
  });
