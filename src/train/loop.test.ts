import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Executor } from "../runtime/index.js";
import { type CheckpointPace, checkpointPace } from "./checkpoint-pace.js";
import { readCheckpoint } from "./checkpoints.js";
import { watchBest } from "./early-stopping.js";
import { type LoopOptions, type LoopOutcome, runLoop } from "./loop.js";
import type { Trainer } from "./trainer.js";

/** Its state is one number, and so is its loss; `watch` looks for its best figure. */
function counter() {
  const value = new Float32Array(1);
  let done = 0;
  const trainer: Trainer = {
    get done() {
      return done;
    },
    async step() {
      value[0] = Math.sin(value[0] + ++done);
      return [{ figures: { loss: value[0] }, weight: 1 + (done % 3) }];
    },
    state: () => ({ step: done, arrays: new Map([["value", value]]) }),
    restore(state) {
      value.set(state.arrays.get("value")!);
      done = state.step;
    },
  };
  const executor = {
    trained: ["value"],
    parameters: () => new Map([["value", value]]),
    setParameters: (given: ReadonlyMap<string, Float32Array>) => value.set(given.get("value")!),
  };
  const watch = watchBest(executor as unknown as Executor, { monitor: "figure", patience: 3 });
  return { trainer, watch, value };
}

const everyStep: CheckpointPace = {
  whenDue: (_, write) => write(),
  orTell: (_, write) => write(),
  now: (write) => write(),
};

async function toTheEnd(
  trainer: Trainer,
  options: Omit<LoopOptions, "length">,
  onStep: (step: number) => void = () => {},
): Promise<LoopOutcome> {
  let looks = options.before?.history.length ?? 0;
  const loop = runLoop(trainer, {
    length: { steps: 40, isLook: (done) => done % 4 === 0 },
    // The first figures are none, as a measure of rows without a label may be.
    look: async () => ({
      figures: { figure: [Number.NaN, 1, 2, 5, Infinity, 4, 3, 2, 1][looks++] },
      sample: `look ${looks}`,
    }),
    ...options,
  });
  for (;;) {
    const { value, done } = await loop.next();
    if (done) return value;
    if (value.kind === "step") onStep(value.step);
  }
}

/** Without times. */
const told = ({ history, stopped, keptLook }: LoopOutcome) => ({
  ...{ stopped, keptLook },
  history: history.map(({ seconds, spent, ...point }) => point),
});

test("from every checkpoint a run comes to the same end: figures, looks, the best one and its state", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "columnist-loop-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const whole = counter();
  const wanted = await toTheEnd(whole.trainer, { watch: whole.watch });
  assert.deepEqual([wanted.stopped, wanted.keptLook, wanted.history.length], ["early", 4, 8]);
  for (const stop of [1, 3, 4, 11, 20, 21, 29, 31]) {
    const place = { folder: join(folder, String(stop)), pace: everyStep, say: () => {} };
    const controller = new AbortController();
    const first = counter();
    const options = { watch: first.watch, place, signal: controller.signal };
    const cut = await toTheEnd(first.trainer, options, (step) => {
      if (step === stop) controller.abort();
    });
    assert.equal(cut.stopped, "cancelled");
    const before = readCheckpoint(place.folder, () => assert.fail());
    assert.equal(before?.state.step, stop);
    const second = counter();
    second.trainer.restore(before!.state);
    const outcome = await toTheEnd(second.trainer, { watch: second.watch, before });
    assert.deepEqual(told(outcome), told(wanted), `stopped after step ${stop}`);
    assert.deepEqual(second.value, whole.value);
    assert.ok(outcome.seconds > 0 && outcome.history.every(({ spent, seconds }) => spent >= seconds));
  }
});

test("two checkpoints are kept; a torn one is passed over, one without its note does not count", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "columnist-loop-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const place = { folder, pace: everyStep, say: () => {}, isWhole: true };
  await toTheEnd(counter().trainer, { place });
  const names = ["checkpoint-39.json", "checkpoint-39.safetensors", "checkpoint-40.json", "checkpoint-40.safetensors"];
  assert.deepEqual(readdirSync(folder).sort(), names);
  writeFileSync(join(folder, "checkpoint-41.safetensors"), "torn");
  assert.equal(readCheckpoint(folder, () => assert.fail())?.state.step, 40);
  truncateSync(join(folder, "checkpoint-40.safetensors"), 20);
  const said: string[] = [];
  assert.equal(readCheckpoint(folder, (message) => said.push(message))?.state.step, 39);
  assert.match(said.join(), /step 40 is damaged \(its checksum is wrong\); the previous one is used/);
  writeFileSync(join(folder, "checkpoint-39.json"), "");
  assert.throws(() => readCheckpoint(folder, () => {}), { name: "UserError", message: /All checkpoints in .* remove/ });
});

test("a checkpoint that finds no room is told; where the first one must succeed, it fails", () => {
  const full = () => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  };
  const said: string[] = [];
  const pace = checkpointPace((message) => said.push(message));
  pace.whenDue("checkpoint of step 1", full);
  assert.deepEqual(said, ["The checkpoint of step 1 was not written (no space left on device)."]);
  assert.throws(() => checkpointPace(() => {}, { mustSucceed: true }).whenDue("checkpoint", full), /no space/);
  const fault = () => {
    throw new Error("a fault of the program");
  };
  assert.throws(() => checkpointPace().whenDue("checkpoint", fault), /a fault/);
});
