import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readGolden } from "../../../test/golden/read.js";
import { UserError } from "../../base/errors.js";
import { openGguf } from "./open-gguf.js";

const scratch = mkdtempSync(join(tmpdir(), "columnist-gguf-"));
after(() => rmSync(scratch, { recursive: true, force: true }));
const golden = "test/golden/gguf/blocks.gguf";

test("every type of numbers is read bit for bit as Python's gguf does", () => {
  const { cases } = readGolden<{ shape: number[]; numbers: string }>("gguf-files");
  const file = openGguf(golden);
  try {
    assert.equal(file.settings.get("general.architecture"), "llama");
    assert.deepEqual(
      [...file.tensors.keys()],
      cases.map((one) => one.case),
    );
    for (const { case: name, shape, numbers } of cases) {
      assert.deepEqual(file.tensors.get(name)!.shape, shape, name);
      const read = file.read(name)!;
      assert.deepEqual(
        Buffer.from(read.buffer, read.byteOffset, read.byteLength),
        Buffer.from(numbers, "base64"),
        name,
      );
    }
    assert.equal(file.read("none"), undefined);
  } finally {
    file.close();
  }
});

/** A file of bytes, which is then opened. */
function opened(bytes: Uint8Array) {
  const path = join(scratch, "file.gguf");
  writeFileSync(path, bytes);
  return () => openGguf(path).close();
}

test("other files, versions and byte orders are told", () => {
  const bytes = readFileSync(golden);
  const changed = (at: number, ...values: number[]) => {
    const copy = Buffer.from(bytes);
    copy.set(values, at);
    return copy;
  };
  for (const [file, message] of [
    [Buffer.from("not a model at all"), /not a GGUF file/],
    [Buffer.alloc(0), /ends within its settings, at byte 0/],
    [changed(4, 1), /version 1, which is not read/],
    [changed(4, 0, 0, 0, 3), /other byte order/],
    [changed(8, 255, 255, 255, 255, 255, 255), /281474976710655 tensors, but is too short/],
    [changed(16, 0, 0, 0, 0, 1), /4294967296 settings|entries|settings/],
    [bytes.subarray(0, bytes.length - 40), /ends at byte \d+, but the file has \d+ bytes/],
  ] as const)
    assert.throws(opened(file), (error) => error instanceof UserError && message.test(error.message), String(message));
});

test("a type that is not read is told by its name", () => {
  const bytes = Buffer.from(readFileSync(golden));
  // The type stands behind the name, the number of axes and two lengths.
  const at = bytes.indexOf("Q6_K") + 4 + 4 + 16;
  assert.equal(bytes.readUInt32LE(at), 14);
  bytes.writeUInt32LE(10, at);
  assert.throws(opened(bytes), /'Q6_K' is of the type Q2_K, which is not read \(read: F32, F16, BF16, Q4_0/);
  bytes.writeUInt32LE(999, at);
  assert.throws(opened(bytes), /unknown type 999/);
});

test("a scale or a minimum that is not finite is refused", () => {
  const bytes = readFileSync(golden);
  const [nan, infinite] = [0x7e00, 0xfc00];
  // Bytes of a block before the half.
  const halves = {
    Q4_0: [0],
    Q4_1: [0, 2],
    Q5_0: [0],
    Q5_1: [0, 2],
    Q8_0: [0],
    Q4_K: [0, 2],
    Q5_K: [0, 2],
    Q6_K: [208],
  };
  const path = join(scratch, "scales.gguf");
  for (const [name, places] of Object.entries(halves))
    for (const place of places)
      for (const half of [nan, infinite]) {
        writeFileSync(path, bytes);
        const whole = openGguf(path);
        const { start, type } = whole.tensors.get(name)!;
        assert.ok(whole.readBlocks(name));
        whole.close();
        const copy = Buffer.from(bytes);
        copy.writeUInt16LE(half, start + type.bytes + place);
        writeFileSync(path, copy);
        const file = openGguf(path);
        const message = new RegExp(`tensor '${name}' has (NaN|-Infinity|Infinity), which is not a finite number`);
        assert.throws(() => file.readBlocks(name), { name: "UserError", message }, `${name}, ${place}`);
        file.close();
      }
});

test("a copy that was cut anywhere is refused", () => {
  const bytes = readFileSync(golden);
  // What follows the last tensor is filling alone.
  for (let length = 0; length < bytes.length - 32; length += 97)
    assert.throws(opened(bytes.subarray(0, length)), UserError, `${length} bytes`);
});
