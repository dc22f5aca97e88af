// A model and a way to explain it, open for as long as some work takes.
import { availableParallelism } from "node:os";
import { type MethodName, type OpenExplainer, openExplainer, type Trust } from "../../explain/index.js";
import { type OpenTextModel, openTextModel } from "../../tasks/index.js";
import type { ExplainSettings } from "./options.js";

export interface ExplainResult {
  method: MethodName;
  /** What shares are compared with, in words. */
  how: string;
  /** What a share is a part of, in words. */
  unit: string;
  /** How far the method can be trusted with this model, where it was measured. */
  trust?: Trust;
}

/** @throws UserError where the folder is no text model, or the method not for it */
export async function withExplainer<Result>(
  folder: string,
  { method, label, against, steps, threads = availableParallelism() }: ExplainSettings,
  work: (explainer: OpenExplainer, opened: OpenTextModel) => Promise<Result>,
): Promise<Result> {
  const opened = await openTextModel(folder, { threads });
  try {
    const { labelColumn } = opened.facts;
    const explainer = await openExplainer({ ...opened, labelColumn }, { method, label, against, steps, threads });
    try {
      return await work(explainer, opened);
    } finally {
      await explainer.close();
    }
  } finally {
    await opened.model.close();
  }
}
