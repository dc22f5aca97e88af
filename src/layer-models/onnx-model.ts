// The model as an ONNX file: named batch, and named lengths where the plan has them.
import { encodeOnnx } from "../formats/onnx/encode.js";
import { emitModel } from "../graph/index.js";
import { buildGraph } from "./build-graph.js";
import { builtPlan, type ModelState } from "./model-state.js";

export function modelToOnnx(state: ModelState): Uint8Array {
  const plan = builtPlan(state);
  const { outputs } = buildGraph(plan, { batch: "batch" }, false);
  const named = Object.fromEntries(plan.outputs.map(({ name }, i) => [name, outputs[i]]));
  return encodeOnnx(emitModel(named, { values: state.parameters }));
}
