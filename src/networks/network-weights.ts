// The trained values of a network, by parameter.

export type NetworkWeights = ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>;
