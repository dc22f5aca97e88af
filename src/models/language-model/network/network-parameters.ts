// A network's parameters: their names, sizes, first values, and how training treats them.
import { input } from "../../../graph/index.js";
import { graphBuild, initialValues, type ParameterSpec } from "../../../nn/index.js";
import type { ParameterInit } from "../../../runtime/index.js";
import { buildNetwork, tableName } from "./build-network.js";
import type { NetworkShape } from "./shape.js";

export type NetworkWeights = ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;

export function parameterSpecs(shape: NetworkShape): ParameterSpec[] {
  const ids = input("ids", [1, Math.min(shape.contextLength, 2)], "int32");
  return buildNetwork(shape, { ids }, graphBuild(false)).parameters;
}

export function parameterCount(shape: NetworkShape): number {
  return parameterSpecs(shape).reduce((sum, { shape: size }) => sum + size.reduce((a, b) => a * b, 1), 0);
}

/** Token vectors to begin with, (vocabSize, width), and the share of the learning rate that moves them. */
export interface FirstTokenVectors {
  vectors?: Float32Array;
  rateScale: number;
}

/** First values from the seed; weight decay for hidden matrices alone, none for norms, biases and token vectors. */
export function initialParameters(shape: NetworkShape, seed: number, tokens?: FirstTokenVectors): ParameterInit[] {
  return parameterSpecs(shape).map(({ name, shape: size, initializer, isHidden }) => ({
    name,
    shape: size,
    data: (name === tableName ? tokens?.vectors : undefined) ?? initialValues(initializer, size, name, seed),
    rateScale: name === tableName ? tokens?.rateScale : undefined,
    decay: isHidden ?? /[kK]ernel$/.test(name),
    isHidden,
  }));
}
