import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { tryLock } from "./lock.js";
import { thisProcess } from "./process-mark.js";

const place = mkdtempSync(join(tmpdir(), "columnist-lock-"));
after(() => rmSync(place, { recursive: true, force: true }));
const module = new URL("./lock.js", import.meta.url).href;
const gone = { ...thisProcess(), pid: 2 ** 22 + 1 };

test("one holder; released it is free, and nothing is left", () => {
  const path = join(place, "one.lock");
  const first = tryLock(path);
  assert.ok(typeof first === "function");
  assert.deepEqual(tryLock(path), { ...JSON.parse(readFileSync(path, "utf8")) });
  first();
  first();
  const second = tryLock(path);
  assert.ok(typeof second === "function");
  first();
  assert.ok(existsSync(path), "who has released it does not release another's");
  second();
  assert.deepEqual(readdirSync(place), []);
});

test("locks of processes that are gone, torn ones and those of a thread that forgot hold nobody up", () => {
  const path = join(place, "stale.lock");
  const contents = ["", "{", JSON.stringify(gone), JSON.stringify({ ...gone, token: "abc" })];
  for (const content of contents) {
    writeFileSync(path, content);
    const old = new Date(Date.now() - 10_000);
    utimesSync(path, old, old);
    const lock = tryLock(path);
    assert.ok(typeof lock === "function", content);
    lock();
  }
  // Who was removing it died too.
  writeFileSync(path, JSON.stringify({ ...gone, token: "abc" }));
  writeFileSync(`${path}.abc`, JSON.stringify({ ...gone, token: "def" }));
  const lock = tryLock(path);
  assert.ok(typeof lock === "function");
  lock();
  writeFileSync(path, JSON.stringify({ ...gone, host: "another machine", token: "abc" }));
  assert.equal((tryLock(path) as { host: string }).host, "another machine");
  rmSync(path);
  assert.deepEqual(readdirSync(place), []);
});

/**
 * Takes the lock again and again as fast as it can. Every other time it leaves it as a process does that dies: with a
 * holder that is gone. Whoever has it makes a file that only one may make.
 */
const program = `
const { tryLock } = await import(${JSON.stringify(module)});
const { closeSync, openSync, renameSync, rmSync, writeFileSync } = await import("node:fs");
const [path, rounds, gone] = [process.argv[1], Number(process.argv[2]), JSON.parse(process.argv[3])];
for (let held = 0; held < rounds; ) {
  const lock = tryLock(path);
  if (typeof lock !== "function") continue;
  held++;
  closeSync(openSync(path + ".alone", "wx"));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  rmSync(path + ".alone");
  if (held % 2 === 0) lock();
  else {
    writeFileSync(path + process.pid, JSON.stringify({ ...gone, token: "stale" + process.pid + "x" + held }));
    renameSync(path + process.pid, path);
  }
}
`;

test("eight processes on a lock whose holder is gone, again and again: never two at a time", async () => {
  const folder = join(place, "rounds");
  mkdirSync(folder);
  const path = join(folder, "model.lock");
  writeFileSync(path, JSON.stringify({ ...gone, token: "stale" }));
  const rounds = process.env.COLUMNIST_LOCK_ROUNDS ?? "12";
  const args = ["--input-type=module", "-e", program, path, rounds, JSON.stringify(gone)];
  const children = Array.from({ length: 8 }, () => spawn(process.execPath, args, { stdio: "inherit" }));
  const ends = await Promise.all(children.map((child) => once(child, "close")));
  assert.deepEqual(ends, new Array(8).fill([0, null]));
  const lock = tryLock(path);
  assert.ok(typeof lock === "function");
  lock();
  assert.deepEqual(readdirSync(folder), []);
});
