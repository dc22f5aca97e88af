import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { type ArrowField, readArrowSchema, writeArrowSchema } from "./arrow-schema.js";

const wait: ArrowField = { name: "wait", type: { kind: "duration", unit: "ms" }, children: [] };
const at: ArrowField = { name: "at ü", type: { kind: "timestamp", unit: "ns", zone: "Asia/Tokyo" }, children: [] };
const fields: ArrowField[] = [
  wait,
  { name: "", type: { kind: "list" }, children: [at] },
  { ...wait, name: "own", metadata: [["ARROW:extension:name", "a.b"]] },
  { name: "n", type: { kind: "integer", bits: 64, isSigned: true }, children: [] },
];

test("names, children, durations, zones and metadata are read as they were written", () => {
  const read = readArrowSchema(writeArrowSchema(fields))!;
  assert.deepEqual(read, [
    wait,
    { name: "", type: { kind: "other" }, children: [at] },
    fields[2],
    { name: "n", type: { kind: "other" }, children: [] },
  ]);
});

test("a damaged schema is none, or another one, and ends", () => {
  const random = createRandom(1);
  const whole = Buffer.from(writeArrowSchema(fields), "base64");
  let refused = 0;
  for (let i = 0; i < 2000; i++) {
    const bytes = Buffer.from(whole);
    for (let j = 0; j < 3; j++) bytes[random.integer(bytes.length)] = random.integer(256);
    const cut = i % 4 === 0 ? bytes.subarray(0, random.integer(bytes.length)) : bytes;
    if (readArrowSchema(cut.toString("base64")) === undefined) refused++;
  }
  assert.ok(refused > 500, String(refused));
  assert.equal(readArrowSchema(""), undefined);
});
