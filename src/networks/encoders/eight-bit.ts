// An encoder in 8 bits: the matrices of its blocks and the vectors of its tokens, which are nearly all of its numbers. What is
// small stays in 32 bits: norms, biases, positions, and the modules of the vector.
import { quantizedProducts, quantizedRows, type Tensor } from "../../graph/index.js";
import { type GraphBuild, type ParameterSpec, type ProductWeights, separateProducts } from "../../nn/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { type QuantizedWeights, quantizeColumns, quantizeRows } from "../quantized-weights.js";
import { encoderTable } from "./build-encoder.js";

export interface EncoderWeights {
  weights: NetworkWeights;
  /** Those in 8 bits, which `weights` then does not have. */
  quantized?: QuantizedWeights;
}

const isKernel = (parameter: string) => /^blocks\/\d+\/.*\/kernel$/.test(parameter);

/** Whether a parameter is one of those that are in 8 bits. */
export const isEightBit = (parameter: string) => parameter === encoderTable || isKernel(parameter);

/** The parameters in 8 bits, with the number of their scales. */
export function eightBitSpecs(parameters: readonly ParameterSpec[]) {
  return parameters
    .filter(({ name }) => isEightBit(name))
    .map(({ name, shape }) => ({ name, shape, scales: isKernel(name) ? shape[1] : shape[0] }));
}

/** Those that are in 8 bits already stay. @throws UserError for a NaN or an infinity */
export function quantizeEncoder({ weights, quantized }: EncoderWeights): Required<EncoderWeights> {
  const [rest, made] = [new Map(weights), new Map(quantized)];
  for (const [name, { shape, data }] of weights) {
    if (!isEightBit(name)) continue;
    made.set(name, (isKernel(name) ? quantizeColumns : quantizeRows)(data, shape, name));
    rest.delete(name);
  }
  return { weights: rest, quantized: made };
}

/** A build that computes in 8 bits what there is in 8 bits. */
export function eightBitBuild(build: GraphBuild, quantized: QuantizedWeights): GraphBuild {
  return {
    ...build,
    products(x, parts) {
      const own = parts.filter(({ kernel }) => quantized.has(kernel));
      const others = parts.filter(({ kernel }) => !quantized.has(kernel));
      const weights = own.map(({ kernel, size, bias }) => ({
        matrix: quantized.get(kernel)!,
        ...(bias !== undefined && { bias: build.parameter(bias, [size[1]]) }),
      }));
      const found = new Map<ProductWeights, Tensor>();
      if (own.length > 0) for (const [i, y] of quantizedProducts(x, weights).entries()) found.set(own[i], y);
      if (others.length > 0) {
        const plain = build.products?.(x, others) ?? separateProducts(build, x, others);
        for (const [i, y] of plain.entries()) found.set(others[i], y);
      }
      return parts.map((part) => found.get(part)!);
    },
    rows(name, ids) {
      const table = quantized.get(name);
      return table && quantizedRows(ids, table);
    },
  };
}

export function parameterCount({ weights, quantized = new Map() }: EncoderWeights): number {
  return [...weights.values(), ...quantized.values()].reduce((sum, { data }) => sum + data.length, 0);
}
