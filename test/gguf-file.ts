// Small GGUF files for tests, by the layout of https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 3).
export type Written =
  | { type: "u32" | "f32" | "i32" | "u64" | "bool"; value: number }
  | { type: "string"; value: string }
  | { type: "strings"; value: string[] };

export interface WrittenTensor {
  name: string;
  /** The fastest axis first. */
  shape: number[];
  /** ggml_type: 0 is F32. */
  type: number;
  bytes: Uint8Array;
}

const types = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, strings: 9, u64: 10 };

/**
 * @example
 * writeFileSync("a.gguf", encodeGguf({ "general.architecture": { type: "string", value: "llama" } }, []));
 */
export function encodeGguf(metadata: Record<string, Written>, tensors: readonly WrittenTensor[], version = 3): Buffer {
  const head = [Buffer.from("GGUF"), u32(version), u64(tensors.length), u64(Object.keys(metadata).length)];
  for (const [name, written] of Object.entries(metadata))
    head.push(text(name), u32(types[written.type]), encoded(written));
  let offset = 0;
  for (const { name, shape, type, bytes } of tensors) {
    head.push(text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset));
    offset += aligned(bytes.length);
  }
  const header = Buffer.concat(head);
  const numbers = tensors.flatMap(({ bytes }) => [bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);
  return Buffer.concat([header, Buffer.alloc(aligned(header.length) - header.length), ...numbers]);
}

function encoded(written: Written): Buffer {
  if (written.type === "string") return text(written.value);
  if (written.type === "strings")
    return Buffer.concat([u32(types.string), u64(written.value.length), ...written.value.map(text)]);
  if (written.type === "u64") return u64(written.value);
  const bytes = Buffer.alloc(written.type === "bool" ? 1 : 4);
  if (written.type === "f32") bytes.writeFloatLE(written.value);
  else if (written.type === "bool") bytes.writeUInt8(written.value);
  else bytes.writeInt32LE(written.value);
  return bytes;
}

const aligned = (bytes: number) => Math.ceil(bytes / 32) * 32;
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
