// Writes small WebAssembly modules: functions over one shared memory, as nested expressions instead of a stack.
// Why WebAssembly: four 32-bit floats an instruction, memory that all worker threads share, and the same bits on every
// machine, which neither JavaScript's loops (no vectors) nor ONNX Runtime (no shared arrays, bits by processor) have.
// Source: https://webassembly.github.io/spec/core/binary (with the fixed-width SIMD and threads proposals).

export type Code = readonly number[];
export type ValueType = "i32" | "f32" | "f64" | "v128";

const typeBytes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

export interface Local {
  get: Code;
  set(value: Code): Code;
}

export interface FunctionPlan {
  name: string;
  parameters: readonly ValueType[];
  /** Variables besides the parameters. */
  locals: readonly ValueType[];
  result?: ValueType;
  /** Gets the parameters, then the variables. */
  body(...locals: Local[]): Code;
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const binary = (opcode: Code) => (a: Code, b: Code) => [...a, ...b, ...opcode];
const unary = (opcode: Code) => (a: Code) => [...a, ...opcode];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: binary([0x6a]),
  sub: binary([0x6b]),
  mul: binary([0x6c]),
  shl: binary([0x74]),
  and: binary([0x71]),
  ltU: binary([0x49]),
  /** Of a float, towards 0. */
  truncate: unary([0xa8]),
  load: (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)],
};

/** What 32-bit floats can do, one or four at a time. */
export interface Floats {
  /** Four times the same number, or the number itself. */
  splat(value: Code): Code;
  sqrt(a: Code): Code;
  add(a: Code, b: Code): Code;
  sub(a: Code, b: Code): Code;
  mul(a: Code, b: Code): Code;
  div(a: Code, b: Code): Code;
  load(address: Code, offset?: number): Code;
  store(address: Code, value: Code, offset?: number): Code;
}

export const f32 = {
  splat: (value: Code): Code => value,
  const: (value: number): Code => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)],
  add: binary([0x92]),
  sub: binary([0x93]),
  mul: binary([0x94]),
  div: binary([0x95]),
  sqrt: unary([0x91]),
  min: binary([0x96]),
  max: binary([0x97]),
  /** As a 64-bit float. */
  promote: unary([0xbb]),
  load: (address: Code, offset = 0): Code => [...address, 0x2a, 2, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x38, 2, ...unsigned(offset)],
};

export const f32x4 = {
  splat: unary(simd(0x13)),
  lane: (value: Code, lane: number): Code => [...value, ...simd(0x1f), lane],
  sqrt: unary(simd(0xe3)),
  add: binary(simd(0xe4)),
  sub: binary(simd(0xe5)),
  mul: binary(simd(0xe6)),
  div: binary(simd(0xe7)),
  load: (address: Code, offset = 0): Code => [...address, ...simd(0x00), 2, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...simd(0x0b),
    2,
    ...unsigned(offset),
  ],
  /** ((lane 0 + lane 1) + (lane 2 + lane 3)) of a variable. */
  sum: ({ get }: Local): Code =>
    f32.add(f32.add(f32x4.lane(get, 0), f32x4.lane(get, 1)), f32.add(f32x4.lane(get, 2), f32x4.lane(get, 3))),
};

export const f64 = {
  const: (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  add: binary([0xa0]),
  mul: binary([0xa2]),
};

export const f64x2 = {
  splat: unary(simd(0x14)),
  add: binary(simd(0xf0)),
  mul: binary(simd(0xf2)),
  /** Lanes 0 and 1, or 2 and 3, of four 32-bit floats. */
  promoteLow: unary(simd(0x5f)),
  promoteHigh: (value: Local): Code => [
    ...value.get,
    ...value.get,
    ...simd(0x0d),
    ...[8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15],
    ...simd(0x5f),
  ],
  /** Lane 0 + lane 1 of a variable. */
  sum: ({ get }: Local): Code => f64.add([...get, ...simd(0x21), 0], [...get, ...simd(0x21), 1]),
};

/** Runs `body` and moves `counter` on by `step` while it is below `limit`; not once when it is not. */
export function repeat(counter: Local, limit: Code, step: Code, body: Code): Code {
  const below = i32.ltU(counter.get, limit);
  const [block, loop, end, branchIf, ifNot] = [0x02, 0x03, 0x0b, 0x0d, 0x45];
  const nothing = 0x40;
  const advance = counter.set(i32.add(counter.get, step));
  // biome-ignore format: one instruction group a line
  return [
    block, nothing,
    ...below, ifNot, branchIf, 0,
    loop, nothing,
    ...body, ...advance, ...below, branchIf, 0,
    end,
    end,
  ];
}

/** `body` for four floats at a time and then for each that is left; `at` counts their bytes from 0 to `bytes`. */
export function eachFloat(at: Local, bytes: Local, body: (floats: Floats) => Code): Code {
  return [
    ...at.set(i32.const(0)),
    ...repeat(at, i32.and(bytes.get, i32.const(-16)), i32.const(16), body(f32x4)),
    ...repeat(at, bytes.get, i32.const(4), body(f32)),
  ];
}

/** A module that imports env.memory (shared) and exports the functions. */
export function assemble(functions: readonly FunctionPlan[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [typeBytes[type]])),
    ...vector(result ? [[typeBytes[result]]] : []),
  ]);
  const memory = [...name("env"), ...name("memory"), 0x02, 0x03, ...unsigned(1), ...unsigned(maxPages)];
  const exported = functions.map((plan, i) => [...name(plan.name), 0x00, ...unsigned(i)]);
  const bodies = functions.map((plan) => {
    const count = plan.parameters.length + plan.locals.length;
    const locals = Array.from({ length: count }, (_, i) => localAt(i));
    const code = [
      ...vector(plan.locals.map((type) => [...unsigned(1), typeBytes[type]])),
      ...plan.body(...locals),
      0x0b,
    ];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    ...section(7, exported),
    ...section(10, bodies),
  ]);
}

/** Pages of 64 KiB that a 32-bit memory has at most. */
export const maxPages = 65536;

/** local.get and local.set. */
function localAt(index: number): Local {
  return { get: [0x20, ...unsigned(index)], set: (value) => [...value, 0x21, ...unsigned(index)] };
}

function section(id: number, items: readonly Code[]): Code {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): Code {
  return [...unsigned(text.length), ...new TextEncoder().encode(text)];
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}
