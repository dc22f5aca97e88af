// A network's parameters: their names, sizes, first values, and how training treats them.
import { input } from "../../graph/index.js";
import { graphBuild, initialValues, type ParameterSpec } from "../../nn/index.js";
import type { ParameterInit } from "../../runtime/index.js";
import { buildLanguageNetwork, tokenTableName } from "./build-network.js";
import type { LanguageNetworkShape } from "./shape.js";

export function parameterSpecs(shape: LanguageNetworkShape): ParameterSpec[] {
  const ids = input("ids", [1, Math.min(shape.contextLength, 2)], "int32");
  return buildLanguageNetwork(shape, { ids }, graphBuild(false)).parameters;
}

export function parameterCount(shape: LanguageNetworkShape): number {
  return parameterSpecs(shape).reduce((sum, { shape: size }) => sum + size.reduce((a, b) => a * b, 1), 0);
}

/** Token vectors to begin with, (vocabSize, width), and the share of the learning rate that moves them. */
export interface FirstTokenVectors {
  vectors?: Float32Array;
  rateScale: number;
}

/** First values from the seed; weight decay for hidden matrices alone, none for norms, biases and token vectors. */
export function initialLanguageParameters(
  shape: LanguageNetworkShape,
  seed: number,
  tokens?: FirstTokenVectors,
): ParameterInit[] {
  return parameterSpecs(shape).map(({ name, shape: size, initializer, isHidden }) => ({
    name,
    shape: size,
    data: (name === tokenTableName ? tokens?.vectors : undefined) ?? initialValues(initializer, size, name, seed),
    rateScale: name === tokenTableName ? tokens?.rateScale : undefined,
    decay: isHidden ?? /[kK]ernel$/.test(name),
    isHidden,
  }));
}
