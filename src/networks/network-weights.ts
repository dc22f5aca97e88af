// The trained values of a network, by parameter.
import { UserError } from "../base/errors.js";
import { wrongModel } from "../folders/index.js";
import type { NamedArray } from "../formats/safetensors.js";
import type { ParameterSpec } from "../nn/index.js";

export type NetworkWeights = ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;

export function numbersOf(weights: NetworkWeights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { data }]) => [name, data]));
}

/**
 * Those that a network has, among the tensors of a file.
 *
 * @param specs plans the network, whose sizes may come from a stranger's file
 * @throws UserError when the sizes do not fit together, or a tensor is missing or has another shape or type
 */
export function takeWeights(
  specs: () => readonly ParameterSpec[],
  tensors: ReadonlyMap<string, NamedArray>,
): NetworkWeights {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, shape } of planned(specs)) {
    const tensor = tensors.get(name);
    if (!(tensor?.data instanceof Float32Array) || tensor.shape.join() !== shape.join())
      throw new UserError(
        `weights.safetensors has no '${name}' of shape [${shape.join(", ")}] in 32-bit floats, which the network under ` +
          "'model' has: the files belong to different models, or are damaged. Copy the whole folder again.",
      );
    weights.set(name, { shape, data: tensor.data });
  }
  return weights;
}

function planned(specs: () => readonly ParameterSpec[]): readonly ParameterSpec[] {
  try {
    return specs();
  } catch (error) {
    throw wrongModel(`the network under 'model' cannot be built: ${(error as Error).message}`);
  }
}
