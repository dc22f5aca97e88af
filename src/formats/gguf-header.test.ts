import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { encodeGguf } from "../../test/gguf-file.js";
import { UserError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { readGgufHeader } from "./gguf-header.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-gguf-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, "model.gguf");

const whole = encodeGguf(
  {
    "general.architecture": { type: "string", value: "llama" },
    "llama.block_count": { type: "u32", value: 2 },
    "llama.rope.freq_base": { type: "f32", value: 10000 },
    "tokenizer.ggml.add_bos_token": { type: "bool", value: 1 },
    "tokenizer.ggml.tokens": { type: "strings", value: ["a", "Ġthe", "日本"] },
    "general.size": { type: "u64", value: 2 ** 40 },
  },
  [
    { name: "token_embd.weight", shape: [4, 3], type: 0, bytes: new Uint8Array(48) },
    { name: "output_norm.weight", shape: [4], type: 0, bytes: new Uint8Array(16) },
  ],
);

function read(bytes: Uint8Array) {
  writeFileSync(path, bytes);
  return readGgufHeader(path);
}

test("metadata, tensors and the begin of their numbers", () => {
  const { version, metadata, tensors, start } = read(whole);
  assert.equal(version, 3);
  assert.deepEqual(Object.fromEntries(metadata), {
    "general.architecture": "llama",
    "llama.block_count": 2,
    "llama.rope.freq_base": 10000,
    "tokenizer.ggml.add_bos_token": true,
    "tokenizer.ggml.tokens": ["a", "Ġthe", "日本"],
    "general.size": 2n ** 40n,
  });
  assert.deepEqual(tensors, [
    { name: "token_embd.weight", shape: [4, 3], type: 0, offset: 0 },
    { name: "output_norm.weight", shape: [4], type: 0, offset: 64 },
  ]);
  assert.equal(start, whole.length - 96);
});

test("a header of several windows is read whole", () => {
  const tokens = Array.from({ length: 60_000 }, (_, i) => `token number ${i}`);
  const { metadata } = read(encodeGguf({ a: { type: "strings", value: tokens }, b: { type: "u32", value: 7 } }, []));
  assert.deepEqual(metadata.get("a"), tokens);
  assert.equal(metadata.get("b"), 7);
});

test("damaged files: a message that names the file, or the header that was read; never a fault", () => {
  const random = createRandom(5);
  let refused = 0;
  for (let round = 0; round < 500; round++) {
    const bytes = Buffer.from(whole);
    const at = random.integer(bytes.length - 96);
    if (round % 2 === 0) bytes[at] = random.integer(256);
    try {
      read(round % 2 === 0 ? bytes : bytes.subarray(0, at));
    } catch (error) {
      assert.ok(error instanceof UserError, String((error as Error).stack));
      assert.ok(error.message.startsWith(path), error.message);
      refused++;
    }
  }
  assert.ok(refused >= 250, `only ${refused} of 500`);
});

test("lengths are checked before memory is asked for", () => {
  const lies: [string, number, bigint][] = [
    ["tensors", 8, 2n ** 62n],
    ["entries of metadata", 16, 2n ** 40n],
    ["bytes of a name", 24, 2n ** 60n],
  ];
  for (const [what, at, count] of lies) {
    const bytes = Buffer.from(whole);
    bytes.writeBigUInt64LE(count, at);
    assert.throws(() => read(bytes), new RegExp(`damaged: it should have ${count} ${what}`));
  }
  assert.throws(() => read(Buffer.from("not a model, but long enough")), /is not a GGUF file/);
  assert.throws(() => read(encodeGguf({}, [], 1)), /version 1 of GGUF/);
});
