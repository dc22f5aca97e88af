// A model in fewer bits: smaller, and faster on most processors. Whatever takes the model takes what is written.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeFault } from "../../base/outputs.js";
import { checkOutputs } from "../../tables/index.js";
import { type QuantizedModel, quantizerOf } from "./kinds.js";
import { type QuantizeOptions, quantizeOptionsSchema } from "./options.js";

export interface QuantizeResult extends QuantizedModel {
  out: string;
  bits: number;
}

/**
 * Writes a model with the weights of its matrices in 8 bits: a pretrained encoder, a text model that was made from one, or (in 4
 * bits too) a pretrained decoder.
 *
 * @param name - a folder, or the id of a model in the Hub's cache
 * @throws UserError for a model that cannot be written so, and for a folder that may not be replaced
 * @example
 * const { bytes } = await quantizeModel("model", { out: "model-8-bits" });
 */
export async function quantizeModel(name: string, options: QuantizeOptions): Promise<QuantizeResult> {
  const { out, bits, overwrite } = quantizeOptionsSchema.parse(options);
  const { path, quantizer } = await quantizerOf(name);
  if (!quantizer.bits.includes(bits))
    throw new UserError(
      `'${name}' can be written in ${quantizer.bits.join(" or ")} bits, not in ${bits}. Change ${option("bits")}.`,
    );
  await checkOutputs({ inputs: [path], outputs: [out] });
  try {
    return { ...(await quantizer.quantize(path, { out, bits, overwrite })), out, bits };
  } catch (error) {
    throw writeFault(error, out);
  }
}
