// A pretrained encoder in 8 bits, in Hugging Face's layout.
import { UserError } from "../../base/errors.js";
import { bytesOfFiles } from "../../folders/index.js";
import { parameterCount } from "../../networks/encoders/index.js";
import {
  checkLayoutOut,
  eightBitPapers,
  isEightBitFolder,
  readEncoder,
  writeEightBitEncoder,
  writeLayout,
} from "../../networks/hugging-face/index.js";
import type { Quantizer } from "./kinds.js";

export const encoderQuantizer: Quantizer = {
  bits: [8],
  async quantize(path, { out, overwrite }) {
    const rule = { noun: "encoder in 8 bits", isOne: isEightBitFolder, more: eightBitPapers, overwrite };
    checkLayoutOut(out, rule);
    const model = readEncoder(path, "int8");
    if (model.isStoredInEightBits)
      throw new UserError(`'${path}' has its weights in 8 bits already. Specify the model that it was made from.`);
    let files: string[] = [];
    await writeLayout(out, rule, (aside) => {
      files = writeEightBitEncoder(model, path, aside);
    });
    return {
      description: `a ${model.type} encoder`,
      parameters: parameterCount(model),
      bytes: {
        before: bytesOfFiles({ folder: path, files: model.files }),
        after: bytesOfFiles({ folder: out, files }),
      },
    };
  },
};
