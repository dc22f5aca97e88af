import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../base/errors.js";
import { checkForeignGraph } from "./check-foreign-graph.js";
import { encodeOnnx } from "./encode.js";
import type { OnnxModel, OnnxNode, OnnxTensor } from "./model.js";

const tensor: OnnxTensor = { name: "c", type: "float32", shape: [2], data: Float32Array.of(1, 2) };
const value = { name: "x", type: "float32" as const, shape: ["batch", 2] };

function modelOf(nodes: OnnxNode[], more: Partial<OnnxModel["graph"]> = {}): OnnxModel {
  const graph = {
    name: "g",
    nodes,
    initializers: [tensor],
    inputs: [value],
    outputs: [{ ...value, name: "y" }],
    ...more,
  };
  return { opsets: { "": 20, "com.microsoft": 1 }, producer: "another", metadata: { task: "encode" }, graph };
}

const add: OnnxNode = { opType: "Add", inputs: ["x", "c"], outputs: ["y"] };
const plain = modelOf([
  { ...add, attributes: { axes: { ints: [0, -1] }, eps: { float: 1e-5 }, mode: { string: "a" }, value: { tensor } } },
  { opType: "Gelu", domain: "com.microsoft", inputs: ["y"], outputs: ["z"] },
]);

test("a graph of plain operators passes", () => checkForeignGraph(encodeOnnx(plain)));

const body = modelOf([add]).graph;
const nodes: [what: RegExp, node: OnnxNode][] = [
  [/the operator 'Loop'/, { opType: "Loop", inputs: ["x", "c"], outputs: ["y"] }],
  [/the operator 'If'/, { opType: "If", inputs: ["c"], outputs: ["y"] }],
  [/the operator 'Scan'/, { opType: "Scan", inputs: ["x"], outputs: ["y"] }],
  [/the operator 'SequenceMap'/, { opType: "SequenceMap", inputs: ["x"], outputs: ["y"] }],
  [/field 6 in Attribute/, { ...add, attributes: { body: { graph: body } } }],
  [/the operator 'com.microsoft.EPContext'/, { ...add, opType: "EPContext", domain: "com.microsoft" }],
  [/the operator 'my.own.Add'/, { ...add, domain: "my.own" }],
];

test("control flow, graphs in graphs and operators that are not known are refused", () => {
  for (const [what, node] of nodes) assert.throws(() => checkForeignGraph(encodeOnnx(modelOf([node]))), refusal(what));
});

test("inputs and outputs without a shape are refused", () => {
  const model = modelOf([add], { inputs: [{ name: "x", type: "float32" }] });
  assert.throws(() => checkForeignGraph(encodeOnnx(model)), refusal(/without a shape/));
});

const bytes = (...parts: (number | Uint8Array | string)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Uint8Array.of(part) : Buffer.from(part))));
/** A field of bytes. */
const field = (number: number, content: Uint8Array | string): Uint8Array =>
  bytes((number << 3) | 2, content.length, content);
const graphWith = (...fields: Uint8Array[]) => field(7, bytes(...fields));
const floats = (name: string, shape: number, raw: number) =>
  bytes((1 << 3) | 0, shape, (2 << 3) | 0, 1, field(8, name), field(9, new Uint8Array(raw)));
const external = bytes(
  (1 << 3) | 0,
  2,
  (2 << 3) | 0,
  1,
  field(8, "w"),
  field(13, bytes(field(1, "location"), field(2, "secret.txt"))),
);

const written: [what: RegExp, bytes: Uint8Array][] = [
  [/keeps the numbers of 'w' in another file/, graphWith(field(5, external))],
  [/keeps the numbers of 'w' in another file/, graphWith(field(5, bytes(floats("w", 2, 8), (14 << 3) | 0, 1)))],
  // In an attribute of a node.
  [
    /keeps the numbers of 'w' in another file/,
    graphWith(field(1, bytes(field(4, "Constant"), field(5, field(5, external))))),
  ],
  // A reader that merges sees the first graph, one that replaces does not.
  [/field 7 in Model twice/, bytes(graphWith(field(5, external).subarray(0, 0)), graphWith(field(2, "g")))],
  [/field 15 in Graph/, graphWith(field(15, "sparse"))],
  [/field 25 in Model/, bytes((25 << 3) | 2 | 0x80, 1, 0)],
  [/has no graph/, field(2, "producer")],
  [/but other bytes for it/, graphWith(field(5, floats("w", 100, 8)))],
  [/of shape \[-1\]/, graphWith(field(5, bytes((1 << 3) | 0, ...Array<number>(9).fill(0xff), 1, (2 << 3) | 0, 1)))],
  [/of an unknown type \(8\)/, graphWith(field(5, bytes((2 << 3) | 0, 8)))],
  [/is damaged/, bytes((7 << 3) | 2, 100)],
  [/is damaged/, Buffer.alloc(40, 0xff)],
  [/is damaged/, graphWith(bytes((2 << 3) | 3))],
];

test("numbers in other files, functions, sparse tensors, shapes and lengths that lie are refused", () => {
  for (const [what, content] of written) assert.throws(() => checkForeignGraph(content), refusal(what), String(what));
});

test("cut or changed anywhere, it passes or is refused, and nothing else", () => {
  const whole = Buffer.from(encodeOnnx(plain));
  for (let at = 0; at < whole.length; at++)
    for (const hurt of [whole.subarray(0, at), Buffer.from(whole.map((byte, i) => (i === at ? byte ^ 0x55 : byte)))])
      try {
        checkForeignGraph(hurt);
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
      }
});

const refusal = (message: RegExp) => ({ name: "UserError", message });
