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
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { z } from "zod";
import { openRun } from "./run-folder.js";

const place = mkdtempSync(join(tmpdir(), "columnist-run-"));
after(() => rmSync(place, { recursive: true, force: true }));
const at = (name: string) => join(place, name);
const decided = z.object({ steps: z.number() });

function open(name: string, options: { resume?: boolean } = {}) {
  const asked = { overwrite: false, resume: false, steps: 3, ...options };
  return openRun({ out: at(name), becomes: "language-model", options: asked, origin: "a", decided }, () => {});
}

test("a folder has one run at a time, by whatever name it is called", () => {
  mkdirSync(at("model"));
  symlinkSync("model", at("alias"));
  const run = open("model");
  for (const name of ["model", "alias"])
    assert.throws(() => open(name), {
      name: "UserError",
      message: /Another run \(process \d+ on .*remove '.*\.model\.lock'/,
    });
  run.decide({ steps: 3 });
  run.close();
  assert.deepEqual(readdirSync(place).sort(), ["alias", "model"]);
  assert.throws(() => open("alias"), /contains an unfinished run/);
  const again = open("alias", { resume: true });
  assert.deepEqual(again.decided, { steps: 3 });
  again.close({ forget: true });
  assert.deepEqual(readdirSync(place), ["alias"], "an empty folder goes too");
  open("alias").close();
  assert.deepEqual(readdirSync(at("model")), ["run"], "a link may lead to what is not there yet");
});

test("what was being written is removed, and a run with a link in it is none of ours", () => {
  const run = open("torn");
  run.decide({ steps: 3 });
  mkdirSync(join(run.path, "cnn", ".checkpoint-3.json.partial-a1B2c3"), { recursive: true });
  writeFileSync(join(run.path, "cnn", ".checkpoint-3.json.partial-a1B2c3", "checkpoint-3.json"), "{");
  writeFileSync(join(run.path, "cnn", "checkpoint-2.json"), "{}");
  run.close();
  open("torn", { resume: true }).close();
  assert.deepEqual(readdirSync(join(run.path, "cnn")), ["checkpoint-2.json"]);
  writeFileSync(at("victim"), "precious");
  symlinkSync(at("victim"), join(run.path, "cnn", "training.bin"));
  assert.throws(() => open("torn", { resume: true }), {
    name: "UserError",
    message: /contains 'training.bin', a link/,
  });
  assert.equal(existsSync(at(".torn.lock")), false);
  mkdirSync(at("led"));
  symlinkSync(join(at("torn"), "run"), join(at("led"), "run"));
  assert.throws(() => open("led", { resume: true }), { name: "UserError", message: /is a link or no folder/ });
  assert.equal(readFileSync(at("victim"), "utf8"), "precious");
});

/** Runs to the end again and again: the model takes the place of its run's folder. */
const program = `
const [openAt, wholeAt, out, rounds] = process.argv.slice(1);
const { openRun } = await import(openAt);
const { writeFolderWhole } = await import(wholeAt);
const { closeSync, openSync, readdirSync, rmSync, writeFileSync } = await import("node:fs");
const options = { overwrite: true, resume: false };
const request = { out, becomes: "language-model", options, origin: "a", decided: { parse: (one) => one } };
for (let round = 0; round < Number(rounds); ) {
  let run;
  try {
    run = openRun(request, () => {});
  } catch (error) {
    if (/Another run/.test(error.message)) continue;
    throw error;
  }
  closeSync(openSync(out + ".alone", "wx"));
  run.decide({ round });
  await writeFolderWhole(out, (folder) => {
    for (const name of ["a", "b"]) writeFileSync(folder + "/" + name, process.pid + " " + round);
  });
  // The next one would find a folder of nobody.
  rmSync(out, { recursive: true });
  rmSync(out + ".alone");
  run.close();
  round++;
}
`;

test("processes that train the same folder: one at a time, also while it is replaced", async () => {
  const modules = ["./run-folder.js", "../base/atomic.js"].map((name) => new URL(name, import.meta.url).href);
  const args = ["--input-type=module", "-e", program, ...modules, at("shared"), "6"];
  const children = Array.from({ length: 4 }, () => spawn(process.execPath, args, { stdio: "inherit" }));
  const ends = await Promise.all(children.map((child) => once(child, "close")));
  assert.deepEqual(ends, new Array(4).fill([0, null]));
  assert.deepEqual(
    readdirSync(place).filter((name) => name.includes("shared")),
    [],
  );
});
