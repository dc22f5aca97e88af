import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { CancelledError, UserError } from "./errors.js";
import { createWorkerPool, mapOrdered, runJobs } from "./worker-pool.js";

const served = JSON.stringify(new URL("./worker-pool.js", import.meta.url));

/** A worker's module with this function. */
const moduleOf = (answer: string, transfer = "() => []") =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { threadId, workerData } from "node:worker_threads";
      import { serveJobs } from ${served};
      const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      serveJobs(${answer}, ${transfer});`)}`,
  );

const squares = moduleOf(`(x) => { pause(x % 3 === 0 ? 15 : 1); return { square: x * x, threadId }; }`);
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

test("a stream's outputs come in the order of the inputs, and few inputs are on their way", async () => {
  let [taken, given, most] = [0, 0, 0];
  function* inputs() {
    for (const i of numbers(40)) {
      taken++;
      most = Math.max(most, taken - given);
      yield i;
    }
  }
  const found: number[] = [];
  const threads = new Set<number>();
  for await (const { square, threadId } of mapOrdered<number, { square: number; threadId: number }>(inputs(), {
    module: squares,
    threads: 2,
  })) {
    found.push(square);
    threads.add(threadId);
    given++;
  }
  assert.deepEqual(
    found,
    numbers(40).map((x) => x * x),
  );
  assert.equal(threads.size, 2);
  assert.ok(most <= 5, `${most} on their way`);
});

test("a stream that is left, or whose inputs fail, does not wait for what is under way", {
  timeout: 50_000,
}, async () => {
  const slow = { module: moduleOf("(x) => { pause(x); return x; }"), threads: 2 };
  for await (const first of mapOrdered([1, 60_000, 60_000, 60_000], slow)) {
    assert.equal(first, 1);
    break;
  }
  function* failing() {
    yield 60_000;
    throw new Error("no more rows");
  }
  await assert.rejects(async () => {
    for await (const _ of mapOrdered(failing(), slow)) assert.fail("nothing comes");
  }, /no more rows/);
});

test("jobs are told of as they end, and give their outputs in the order of the inputs", async () => {
  const pool = createWorkerPool<number, { square: number }>({ module: squares, threads: 3 });
  const told: number[] = [];
  const watch = { stage: "squares", onProgress: ({ done }: { done: number }) => told.push(done) };
  const [found, others] = await Promise.all([runJobs(pool, numbers(10), watch), runJobs(pool, [5])]);
  assert.deepEqual(
    found.map(({ square }) => square),
    numbers(10).map((x) => x * x),
  );
  assert.equal(others[0].square, 25);
  assert.deepEqual(
    told,
    numbers(10).map((x) => x + 1),
  );
  assert.deepEqual(await runJobs(pool, []), []);
  await pool.close();
});

test("after an abort no further job begins", async () => {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const pool = createWorkerPool<Int32Array, void>({ module: moduleOf("(x) => void Atomics.add(x, 0, 1)"), threads: 2 });
  const controller = new AbortController();
  const watch = {
    stage: "counting",
    signal: controller.signal,
    stopped: "Stopped while counting.",
    onProgress: () => controller.abort(),
  };
  const jobs = numbers(50).map(() => counter);
  await assert.rejects(runJobs(pool, jobs, watch), (error: Error) => {
    assert.ok(error instanceof CancelledError);
    assert.equal(error.message, "Stopped while counting.");
    return true;
  });
  const begun = counter[0];
  await wait(50);
  assert.equal(counter[0], begun);
  assert.ok(begun < 10, `${begun} were begun`);
  await pool.close();
});

test("a job that throws rejects and the worker goes on; a thread that ends rejects what it had", async () => {
  const module = moduleOf(`(x) => {
    if (x === "throw") throw new RangeError("not this");
    if (x === "exit") process.exit(3);
    if (x === "uncaught") queueMicrotask(() => { throw new Error("later"); });
    return x;
  }`);
  const pool = createWorkerPool<string, string>({ module, threads: 1 });
  await assert.rejects(pool.run("throw"), (error) => error instanceof RangeError && error.message === "not this");
  assert.equal(await pool.run("a"), "a");
  await assert.rejects(runJobs(pool, ["a", "throw", "b"]), /not this/);
  const ended = Promise.allSettled([pool.run("exit"), pool.run("b")]);
  for (const one of await ended) assert.match(String((one as PromiseRejectedResult).reason), /ended unexpectedly/);
  await assert.rejects(pool.run("c"), /ended unexpectedly/);
  await pool.close();

  const missing = createWorkerPool({ module: new URL("./not-there.js", import.meta.url), threads: 1 });
  await assert.rejects(missing.run(1), /not-there/);
  await missing.close();
});

test("an error that a user can mend stays one between threads, with its options", async () => {
  const errors = JSON.stringify(new URL("./errors.js", import.meta.url));
  const options = JSON.stringify(new URL("./option.js", import.meta.url));
  const module = moduleOf(`(await (async () => {
    const [{ UserError }, { option }] = [await import(${errors}), await import(${options})];
    return () => { throw new UserError("give " + option("maxTokens")); };
  })())`);
  const pool = createWorkerPool({ module, threads: 1 });
  await assert.rejects(
    pool.run(1),
    (error: UserError) => error instanceof UserError && error.spelled((name) => `--${name}`) === "give --maxTokens",
  );
  await pool.close();
});

test("threads start as they are needed, each with its own data; memory is handed over", async () => {
  const started: number[] = [];
  const pool = createWorkerPool<Float32Array<ArrayBuffer>, { data: number; values: Float32Array }>({
    module: moduleOf(
      "(values) => { pause(20); return { data: workerData, values }; }",
      "({ values }) => [values.buffer]",
    ),
    threads: 4,
    data: (worker) => {
      started.push(worker);
      return 10 * worker;
    },
  });
  const give = () => {
    const values = Float32Array.of(1, 2, 3);
    const answer = pool.run(values, [values.buffer]);
    assert.equal(values.length, 0, "handed over");
    return answer;
  };
  assert.deepEqual(await give(), { data: 0, values: Float32Array.of(1, 2, 3) });
  await give();
  assert.deepEqual(started, [0]);
  const answers = await Promise.all([give(), give(), give()]);
  assert.deepEqual(started, [0, 1, 2]);
  assert.deepEqual(
    answers.map(({ data }) => data),
    [0, 10, 20],
  );
  await pool.close();
});
