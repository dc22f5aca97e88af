import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "../base/errors.js";
import { encodeSafetensors, type NamedArray } from "./safetensors.js";
import { openSafetensors, readSafetensors, writeSafetensors } from "./safetensors-file.js";

const sample = new Map<string, NamedArray>([
  ["odd", { shape: [3], data: new Uint8Array([1, 2, 255]) }],
  ["ids", { shape: [2, 1], data: new Uint16Array([0, 65535]) }],
  ["empty", { shape: [0], data: new Int32Array(0) }],
  ["kernel", { shape: [2, 3], data: new Float32Array([1, -2, 0.5, Number.NaN, -0, 1e-45]).subarray(0, 6) }],
]);

test("safetensors files: the bytes of encodeSafetensors, and back", () => {
  const folder = mkdtempSync(join(tmpdir(), "columnist-safetensors-"));
  try {
    const path = join(folder, "a.safetensors");
    writeSafetensors(path, sample, { seed: "7" });
    assert.deepEqual(new Uint8Array(readFileSync(path)), encodeSafetensors(sample, { seed: "7" }));
    assert.deepEqual(readSafetensors(path), { tensors: sample, metadata: { seed: "7" } });
    const file = openSafetensors(path);
    assert.deepEqual(file.readRow("kernel", 1), new Float32Array([Number.NaN, -0, 1e-45]));
    assert.deepEqual(file.readRow("ids", 1), new Uint16Array([65535]));
    for (const [name, row] of [
      ["kernel", 2],
      ["empty", 0],
      ["none", 0],
    ] as const)
      assert.equal(file.readRow(name, row), undefined);
    file.close();
    for (let length = readFileSync(path).length - 1; length >= 0; length--) {
      truncateSync(path, length);
      assert.throws(() => readSafetensors(path), UserError, `cut to ${length} bytes`);
    }
    writeFileSync(path, "no safetensors at all");
    assert.throws(() => readSafetensors(path), UserError);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
