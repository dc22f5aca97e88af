// From a model folder to a model that answers, whatever its task. The folder may come from a stranger: everything is checked.
import { UserError } from "../base/errors.js";
import { type FactsOf, inFolder, openFolder, readModelFiles, unknownFamily, whileChecking } from "../folders/index.js";
import { isLabelType } from "../tables/index.js";
import { withCheckedAnswers } from "./check-answers.js";
import { ensembleFamily, ensembleName } from "./families/ensemble.js";
import type { TextModel } from "./families/family.js";
import type { Task } from "./task.js";
import { isTaskName, type TaskName, taskNames, tasks } from "./tasks.js";

/** An open folder: the model, and what it answers. */
export interface OpenTextModel {
  taskName: TaskName;
  task: Task;
  space: unknown;
  facts: FactsOf<"text-model">;
  model: TextModel;
}

/**
 * @throws UserError when `folder` is no model folder, a file of it is missing or damaged, or it was written by another
 * version
 * @example
 * const { model, task, space } = await openTextModel("model", { threads: 2 });
 * task.answers(await model.predict(["free entry, call now"]), space); // [{ label: "spam", probability: 0.98, … }]
 */
export async function openTextModel(path: string, options: { threads: number }): Promise<OpenTextModel> {
  const folder = openFolder(path, "text-model");
  const { facts } = folder;
  const { family: name, labelType, task: taskName } = facts;
  if (!isTaskName(taskName))
    throw new UserError(
      `'${path}' is a model for the task '${taskName.slice(0, 60)}', which this version does not support ` +
        `(supported: ${taskNames.join(", ")}). Update columnist or train again.`,
    );
  const task = await tasks[taskName].load();
  if (name !== ensembleName && !Object.hasOwn(task.families, name))
    throw unknownFamily(path, name, Object.keys(task.families));
  if (labelType !== undefined && !isLabelType(labelType))
    throw new UserError(`'${path}' names '${labelType.slice(0, 60)}', which is not a label type. Train again.`);
  const space = task.spaceSchema.safeParse(facts.answers);
  if (!space.success) {
    const [{ path: place, message }] = space.error.issues;
    throw new UserError(
      `'${path}' is damaged: what the model answers is not valid (${place.join(".")}: ${message}). Copy it again or train again.`,
    );
  }
  const model = await whileChecking(
    folder,
    async () => {
      const files = readModelFiles(folder);
      const family = name === ensembleName ? ensembleFamily(task.families) : await task.families[name].load();
      return inFolder(path, () => family.load(files, options));
    },
    (made) => made.close(),
  );
  const width = task.widthOf(space.data);
  if (model.width === width)
    return { taskName, task, space: space.data, facts, model: withCheckedAnswers(model, task.form, path) };
  await model.close();
  throw new UserError(
    `'${path}' is for answers of ${width} numbers, but the model gives ${model.width}: the folder is ` +
      "damaged. Copy it again or train again.",
  );
}
