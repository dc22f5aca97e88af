import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { commands } from "../../src/cli/commands.js";
import { columnist } from "./columnist.js";

test("help names every command, and every command has its own, in 80 columns", () => {
  const { code, stdout, stderr } = columnist(["--help"]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(columnist([]).stdout, stdout);
  for (const [name, { summary }] of Object.entries(commands)) {
    const [first, second] = name.split(" ");
    const lists = second === undefined ? stdout : columnist([first, "--help"]).stdout;
    assert.match(lists, new RegExp(`^ {2}${second ?? first} +${summary.slice(0, 20)}`, "m"));
    const own = columnist([first, ...(second === undefined ? [] : [second]), "--help"]);
    assert.equal(own.code, 0);
    assert.match(own.stdout, new RegExp(`^Usage: columnist ${name}`));
    assert.match(own.stdout, /--json +print one JSON document/);
    assert.match(own.stdout, /^Example:\n {2}/m);
    const wide = own.stdout.split("\n").filter((line) => line.length > 80);
    assert.deepEqual(wide, [], name);
  }
});

test("the version is the package's", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.deepEqual(columnist(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
});
