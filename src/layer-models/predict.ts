// What a model answers to given rows. Runs the very graph that is saved as model.onnx.
import { availableParallelism } from "node:os";
import { z } from "zod";
import { CancelledError, UserError } from "../base/errors.js";
import { firstNotFinite } from "../formats/finite.js";
import { readOptions } from "../nn/index.js";
import { type Feed, openSession } from "../runtime/index.js";
import { builtPlan, type ModelState } from "./model-state.js";
import { modelToOnnx } from "./onnx-model.js";
import { type InputData, type ModelInputs, readInputs } from "./read-inputs.js";
import type { TensorData } from "./tensor-data.js";
import type { Topology } from "./topology.js";

export const predictSchema = z.strictObject({
  batchSize: z.int().positive().default(128).describe("rows per batch"),
  threads: z.int().positive().optional().describe("threads; by default one per core"),
});

export type PredictOptions = z.input<typeof predictSchema> & {
  /** Stops before the next batch with a CancelledError. */
  signal?: AbortSignal;
};

/** One tensor an output, in the plan's order. */
export async function predictModel(state: ModelState, x: InputData, given: PredictOptions = {}): Promise<TensorData[]> {
  const { signal, ...rest } = given;
  const { batchSize, threads } = readOptions("predict", predictSchema, rest);
  const plan = builtPlan(state);
  const inputs = readInputs(plan, x, "x");
  state.session ??= openSession(modelToOnnx(state), { threads: threads ?? availableParallelism() });
  const session = await state.session;
  const parts: Awaited<ReturnType<typeof session.run>>[] = [];
  for (let from = 0; from < inputs.rows; from += batchSize) {
    if (signal?.aborted) throw new CancelledError("the prediction was stopped.");
    parts.push(await session.run(feedsOf(plan, inputs, from, Math.min(from + batchSize, inputs.rows))));
    // The session computes in this thread: let others have their turn.
    await new Promise(setImmediate);
  }
  return plan.outputs.map(({ name }) => {
    const arrays = parts.map((part) => part[name].data as Float32Array);
    const data = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      data.set(array, at);
      at += array.length;
    }
    checkAnswers(state, inputs, data);
    return { data, shape: [inputs.rows, ...parts[0][name].shape.slice(1)] };
  });
}

/** Weights of a folder can be finite and still answer with what is not. */
function checkAnswers({ folder }: ModelState, { arrays }: ModelInputs, answers: Float32Array): void {
  const at = folder === undefined ? -1 : firstNotFinite(answers);
  const isGiven = () => arrays.some(({ data }) => data instanceof Float32Array && firstNotFinite(data) >= 0);
  if (at < 0 || isGiven()) return;
  throw new UserError(
    `The model '${folder}' answers ${answers[at]}: x is too large for it, or its weights are damaged. Scale x, or save the model again.`,
  );
}

function feedsOf(plan: Topology, { arrays }: ModelInputs, from: number, to: number): Record<string, Feed> {
  return Object.fromEntries(
    plan.inputs.map(({ name }, i): [string, Feed] => {
      const { data, sizes } = arrays[i];
      const width = sizes.reduce((product, size) => product * size, 1);
      const part = data.subarray(from * width, to * width);
      const shape = [to - from, ...sizes];
      return part instanceof Float32Array
        ? [name, { data: part, shape, type: "float32" }]
        : [name, { data: BigInt64Array.from(part, BigInt), shape, type: "int64" }];
    }),
  );
}
