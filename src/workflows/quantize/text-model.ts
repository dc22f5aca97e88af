// A trained text model in 8 bits: the same folder with other weights. Results and report are those of training.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { temporaryFolder } from "../../base/temporary.js";
import { checkFolderOut, kinds, openFolder, originOf, writeFolder, writeModelFiles } from "../../folders/index.js";
import { tuneNames } from "../../tasks/families/encoders.js";
import { openTextModel } from "../../tasks/index.js";
import type { Quantizer } from "./kinds.js";

/** What is not the model itself. */
const besideModel = [
  "metrics.json",
  "report.html",
  "training-texts.safetensors",
  "row-parts.safetensors",
  "out-of-fold.safetensors",
];

export const textModelQuantizer: Quantizer = {
  bits: [8],
  async quantize(path, { out, bits, overwrite }) {
    const origin = originOf({ path }, { bits });
    checkFolderOut(out, "text-model", { origin, overwrite });
    const scratch = temporaryFolder("columnist-quantize-");
    const { model, facts } = await openTextModel(path, { threads: 1 }).catch((error) => {
      scratch.remove();
      throw error;
    });
    try {
      if (!model.quantize)
        throw new UserError(
          `The model '${path}' is of the family ${facts.family}, which gains nothing by fewer bits. columnist quantize takes ` +
            `models that were made from a pretrained encoder (${tuneNames.join(", ")}).`,
        );
      const files = await model.quantize(scratch.path);
      const own = Object.fromEntries(Object.entries(facts).filter(([name]) => name in kinds["text-model"].facts.shape));
      const written = { ...(own as typeof facts), model: files.config, quantized: { bits } };
      const fill = (aside: string) => {
        writeModelFiles(aside, files);
        for (const name of besideModel) if (name in facts.files) copyFileSync(join(path, name), join(aside, name));
      };
      await writeFolder(out, "text-model", written, fill, { origin });
      return {
        description: `a text model (${facts.family})`,
        parameters: model.parameters,
        bytes: { before: bytesOf(path), after: bytesOf(out) },
      };
    } finally {
      scratch.remove();
      await model.close();
    }
  },
};

function bytesOf(path: string): number {
  return Object.values(openFolder(path, "text-model").facts.files).reduce((sum, { bytes }) => sum + bytes, 0);
}
