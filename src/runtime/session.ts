// A model that is only run: load it once, feed named arrays, get named arrays. Computes in the calling thread.
import type { OnnxParts } from "../formats/onnx/encode.js";
import { createSession, type Numbers, type RuntimeType, tensorOver } from "./onnx-runtime.js";

export interface Feed {
  data: Numbers;
  shape: readonly number[];
  type: RuntimeType;
}

export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  run(feeds: Readonly<Record<string, Feed>>): Promise<Record<string, { data: Numbers; shape: readonly number[] }>>;
  close(): Promise<void>;
}

/**
 * @example
 * const session = await openSession("model/model.onnx", { threads: 1 });
 */
export async function openSession(
  model: Uint8Array | string | OnnxParts,
  options: { threads?: number } = {},
): Promise<Session> {
  const isWhole = typeof model === "string" || model instanceof Uint8Array;
  const { bytes, external } = isWhole ? { bytes: model, external: undefined } : model;
  const session = await createSession(bytes, options.threads ?? 1, external);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds) {
      const results = await session.run(
        Object.fromEntries(
          Object.entries(feeds).map(([name, { data, shape, type }]) => [name, tensorOver(data, shape, type)]),
        ),
      );
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, { data: tensor.data as Numbers, shape: tensor.dims }]),
      );
    },
    close: () => session.release(),
  };
}
