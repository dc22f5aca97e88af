// A pretrained decoder in 8 or 4 bits, in Hugging Face's layout.
import { UserError } from "../../base/errors.js";
import { bytesOfFiles } from "../../folders/index.js";
import { isBlockMatrix } from "../../formats/block-matrix.js";
import {
  checkLayoutOut,
  decoderFiles,
  isPackedFolder,
  packedPapers,
  readDecoder,
  writeLayout,
  writePackedDecoder,
} from "../../networks/hugging-face/index.js";
import { decoderParameters, type NetworkWeights, roundWeights } from "../../networks/language/index.js";
import type { Quantizer } from "./kinds.js";

export const decoderQuantizer: Quantizer = {
  bits: [8, 4],
  async quantize(path, { out, bits, overwrite }) {
    const rule = { noun: "earlier decoder in fewer bits", isOne: isPackedFolder, more: packedPapers, overwrite };
    checkLayoutOut(out, rule);
    const { type, weights: read } = readDecoder(path);
    if ([...read.values()].some(isBlockMatrix))
      throw new UserError(`'${path}' has its weights in few bits already. Specify the model that it was made from.`);
    const weights = roundWeights(read as NetworkWeights, bits === 4 ? "int4" : "int8");
    await writeLayout(out, rule, (aside) => writePackedDecoder({ type, weights }, bits, path, aside));
    const bytesOf = (folder: string) => bytesOfFiles({ folder, files: decoderFiles(folder) });
    return {
      description: `a ${type} decoder`,
      parameters: decoderParameters(weights),
      bytes: { before: bytesOf(path), after: bytesOf(out) },
    };
  },
};
