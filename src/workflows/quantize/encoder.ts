// A pretrained encoder in 8 bits, in Hugging Face's layout.
import { existsSync, readdirSync, statSync } from "node:fs";
import { writeFolderWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { checkParent } from "../../base/outputs.js";
import { bytesOfFiles } from "../../folders/index.js";
import { parameterCount } from "../../networks/encoders/index.js";
import { isEightBitFolder, readEncoder, writeEightBitEncoder } from "../../networks/hugging-face/index.js";
import type { Quantizer } from "./kinds.js";

export const encoderQuantizer: Quantizer = {
  bits: [8],
  async quantize(path, { out, overwrite }) {
    checkEncoderOut(out, overwrite);
    const model = readEncoder(path, "int8");
    if (model.isStoredInEightBits)
      throw new UserError(`'${path}' has its weights in 8 bits already. Specify the model that it was made from.`);
    let files: string[] = [];
    await writeFolderWhole(out, (aside) => {
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

/** Only what this command wrote is replaced. */
function checkEncoderOut(out: string, overwrite: boolean): void {
  checkParent(out);
  if (!existsSync(out)) return;
  const another = `Choose another folder with ${option("out")}`;
  if (!statSync(out).isDirectory()) throw new UserError(`'${out}' is a file. ${another}.`);
  if (readdirSync(out).length === 0) return;
  if (!isEightBitFolder(out))
    throw new UserError(`'${out}' is not empty and no encoder in 8 bits, so it is not overwritten. ${another}.`);
  if (!overwrite)
    throw new UserError(`'${out}' contains an encoder in 8 bits. ${another}, or add ${option("overwrite")}.`);
}
