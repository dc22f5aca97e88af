// Damage to a file, by a seed: what a disk, a broken copy or a stranger does.
import type { Random } from "../../src/base/random.js";

export const damages = ["bit", "bytes", "cut", "longer", "number", "float"] as const;
export type Damage = (typeof damages)[number];

/** Lengths, sizes and counts that lie. */
const lies = [
  "0",
  "-1",
  "1",
  "3",
  "255",
  "65537",
  "10000000",
  "2147483648",
  "9007199254740993",
  "1e308",
  "1.5",
  "null",
];

/** @param name decides where numbers are: in JSON, or in the header of safetensors; elsewhere a bit is turned */
export function damage(name: string, bytes: Buffer, kind: Damage, random: Random): Buffer {
  if (bytes.length === 0) return Buffer.from("x");
  const at = random.integer(bytes.length);
  const hurt = Buffer.from(bytes);
  switch (kind) {
    case "bytes":
      for (let i = at; i < Math.min(at + 64, hurt.length); i++) hurt[i] = random.integer(256);
      return hurt;
    case "cut":
      return hurt.subarray(0, at);
    case "longer":
      return Buffer.concat([
        hurt.subarray(0, at),
        Buffer.from(Array.from({ length: 97 }, () => random.integer(256))),
        hurt.subarray(at),
      ]);
    case "number":
      if (name.endsWith(".json")) return lie(hurt, random);
      if (name.endsWith(".safetensors")) return withHeader(hurt, (header) => lie(header, random));
      if (/\.(bin|txt|vec)$/.test(name)) return lie(hurt, random);
      break;
    case "float":
      if (name.endsWith(".safetensors")) return strangeFloat(hurt, random);
      break;
    case "bit":
      break;
  }
  hurt[at] ^= 1 << random.integer(8);
  return hurt;
}

/** Another number in the place of one of those in a text. */
function lie(text: Buffer, random: Random): Buffer {
  const latin = text.toString("latin1");
  const places = [...latin.matchAll(/(?<![\w.#-])-?\d+(\.\d+)?(e[-+]?\d+)?(?![\w.])/g)];
  if (places.length === 0) return text;
  const { 0: old, index } = places[random.integer(places.length)];
  return Buffer.from(
    latin.slice(0, index) + lies[random.integer(lies.length)] + latin.slice(index + old.length),
    "latin1",
  );
}

/** The numbers behind the header stay where they are. */
function withHeader(file: Buffer, change: (header: Buffer) => Buffer): Buffer {
  const end = 8 + Number(file.readBigUInt64LE(0));
  const header = change(file.subarray(8, end));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, file.subarray(end)]);
}

function strangeFloat(file: Buffer, random: Random): Buffer {
  const start = 8 + Number(file.readBigUInt64LE(0));
  const count = Math.floor((file.length - start) / 4);
  if (count === 0) return file;
  const value = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, -3e38, 1e-45][random.integer(6)];
  file.writeFloatLE(value, start + 4 * random.integer(count));
  return file;
}
