// The last layer of a tuned encoder as an ONNX graph: from the vectors of texts to answers.
import { encodeOnnx } from "../../formats/onnx/encode.js";
import { emitModel, input } from "../../graph/index.js";
import { applyLayer, dense, graphBuild } from "../../nn/index.js";
import { type AnswerForm, answersOf } from "../head.js";
import { outputBiasName, outputKernelName, outputName } from "../network.js";
import type { NetworkWeights } from "../network-weights.js";

/** vectors (batch, dim) give answers (batch, width), by the form's name. */
export function answersOnnx(weights: NetworkWeights, form: AnswerForm): Uint8Array {
  const kernel = weights.get(outputKernelName)!;
  const [dim, units] = kernel.shape;
  const place = { name: outputName, call: outputName };
  const x = input("vectors", ["batch", dim]);
  const { result } = applyLayer(dense({ units }), place, [x], [undefined], graphBuild(false));
  const values = new Map([outputKernelName, outputBiasName].map((name) => [name, weights.get(name)!.data]));
  return encodeOnnx(emitModel({ [form.output]: answersOf(form, result) }, { values }));
}
