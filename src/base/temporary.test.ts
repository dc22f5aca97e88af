import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fateOf, type ProcessMark, thisProcess } from "./process-mark.js";

const place = mkdtempSync(join(tmpdir(), "columnist-temporary-"));
after(() => rmSync(place, { recursive: true, force: true }));
const module = new URL("./temporary.js", import.meta.url).href;

/** Runs a program that makes a temporary folder; killed, it leaves it behind. */
function run(then: string): void {
  const program = `const { temporaryFolder } = await import(${JSON.stringify(module)});
    temporaryFolder("columnist-tables-"); ${then}`;
  const env = { ...process.env, TMPDIR: place, TEMP: place, TMP: place };
  spawnSync(process.execPath, ["--input-type=module", "-e", program], { env, stdio: "inherit" });
}

const left = () => readdirSync(place).filter((name) => name.startsWith("columnist-tables-"));

function age(name: string, hours: number): void {
  const then = new Date(Date.now() - hours * 3600 * 1000);
  utimesSync(join(place, name, ".owner"), then, then);
}

function ownedBy(name: string, mark: ProcessMark | string): void {
  mkdirSync(join(place, name), { mode: 0o700 });
  writeFileSync(join(place, name, "data"), "data");
  const owner = typeof mark === "string" ? mark : JSON.stringify(mark);
  writeFileSync(join(place, name, ".owner"), owner, { mode: 0o600 });
  age(name, 30);
}

test("what a process that was killed left behind is removed by a later one, after a day", () => {
  run("process.kill(process.pid, 'SIGKILL')");
  const [old] = left();
  run("process.kill(process.pid, 'SIGKILL')");
  assert.equal(left().length, 2, "younger than a day");
  age(old, 25);
  run("");
  assert.equal(left().length, 1);
  assert.equal(existsSync(join(place, old)), false);
});

test("what may be somebody's stays", () => {
  for (const name of left()) rmSync(join(place, name), { recursive: true });
  const here = thisProcess();
  const gone = { ...here, pid: 2 ** 22 + 1 };
  ownedBy("columnist-tables-alive0", here);
  ownedBy("columnist-tables-other0", { ...gone, host: "another machine" });
  ownedBy("columnist-tables-nobody", "{}");
  ownedBy("columnist-tables-open00", gone);
  chmodSync(join(place, "columnist-tables-open00"), 0o777);
  ownedBy("other-program-abcdef", gone);
  ownedBy("precious", gone);
  symlinkSync(join(place, "precious"), join(place, "columnist-tables-link00"));
  ownedBy("columnist-tables-inside", gone);
  symlinkSync(join(place, "precious"), join(place, "columnist-tables-inside", "way"));
  run("");
  assert.deepEqual(readdirSync(place).sort(), [
    ...["alive0", "link00", "nobody", "open00", "other0"].map((name) => `columnist-tables-${name}`),
    "other-program-abcdef",
    "precious",
  ]);
  assert.equal(readFileSync(join(place, "precious", "data"), "utf8"), "data");
});

test("a process is told from a later one of its number", () => {
  const here = thisProcess();
  assert.equal(fateOf(here), "alive");
  assert.equal(fateOf({ ...here, host: "another" }), "elsewhere");
  assert.equal(fateOf({ pid: 2 ** 22 + 1, host: here.host }), "gone");
  assert.equal(fateOf({ pid: here.pid, host: here.host }), "alive");
  if (here.started === undefined) return;
  assert.equal(fateOf({ ...here, started: "1" }), "gone");
  assert.equal(fateOf({ ...here, boot: "another" }), "gone");
  assert.equal(fateOf({ ...here, namespace: "another" }), "elsewhere");
});
