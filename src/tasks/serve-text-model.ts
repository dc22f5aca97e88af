// A text model for a program: texts in, the task's answers out.
import { openTextModel } from "./open-text-model.js";
import { predictTexts } from "./predict-texts.js";
import type { ServedModel } from "./served-model.js";

export async function serveTextModel(folder: string, threads: number): Promise<ServedModel> {
  const { task, taskName, space, facts, model } = await openTextModel(folder, { threads });
  const { encoder } = model;
  return {
    task: taskName,
    output: task.describe(facts.labelColumn, space),
    textColumns: facts.textColumns,
    answer: async (texts) => task.answers(await predictTexts(model, texts, "answering"), space),
    ...(encoder && {
      encode: async (texts) => {
        const vectors = await encoder.encode(texts);
        return { dim: encoder.dim, vectors };
      },
    }),
    close: () => model.close(),
  };
}
