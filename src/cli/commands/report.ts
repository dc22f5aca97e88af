// columnist report: the page of a model, opened or copied.
import { reportOptionsSchema } from "../../workflows/report/options.js";
import { command } from "../command.js";

export const report = command({
  arguments: [["<model>", "model folder"]],
  schema: reportOptionsSchema,
  example: "columnist report model\ncolumnist report model --out for-the-meeting.html",
  async run([model], options) {
    const { showReport } = await import("../../workflows/report/run.js");
    const { path, isOpened } = await showReport(model, options);
    const text =
      options.out !== undefined ? `Written: ${path}` : isOpened ? `Opened: ${path}` : `Open in a browser: ${path}`;
    return { document: { model, report: path, opened: isOpened }, text };
  },
});
