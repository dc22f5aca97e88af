import assert from "node:assert/strict";
import { test } from "node:test";
import { Command } from "commander";
import { z } from "zod";
import { counted } from "../base/counted.js";
import { shellWord } from "../base/shell-word.js";
import { wantsColors } from "./colors.js";
import { duration } from "./duration.js";
import { addFlags } from "./flags.js";

test("spans of time as people say them", () => {
  const spans: [number, string][] = [
    [0.04, "0.0 s"],
    [59.94, "59.9 s"],
    [59.96, "1 min 0 s"],
    [3599, "59 min 59 s"],
    [3599.6, "1 h 0 min"],
    [9_862, "2 h 44 min"],
    [86_399, "1 day 0 h"],
    [100_000, "1 day 4 h"],
    [1_000_000, "11 days 14 h"],
  ];
  for (const [seconds, said] of spans) assert.equal(duration(seconds), said);
  assert.equal(duration(12, 0), "12 s");
});

test("one thing is one thing", () => {
  assert.deepEqual(
    [counted(1, "row"), counted(0, "row"), counted(2, "entry", "entries")],
    ["1 row", "0 rows", "2 entries"],
  );
  assert.deepEqual([shellWord("a-1.csv"), shellWord("it's.csv")], ["a-1.csv", "'it'\\''s.csv'"]);
});

test("colours are for terminals, and the arguments have no say", () => {
  process.argv.push("--color");
  assert.equal(wantsColors({}, false), false);
  process.argv.pop();
  assert.equal(wantsColors({ CI: "1" }, false), false);
  assert.equal(wantsColors({}, true), true);
  assert.equal(wantsColors({ TERM: "dumb" }, true), false);
  assert.equal(wantsColors({ FORCE_COLOR: "1" }, false), true);
  assert.equal(wantsColors({ FORCE_COLOR: "0" }, true), false);
  assert.equal(wantsColors({ NO_COLOR: "1", FORCE_COLOR: "1" }, true), false);
});

test("help tells defaults that there are", () => {
  const schema = z.object({
    steps: z.number().default(3).meta({ description: "steps" }),
    extra: z.array(z.string()).default([]).meta({ description: "more" }),
    prompt: z.string().default("").meta({ description: "text" }),
  });
  const command = new Command();
  addFlags(command, schema);
  const help = command.helpInformation();
  assert.match(help, /steps \(default: 3\)/);
  assert.doesNotMatch(help, /default: ?\)/);
});
