import assert from "node:assert/strict";
import { test } from "node:test";
import { CancelledError } from "../base/errors.js";
import { forecaster } from "./forecast.js";
import { halving } from "./halving.js";
import { pickByFigure } from "./pick-by-figure.js";
import { type Candidate, type Run, search } from "./search.js";

/** Time passes where a test says so. */
function fakeClock() {
  let seconds = 100;
  return {
    now: () => seconds,
    pass(more: number) {
      seconds += more;
    },
  };
}

interface Plan extends Candidate {
  /** Scores after each epoch, each of which takes as long. */
  scores: number[];
  epochSeconds: number;
  /** The first step tells what the others take. */
  isForecast?: boolean;
}

const plan = (name: string, group: string, scores: number[], epochSeconds: number, more: object = {}): Plan => ({
  ...{ name, group, cost: scores.length * epochSeconds, scores, epochSeconds },
  ...more,
});

function trainer(clock: ReturnType<typeof fakeClock>, after = 0) {
  return async (candidate: Plan, run: Run) => {
    if (candidate.isForecast) run.forecast(candidate.scores.length * candidate.epochSeconds + after);
    let epochs = 0;
    for (const score of candidate.scores) {
      if (run.signal.aborted) break;
      clock.pass(candidate.epochSeconds);
      epochs++;
      run.reached(epochs / candidate.scores.length, score);
      run.tick(after);
    }
    clock.pass(after);
    if (epochs === 0) throw new CancelledError("no epoch");
    return run.isUnwanted ? undefined : epochs;
  };
}

const epochs = (count: number, score: number) => new Array<number>(count).fill(score);
const namesOf = (found: readonly { candidate: Candidate }[]) => found.map(({ candidate }) => candidate.name);

test("a candidate that can't be over in time is not begun: by its group's pace, or by its own first steps", async () => {
  const clock = fakeClock();
  const candidates = [
    plan("linear", "linear", epochs(1, 0.8), 2),
    plan("slow", "slow", epochs(9, 0.9), 10, { isForecast: true }),
    plan("slow-2", "slow", epochs(9, 0.9), 11),
    plan("cnn", "cnn", epochs(9, 0.8), 1, { isForecast: true }),
    plan("linear-2", "linear", epochs(1, 0.8), 3),
  ];
  const { trained, stopped, notBegun } = await search({
    ...{ candidates, clock, until: () => 120, train: trainer(clock) },
  });
  assert.deepEqual(namesOf(trained), ["linear", "cnn", "linear-2"]);
  assert.deepEqual(stopped, []);
  assert.deepEqual(
    notBegun.map(({ candidate, seconds }) => [candidate.name, Math.round(seconds!)]),
    [
      ["slow", 90],
      ["slow-2", 99],
    ],
  );
  assert.ok(clock.now() <= 120);
});

test("the first one is trained whatever the time; the time that is over ends others with what they have", async () => {
  const clock = fakeClock();
  const candidates = [
    plan("linear", "linear", epochs(1, 0.8), 30),
    plan("cnn", "cnn", epochs(9, 0.9), 4),
    plan("lstm", "lstm", epochs(9, 0.9), 4),
  ];
  const outcome = await search({ candidates, clock, until: () => 145, train: trainer(clock, 2) });
  assert.deepEqual(
    outcome.trained.map(({ candidate, result }) => [candidate.name, result]),
    [
      ["linear", 1],
      ["cnn", 3],
    ],
  );
  assert.deepEqual(namesOf(outcome.notBegun), ["lstm"]);
  assert.ok(clock.now() <= 147, String(clock.now()));
  const late = fakeClock();
  const one = await search({ candidates, clock: late, until: () => 101, train: trainer(late) });
  assert.deepEqual([namesOf(one.trained), namesOf(one.notBegun)], [["linear"], ["cnn", "lstm"]]);
});

test("hopeless settings are stopped at a rung, those of another family are not compared", async () => {
  const clock = fakeClock();
  const candidates = [
    plan("cnn", "cnn", [0.6, 0.7, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8], 1),
    plan("cnn-2", "cnn", epochs(9, 0.5), 1),
    plan("lstm", "lstm", epochs(9, 0.4), 1),
    plan("cnn-3", "cnn", [0.6, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9], 1),
  ];
  const { trained, stopped } = await search({ candidates, clock, until: () => 1000, train: trainer(clock) });
  assert.deepEqual(namesOf(trained), ["cnn", "lstm", "cnn-3"]);
  assert.deepEqual(
    stopped.map(({ candidate, share, score, seconds }) => [candidate.name, share, score, seconds]),
    [["cnn-2", 1 / 9, 0.5, 1]],
  );
  const { goesOn } = halving();
  assert.deepEqual(
    [0.5, 0.9, 0.6, 0.8].map((score) => goesOn("g", 0, 0.2, score)),
    // The best of one, of two, of three; then the best two of four.
    [true, true, false, true],
  );
});

test("a user's signal keeps what is trained, and ends the search", async () => {
  const clock = fakeClock();
  const stop = new AbortController();
  const candidates = ["a", "b", "c"].map((name) => plan(name, name, epochs(3, 0.5), 1));
  const train = async (candidate: Plan, run: Run) => {
    if (candidate.name === "b") stop.abort();
    return trainer(clock)(candidate, run);
  };
  const options = { clock, until: () => 1000, train, signal: stop.signal };
  const { trained, notBegun } = await search({ candidates, ...options });
  assert.deepEqual([namesOf(trained), notBegun], [["a"], []]);
  const early = AbortSignal.abort();
  await assert.rejects(search({ candidates, ...options, signal: early }), CancelledError);
});

test("what a stage will take is told once, by the median of its steps", () => {
  const clock = fakeClock();
  const timeOf = forecaster(clock);
  const told: unknown[] = [];
  for (let done = 0; done <= 30; done++) {
    // The first steps prepare something.
    clock.pass(done < 3 ? 2 : 0.25);
    const time = timeOf({ stage: "cnn", done, total: 100 });
    if (time) told.push(time);
  }
  assert.deepEqual(told, [{ stage: "cnn", whole: 25, left: 22.5 }]);
});

test("a figure's pick is better than a cheaper one by more than chance", () => {
  const rows = 200;
  const shareOf = (isRight: (row: number) => boolean) => (sample: ArrayLike<number>) => {
    let right = 0;
    for (let i = 0; i < sample.length; i++) if (isRight(sample[i])) right++;
    return right / sample.length;
  };
  const [half, hardly, better] = [
    shareOf((row) => row % 2 === 0),
    shareOf((row) => (row % 2 === 0) !== row < 50 || row === 1 || row === 51),
    shareOf((row) => row % 4 !== 1),
  ];
  assert.equal(pickByFigure(rows, [half, hardly], { higherIsBetter: true }), 0);
  assert.equal(pickByFigure(rows, [half, hardly, better], { higherIsBetter: true }), 2);
  assert.equal(pickByFigure(rows, [better, half], { higherIsBetter: false }), 1);
});
