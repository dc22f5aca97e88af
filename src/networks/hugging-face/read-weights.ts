// Weights under our names from files under theirs: what is of another shape or missing is told by its name there.
import { UserError } from "../../base/errors.js";
import { firstNotFinite } from "../../formats/finite.js";
import type { ParameterSpec } from "../../nn/index.js";
import { transposed } from "../transposed.js";
import type { WeightNames } from "./architecture.js";
import type { WeightFiles } from "./weight-files.js";

/** Ours after the last "/" to theirs after the last ".", the usual one first. Norms of the first BERTs have the second. */
const endings: Record<string, readonly string[]> = {
  kernel: [".weight"],
  table: [".weight"],
  bias: [".bias"],
  gamma: [".weight", ".gamma"],
  beta: [".bias", ".beta"],
};

export interface WeightSource {
  /** Names that the tensor may have. */
  names: string[];
  part: number;
  of: number;
  /** Theirs is (out, in), ours (in, out). */
  isTransposed: boolean;
  /** Parts are columns of their rows, not rows. */
  isBeside: boolean;
}

/** Where a parameter's numbers stand. */
export function sourceOf(parameter: string, { parts, block, blockParts, areInOut = false }: WeightNames): WeightSource {
  const [, layer, inBlock] = /^blocks\/(\d+)\/(.*)$/.exec(parameter) ?? [];
  const local = inBlock ?? parameter;
  const end = local.lastIndexOf("/");
  const found = (inBlock === undefined ? parts : blockParts)[local.slice(0, end)];
  const kind = local.slice(end + 1);
  if (found === undefined || !Object.hasOwn(endings, kind)) throw new Error(`'${parameter}' has no name in the files`);
  const { name, part, of } = typeof found === "string" ? { name: found, part: 0, of: 1 } : found;
  const before = layer === undefined ? "" : block.replace("{}", layer);
  return {
    names: endings[kind].map((ending) => `${before}${name}${ending}`),
    part,
    of,
    isTransposed: kind === "kernel" && !areInOut,
    isBeside: kind === "kernel" && areInOut && of > 1,
  };
}

interface Floats {
  shape: readonly number[];
  data: Float32Array;
}

/**
 * All parameters, each tensor read once where its parts follow each other.
 *
 * @param before - what stands before the names in the files
 * @param readOwn - of tensors that are to be read in another way; undefined for all others
 * @throws UserError where a tensor is missing or has another shape than the parameter
 */
export function readWeights<Own = never>(
  specs: readonly ParameterSpec[],
  source: (parameter: string) => WeightSource,
  files: WeightFiles,
  before = "",
  readOwn: (found: FoundTensor, parameter: ParameterSpec) => Own | undefined = () => undefined,
): Map<string, Floats | Own> {
  const weights = new Map<string, Floats | Own>();
  /** Tensors of which parts are still to be read. */
  const kept = new Map<string, { data: Float32Array; left: number }>();
  for (const spec of specs) {
    const { name, shape } = spec;
    const found = findTensor(spec, source, files, before);
    const { tensor, own, part, of, isTransposed, isBeside } = found;
    const as = readOwn(found, spec);
    if (as !== undefined) {
      weights.set(name, as);
      continue;
    }
    const whole = kept.get(tensor) ?? { data: readFloats(files, tensor), left: of };
    whole.left--;
    if (whole.left > 0) kept.set(tensor, whole);
    else kept.delete(tensor);
    const length = whole.data.length / of;
    const data =
      of === 1
        ? whole.data
        : isBeside
          ? columnsOf(whole.data, own[1] * of, part * own[1], own[1])
          : whole.data.subarray(part * length, (part + 1) * length);
    const isShared = of > 1 && !isTransposed && !isBeside;
    weights.set(name, {
      shape,
      data: isTransposed ? transposed(data, own[0], own[1]) : isShared ? data.slice() : data,
    });
  }
  return weights;
}

export interface FoundTensor extends WeightSource {
  /** Its name in the files. */
  tensor: string;
  /** Sizes of the parameter as they stand there. */
  own: number[];
}

/** @throws UserError where it is missing or has another shape than the parameter */
export function findTensor(
  { name, shape }: Pick<ParameterSpec, "name" | "shape">,
  source: (parameter: string) => WeightSource,
  files: WeightFiles,
  before: string,
): FoundTensor {
  const found = source(name);
  const { names, of, isTransposed, isBeside } = found;
  // A head stands beside what has the prefix.
  const possible = names.flatMap((one) => [before + one, one]);
  const tensor = possible.find((one) => files.shapes.has(one)) ?? possible[0];
  const own = isTransposed ? shape.toReversed() : [...shape];
  const expected = isBeside ? [own[0], own[1] * of] : [own[0] * of, ...own.slice(1)];
  const given = files.shapes.get(tensor);
  if (given?.join() === expected.join()) return { ...found, tensor, own };
  throw new UserError(
    given === undefined
      ? `${files.fileOf(tensor)} has no tensor '${tensor}', which the settings in its folder ask for. Download the model again.`
      : `${files.fileOf(tensor)} has the tensor '${tensor}' of shape [${given.join(", ")}], but the settings in its ` +
          `folder ask for [${expected.join(", ")}]. Download the model again.`,
  );
}

export function readFloats(files: WeightFiles, tensor: string): Float32Array {
  const data = files.read(tensor);
  const at = data ? firstNotFinite(data) : -1;
  if (data && at >= 0)
    throw new UserError(
      `${files.fileOf(tensor)} has the tensor '${tensor}' with ${data[at]}, which is not a finite number. Download the model again.`,
    );
  if (data) return data;
  throw new UserError(
    `${files.fileOf(tensor)} has the tensor '${tensor}' in a type that is not read here (read: F32, F16, BF16). Use a model ` +
      "in one of these.",
  );
}

/** Columns from … from + count − 1 of rows of a width. */
function columnsOf(data: Float32Array, width: number, from: number, count: number): Float32Array {
  const columns = new Float32Array((data.length / width) * count);
  for (let at = from, to = 0; to < columns.length; at += width, to += count)
    columns.set(data.subarray(at, at + count), to);
  return columns;
}
