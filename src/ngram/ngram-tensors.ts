// An n-gram model as named arrays and plain options, and back. Knows no file format.
import { crc32 } from "node:zlib";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { bytesOf, type NamedArray } from "../formats/safetensors.js";
import type { NgramLevel, NgramModel } from "./ngram-model.js";

/** The part that is not an array; plain JSON. */
const configSchema = z.object({
  kind: z.literal("ngram"),
  version: z.literal(1),
  order: z.number().int().min(1).max(10),
  vocabSize: z
    .number()
    .int()
    .min(1)
    .max(2 ** 24),
  /** Left out where the end of a text is not predicted. */
  endId: z.number().int().min(0).optional(),
  discounts: z.array(z.array(z.number()).length(3)),
  /** Of all arrays: a changed probability would go unnoticed. */
  checksum: z.number(),
});
export type NgramConfig = z.output<typeof configSchema>;

/**
 * @example
 * const { tensors, config } = ngramToTensors(model);
 * logProbabilities(ngramFromTensors(tensors, config), ids); // the same bits
 */
export function ngramToTensors({ order, vocabSize, endId, discounts, levels }: NgramModel): {
  tensors: Map<string, NamedArray>;
  config: NgramConfig;
} {
  const tensors = new Map<string, NamedArray>();
  for (const [i, level] of levels.entries())
    for (const name of arraysOf(i + 1, order)) tensors.set(`${i + 1}.${name}`, arrayOf(level[name]));
  const checksum = checksumOf(tensors);
  return { tensors, config: { kind: "ngram", version: 1, order, vocabSize, endId, discounts, checksum } };
}

/** CRC-32 of the arrays' bytes, in the order of their names. */
export function checksumOf(tensors: ReadonlyMap<string, NamedArray>): number {
  let checksum = 0;
  for (const name of [...tensors.keys()].sort()) checksum = crc32(bytesOf(tensors.get(name)!.data), checksum);
  return checksum;
}

function arrayOf(data: Int32Array | Float32Array): NamedArray {
  return { shape: [data.length], data };
}

/**
 * The model that `ngramToTensors` took apart. A damaged file shows by its checksum; as a stranger's file may bring a
 * fitting one, every number is checked too: no search can leave its array, and no answer can be other than a probability.
 *
 * @param config what `ngramToTensors` gave, as it came out of JSON
 * @throws UserError when the options are not those of an n-gram model, or an array is missing or damaged
 */
export function ngramFromTensors(tensors: ReadonlyMap<string, NamedArray>, config: unknown): NgramModel {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success)
    throw new UserError(
      `this version of columnist cannot read this n-gram model (${z.prettifyError(parsed.error)}); ` +
        "update columnist or train again",
    );
  const { order, vocabSize, endId, discounts, checksum } = parsed.data;
  if (checksumOf(tensors) !== checksum) throw damaged("its arrays do not match the saved checksum");
  const levels: NgramLevel[] = [];
  for (let n = 1; n <= order; n++) {
    const has = arraysOf(n, order);
    const ints = (name: ArrayName) => (has.includes(name) ? found(tensors, `${n}.${name}`, Int32Array) : noInts);
    const floats = (name: ArrayName) => (has.includes(name) ? found(tensors, `${n}.${name}`, Float32Array) : noFloats);
    const level: NgramLevel = {
      tokens: ints("tokens"),
      probabilities: floats("probabilities"),
      backoffs: floats("backoffs"),
      followers: ints("followers"),
    };
    check(level, n, { order, vocabSize, endId }, levels[n - 2]);
    levels.push(level);
  }
  return { order, vocabSize, endId, levels, discounts };
}

type ArrayName = keyof NgramLevel;
const noInts = new Int32Array(0);
const noFloats = new Float32Array(0);

function arraysOf(n: number, order: number): ArrayName[] {
  return [
    ...(n > 1 ? ["tokens" as const] : []),
    "probabilities",
    ...(n < order ? (["backoffs", "followers"] as const) : []),
  ];
}

function found<T extends Int32Array | Float32Array>(
  tensors: ReadonlyMap<string, NamedArray>,
  name: string,
  type: { new (length: number): T; name: string },
): T {
  const data = tensors.get(name)?.data;
  if (!(data instanceof type))
    throw damaged(`'${name}' must be a ${type.name}, but is ${data ? `a ${data.constructor.name}` : "missing"}`);
  return data;
}

function check(
  { tokens, probabilities, backoffs, followers }: NgramLevel,
  n: number,
  { order, vocabSize, endId }: Pick<NgramConfig, "order" | "vocabSize" | "endId">,
  lower: NgramLevel | undefined,
): void {
  if (endId !== undefined && endId >= vocabSize)
    throw damaged(`the end-of-text id ${endId} is not among ${vocabSize} tokens`);
  const size = lower ? lower.followers[lower.followers.length - 1] : vocabSize;
  // At the lowest level the beginning of a text is a context of its own.
  const contexts = n < order ? size + (n === 1 ? 1 : 0) : 0;
  const lengths = [n === 1 ? 0 : size, size, contexts, n < order ? contexts + 1 : 0];
  for (const [i, array] of [tokens, probabilities, backoffs, followers].entries())
    if (array.length !== lengths[i])
      throw damaged(`an array of the ${n}-grams has ${array.length} numbers, not ${lengths[i]}`);
  if (lower)
    for (let context = 0; context + 1 < lower.followers.length; context++)
      for (let i = lower.followers[context], last = -1; i < lower.followers[context + 1]; i++) {
        if (!(tokens[i] > last && tokens[i] < vocabSize))
          throw damaged(`the tokens of the ${n}-grams are out of order`);
        last = tokens[i];
      }
  // A rounded sum may exceed 1 by a little.
  for (const value of probabilities)
    if (!(value > 0 && value <= 1.000001)) throw damaged(`a ${n}-gram has the probability ${value}`);
  for (const value of backoffs) if (!(value > 0 && value <= 1)) throw damaged(`a context has the factor ${value}`);
  for (let i = 0; i < followers.length; i++)
    if (i === 0 ? followers[0] !== 0 : !(followers[i] >= followers[i - 1]))
      throw damaged(`the followers of the ${n}-grams are out of order`);
}

function damaged(what: string): UserError {
  return new UserError(`the n-gram model is damaged: ${what}. Copy the model folder again or train again`);
}
