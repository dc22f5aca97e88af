// The textbook program of examples/ runs as it is written, learns, and loads what it saved.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

test("examples/textbook.ts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "columnist-textbook-"));
  const { stdout } = await promisify(execFile)(process.execPath, ["dist/examples/textbook.js", join(folder, "model")]);
  rmSync(folder, { recursive: true });
  assert.match(stdout, /it gives the same probabilities/);
  const accuracy = Number(/test: .* accuracy ([\d.]+)/.exec(stdout)?.[1]);
  assert.ok(accuracy > 0.8, stdout);
});
