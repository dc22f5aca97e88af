// Writes the folder of a model of layers: its plan as plain data, weights.safetensors, model.onnx.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeFolder } from "../folders/index.js";
import { encodeSafetensors } from "../formats/safetensors.js";
import { describeLayer } from "../nn/index.js";
import { inspectPlan } from "./build-graph.js";
import type { ModelPlan } from "./model-plan.js";
import { builtPlan, type ModelState } from "./model-state.js";
import { modelToOnnx } from "./onnx-model.js";

/** The folder is there whole or not at all; what stood there before stays until then. */
export async function saveModel(state: ModelState, folder: string): Promise<void> {
  const plan = builtPlan(state);
  const saved: ModelPlan = {
    seed: state.seed,
    epochsDone: state.epochsDone,
    inputs: plan.inputs.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype })),
    layers: plan.layers.map(({ name, layer }) => {
      const { kind, config } = describeLayer(layer);
      return { name, kind, config: { ...config } };
    }),
    calls: plan.calls,
    outputs: plan.outputs,
    compiled: state.compiled,
  };
  const shapes = new Map(
    inspectPlan(plan)
      .parameters.flat()
      .map(({ name, shape }) => [name, shape]),
  );
  const tensors = new Map([...state.parameters].map(([name, data]) => [name, { shape: shapes.get(name)!, data }]));
  await writeFolder(folder, "layer-model", { plan: saved }, (aside) => {
    writeFileSync(join(aside, "weights.safetensors"), encodeSafetensors(tensors));
    writeFileSync(join(aside, "model.onnx"), modelToOnnx(state));
  });
}
