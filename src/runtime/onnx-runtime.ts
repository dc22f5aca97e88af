// The only place that knows ONNX Runtime: sessions, tensors, the settings that were measured to be fast.
import "./no-telemetry.js";
import * as ort from "onnxruntime-node";

export type Numbers = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
export type RuntimeTensor = ort.Tensor;
export type RuntimeSession = ort.InferenceSession;

const types = { float32: "float32", float64: "float64", int32: "int32", int64: "int64", bool: "bool" } as const;
export type RuntimeType = keyof typeof types;

/**
 * Opens a session in the calling thread. `basic` optimisation: the higher levels fuse transposes into slower products.
 * No memory pattern: it would hold each graph's activations twice, and no step was faster with it.
 * Denormals count as zero in its pool's threads; for other threads see flush-denormals.ts.
 *
 * With several threads the last bits depend on how many: products are cut differently, and so are their sums. And rows
 * that ScatterND adds at one place are added by two threads at once, and some are lost. Training takes one thread.
 */
export function createSession(
  model: Uint8Array | string,
  threads: number,
  external: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<RuntimeSession> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "basic",
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(external.size > 0 && { externalData: [...external].map(([path, data]) => ({ path, data })) }),
    extra: { session: { set_denormal_as_zero: "1", intra_op: { allow_spinning: threads > 1 ? "1" : "0" } } },
  };
  return typeof model === "string"
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}

/** A tensor over `data`, which is not copied: writing into the array changes what the next run reads. */
export function tensorOver(data: Numbers, shape: readonly number[], type: RuntimeType): RuntimeTensor {
  return new ort.Tensor(types[type], data as Float32Array, shape);
}

export function newNumbers(type: RuntimeType, length: number): Numbers {
  if (type === "float32") return new Float32Array(length);
  if (type === "float64") return new Float64Array(length);
  if (type === "int32") return new Int32Array(length);
  if (type === "int64") return new BigInt64Array(length);
  return new Uint8Array(length);
}

export const runtimeVersion: string = ort.env.versions.common;
