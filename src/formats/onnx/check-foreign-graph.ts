// Whether an ONNX file of a stranger may be run: a graph of known operators that computes on what the file itself holds. It may
// still ask for much time and memory, so compute it where it can be ended. The field numbers are those of onnx.proto3.
import { UserError } from "../../base/errors.js";

type Scalar = "number" | "bytes" | "text";
/** A field that is not in a table is refused: nothing passes that a runtime may understand and this reader does not. */
type Fields = Record<number, Scalar | Message>;
interface Message {
  name: string;
  fields: Fields;
  /** Fields that may come more than once; others would be merged by one reader and replaced by another. */
  repeated: readonly number[];
  /** What is read of its fields, by their numbers. */
  check?(values: Values): void;
}
type Values = ReadonlyMap<number, readonly (string | bigint | Uint8Array)[]>;

/** How values are laid out: the types of protocol buffers' wire format. */
const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Operators that run graphs inside them, or other files. */
const refusedOperators = /^(If|Loop|Scan|SequenceMap|Optional.*|Sequence.*|ConcatFromSequence|SplitToSequence)$/;

/** What exporters write of the runtime's own operators. Others read files (EPContext) or call foreign code. */
const runtimeOperators = new Set(
  (
    "Attention BiasGelu BiasSplitGelu DequantizeLinear DynamicQuantizeLSTM DynamicQuantizeMatMul EmbedLayerNormalization FastGelu " +
    "FusedConv FusedGemm FusedMatMul Gelu GemmFastGelu GroupQueryAttention LayerNormalization MatMulInteger16 " +
    "MatMulIntegerToFloat MatMulNBits MultiHeadAttention QAttention QEmbedLayerNormalization QGemm QLinearAdd " +
    "QLinearConcat QLinearMul QLinearSigmoid QLinearSoftmax QuantizeLinear QuickGelu RotaryEmbedding " +
    "SimplifiedLayerNormalization SkipLayerNormalization SkipSimplifiedLayerNormalization"
  ).split(" "),
);
const standardDomains = ["", "ai.onnx"];
const runtimeDomain = "com.microsoft";

/** Bytes of an element by the type's number; those of other types (text, 8-bit floats) are refused. */
const elementBytes: Record<number, number> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
};
/** Numbers of one tensor: 4 GB of 32-bit floats. */
const mostElements = 2 ** 30;
const mostAxes = 8;

const refused = (what: string) =>
  new UserError(
    `this ONNX file ${what}, so it is not run: only graphs of plain operators whose numbers are in the file itself are. ` +
      "Export the model again as one file, without control flow, or use its safetensors.",
  );

const first = (values: Values, field: number) => values.get(field)?.[0];
const text = (values: Values, field: number) => String(first(values, field) ?? "");
const number = (values: Values, field: number) => Number(first(values, field) ?? 0);

const stringEntry: Message = { name: "StringEntry", fields: { 1: "text", 2: "text" }, repeated: [] };

const tensor: Message = {
  name: "Tensor",
  fields: {
    1: "number",
    2: "number",
    4: "bytes",
    5: "bytes",
    7: "bytes",
    8: "text",
    9: "bytes",
    10: "bytes",
    11: "bytes",
    12: "text",
    13: "bytes",
    14: "number",
  },
  repeated: [1, 4, 5, 7, 10, 11, 13],
  check(values) {
    const name = text(values, 8).slice(0, 60);
    if (values.has(13) || number(values, 14) !== 0) throw refused(`keeps the numbers of '${name}' in another file`);
    const size = elementBytes[number(values, 2)];
    if (size === undefined) throw refused(`has the tensor '${name}' of an unknown type (${number(values, 2)})`);
    const shape = (values.get(1) ?? []).map(Number);
    const count = shape.reduce((product, dim) => product * dim, 1);
    if (shape.length > mostAxes || shape.some((dim) => !(dim >= 0)) || !(count <= mostElements))
      throw refused(`has the tensor '${name}' of shape [${shape.slice(0, mostAxes)}]`);
    const raw = first(values, 9);
    const typed = [4, 5, 7, 10, 11].some((field) => values.has(field));
    if (raw instanceof Uint8Array ? raw.length !== count * size || typed : count > 0 && !typed)
      throw refused(`has the tensor '${name}' of ${count} numbers, but other bytes for it`);
  },
};

const attribute: Message = {
  name: "Attribute",
  // 6 and 11 are graphs, 14 and 15 types, 22 and 23 sparse tensors, 21 a function's parameter.
  fields: {
    1: "text",
    2: "number",
    3: "number",
    4: "bytes",
    5: tensor,
    7: "bytes",
    8: "bytes",
    9: "bytes",
    10: tensor,
    13: "text",
    20: "number",
  },
  repeated: [7, 8, 9, 10],
};

const node: Message = {
  name: "Node",
  fields: { 1: "text", 2: "text", 3: "text", 4: "text", 5: attribute, 6: "text", 7: "text", 9: stringEntry },
  repeated: [1, 2, 5, 9],
  check(values) {
    const [operator, domain] = [text(values, 4), text(values, 7)];
    const isKnown = standardDomains.includes(domain)
      ? !refusedOperators.test(operator)
      : domain === runtimeDomain && runtimeOperators.has(operator);
    if (!isKnown) throw refused(`has the operator '${[domain, operator].filter(Boolean).join(".").slice(0, 80)}'`);
  },
};

const dimension: Message = { name: "Dimension", fields: { 1: "number", 2: "text", 3: "text" }, repeated: [] };
const shape: Message = { name: "TensorShape", fields: { 1: dimension }, repeated: [1] };
const tensorType: Message = {
  name: "TensorType",
  fields: { 1: "number", 2: shape },
  repeated: [],
  check(values) {
    if (!(number(values, 1) in elementBytes))
      throw refused(`has an input or output of an unknown type (${number(values, 1)})`);
    if (!values.has(2)) throw refused("has an input or output without a shape");
  },
};
const type: Message = {
  name: "Type",
  fields: { 1: tensorType, 6: "text" },
  repeated: [],
  check(values) {
    if (!values.has(1)) throw refused("has an input or output that is no tensor");
  },
};
const value: Message = {
  name: "Value",
  fields: { 1: "text", 2: type, 3: "text", 4: stringEntry },
  repeated: [4],
  check(values) {
    if (!values.has(2)) throw refused(`has the input or output '${text(values, 1).slice(0, 60)}' without a type`);
  },
};
/** What the graph says of values inside it; runtimes work it out themselves. */
const inner: Message = { ...value, fields: { ...value.fields, 2: "bytes" }, check: undefined };
const quantization: Message = { name: "TensorAnnotation", fields: { 1: "text", 2: stringEntry }, repeated: [2] };

const graph: Message = {
  name: "Graph",
  // 15 are sparse initializers.
  fields: {
    1: node,
    2: "text",
    5: tensor,
    10: "text",
    11: value,
    12: value,
    13: inner,
    14: quantization,
    16: stringEntry,
  },
  repeated: [1, 5, 11, 12, 13, 14, 16],
};
const operatorSet: Message = {
  name: "OperatorSet",
  fields: { 1: "text", 2: "number" },
  repeated: [],
};
const model: Message = {
  name: "Model",
  // 20 is training, 25 are functions.
  fields: {
    1: "number",
    2: "text",
    3: "text",
    4: "text",
    5: "number",
    6: "text",
    7: graph,
    8: operatorSet,
    14: stringEntry,
  },
  repeated: [8, 14],
  check(values) {
    if (!values.has(7)) throw refused("has no graph");
  },
};

/**
 * Refuses what a stranger's file could do beside computing: numbers in other files, control flow and graphs within graphs,
 * functions, operators that are not known, types and shapes that are not told. Every field is read, and one that is not known is
 * refused.
 *
 * @throws UserError that names the first such thing, or says that the file is damaged
 * @example
 * const bytes = readFileSync("encoder.onnx");
 * checkForeignGraph(bytes);
 * const session = await openSession(bytes);
 */
export function checkForeignGraph(bytes: Uint8Array): void {
  read(bytes, model);
}

/** Values of a field that are looked at: a shape's axes are fewer. */
const mostKept = 64;

function read(bytes: Uint8Array, { name, fields, repeated, check }: Message): void {
  const cursor = { bytes, at: 0 };
  const values = new Map<number, (string | bigint | Uint8Array)[]>();
  while (cursor.at < bytes.length) {
    const tag = Number(varint(cursor));
    const [field, kind] = [Math.floor(tag / 8), tag % 8];
    const expected = fields[field];
    if (expected === undefined) throw refused(`has the field ${field} in ${name}, which is not supported`);
    const own = values.get(field) ?? [];
    values.set(field, own);
    if (own.length > 0 && !repeated.includes(field)) throw refused(`has the field ${field} in ${name} twice`);
    const isKept = own.length < mostKept;
    if (kind === wire.bytes) {
      const content = take(cursor, Number(varint(cursor)));
      if (typeof expected === "object") read(content, expected);
      if (expected === "number") own.push(...packed(content));
      else if (isKept) own.push(expected === "text" ? decoder.decode(content) : content);
    } else if (expected === "number" || expected === "bytes") {
      const number = scalar(cursor, kind);
      if (isKept) own.push(number);
    } else throw damaged();
  }
  check?.(values);
}

const decoder = new TextDecoder();

interface Cursor {
  bytes: Uint8Array;
  at: number;
}

function take(cursor: Cursor, length: number): Uint8Array {
  const from = cursor.at;
  if (!(length >= 0 && from + length <= cursor.bytes.length)) throw damaged();
  cursor.at += length;
  return cursor.bytes.subarray(from, cursor.at);
}

function scalar(cursor: Cursor, kind: number): bigint {
  if (kind === wire.varint) return varint(cursor);
  if (kind !== wire.fixed32 && kind !== wire.fixed64) throw damaged();
  take(cursor, kind === wire.fixed32 ? 4 : 8);
  return 0n;
}

function packed(content: Uint8Array): bigint[] {
  const cursor = { bytes: content, at: 0 };
  const all: bigint[] = [];
  while (cursor.at < content.length && all.length <= mostKept) all.push(varint(cursor));
  return all;
}

/** Seven bits a byte, the lowest first; of 64 bits with a sign, as ONNX has all of its whole numbers. */
function varint(cursor: Cursor): bigint {
  let [value, shift] = [0n, 0n];
  for (;;) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined || shift > 63n) throw damaged();
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return BigInt.asIntN(64, value);
    shift += 7n;
  }
}

function damaged(): UserError {
  return new UserError("this ONNX file is damaged: its parts do not fit into each other. Download or export it again.");
}
