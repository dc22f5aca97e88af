// columnist export: flags in, one workflow, a folder for other programs out.
import { exportOptionsSchema } from "../../workflows/export/options.js";
import { command } from "../command.js";

export const exportCommand = command({
  arguments: [["<model>", "folder of columnist train, pretrain or distil"]],
  schema: exportOptionsSchema,
  example: "columnist export model --to huggingface --out exported",
  async run([path], options, { watch }) {
    const { exportModel } = await import("../../workflows/export/run.js");
    const result = await exportModel(path, options, watch);
    const { out, type, opens, files } = result;
    const lines = [
      `Written: ${out} (${type}): ${files.join(", ")}`,
      `In Python: ${opens}${opens === "SentenceTransformer" ? "(folder)" : ".from_pretrained(folder)"}; see ${out}/README.md`,
    ];
    return { document: result, text: lines.join("\n") };
  },
});
