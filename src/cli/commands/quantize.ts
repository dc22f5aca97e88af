// columnist quantize: a model in, the same in fewer bits out.
import { showBytes } from "../../base/show-bytes.js";
import { quantizeOptionsSchema } from "../../workflows/quantize/options.js";
import { command } from "../command.js";
import { parametersText } from "../model-text.js";
import { wrapped } from "../wrapped.js";

export const quantize = command({
  arguments: [["<model>", "encoder or decoder (columnist models), or folder of a model trained from an encoder"]],
  schema: quantizeOptionsSchema,
  example:
    "columnist quantize model --out model-8-bits\n" +
    "columnist quantize sentence-transformers/all-MiniLM-L6-v2 --out encoder-8-bits\n" +
    "columnist quantize HuggingFaceTB/SmolLM2-135M-Instruct --bits 4 --out small",
  async run([model], options) {
    const { quantizeModel } = await import("../../workflows/quantize/run.js");
    const result = await quantizeModel(model, options);
    const { description, parameters, bytes, out, bits } = result;
    const sizes = `${showBytes(bytes.after)} instead of ${showBytes(bytes.before)}`;
    const text = `${description}, ${parametersText(parameters)}, written to ${out} in ${bits} bits: ${sizes}.`;
    return { document: result, text: wrapped(text[0].toUpperCase() + text.slice(1)) };
  },
});
