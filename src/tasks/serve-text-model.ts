// A text model, opened: texts in, the task's answers out.
import { evaluateTextModel } from "./evaluate-text-model.js";
import { type OpenTextModel, openTextModel } from "./open-text-model.js";
import { withOutOfFold } from "./out-of-fold.js";
import { predictTexts } from "./predict-texts.js";
import { seenRows } from "./seen-rows.js";
import type { TableModel } from "./served-model.js";

export async function serveTextModel(folder: string, threads: number): Promise<TableModel> {
  return served(folder, await openTextModel(folder, { threads }));
}

function served(folder: string, open: OpenTextModel): TableModel {
  const { task, taskName, space, facts, model } = open;
  const { encoder } = model;
  const label = { column: facts.labelColumn, type: facts.labelType };
  return {
    task: taskName,
    family: facts.family,
    output: task.describe(facts.labelColumn, space),
    textColumns: facts.textColumns,
    parameters: model.parameters,
    ...(model.flops && { flops: model.flops }),
    answer: async (texts) => task.answers(await predictTexts(model, texts, "answering"), space),
    ...(encoder && {
      encode: async (texts) => {
        const vectors = await encoder.encode(texts);
        return { dim: encoder.dim, vectors };
      },
    }),
    ...(task.decisions && {
      decidedBy: (threshold) => served(folder, { ...open, space: task.decisions?.apply(space, threshold) }),
    }),
    outOfFold() {
      const { model: answering, counts } = withOutOfFold(open, folder);
      return { model: served(folder, { ...open, model: answering }), counts };
    },
    columns: (isEach) => task.columns(label, space, isEach),
    values: async (texts, isEach) => task.values(await model.predict(texts), space, isEach),
    seenRows: () => seenRows(folder),
    tally: (groups) => task.tally(groups, space),
    evaluate: (table, rows, watch) => evaluateTextModel(open, folder, table, rows, watch),
    close: () => model.close(),
  };
}
