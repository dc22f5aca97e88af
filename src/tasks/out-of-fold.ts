// Out-of-fold answers in a model's folder: for each text that it learned from, what a model answers that did not.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { filePath, hasFile, inFile, openFolder, readFile } from "../folders/index.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { withCheckedAnswers } from "./check-answers.js";
import type { TextModel } from "./families/family.js";
import type { OpenTextModel } from "./open-text-model.js";
import { fingerprint } from "./training-texts.js";

const outOfFoldFile = "out-of-fold.safetensors";

export interface OutOfFoldAnswers {
  texts: readonly string[];
  /** Row-major (texts, width). */
  answers: Float32Array;
}

/** Texts that differ only in case and spaces are the same, and have the answer of the first of them. */
export function writeOutOfFold(folder: string, { texts, answers }: OutOfFoldAnswers): void {
  const width = answers.length / texts.length;
  const rowOf = new Map<number, number>();
  for (const [row, text] of texts.entries()) {
    const print = fingerprint(text);
    if (!rowOf.has(print)) rowOf.set(print, row);
  }
  const data = new Float32Array(rowOf.size * width);
  for (const [i, row] of [...rowOf.values()].entries())
    data.set(answers.subarray(row * width, (row + 1) * width), i * width);
  const tensors = new Map([
    ["fingerprints", { shape: [rowOf.size], data: Float64Array.from(rowOf.keys()) }],
    ["answers", { shape: [rowOf.size, width], data }],
  ]);
  writeFileSync(join(folder, outOfFoldFile), encodeSafetensors(tensors));
}

export interface OutOfFoldModel {
  model: TextModel;
  /** Texts that were answered so far. */
  counts: { outOfFold: number; predicted: number };
}

/**
 * The same model, which gives out-of-fold answers for the texts that it learned from.
 *
 * @throws UserError when the folder has none, or they are damaged
 */
export function withOutOfFold({ task, model }: Pick<OpenTextModel, "task" | "model">, path: string): OutOfFoldModel {
  const { width } = model;
  const { answers, rowOf } = readOutOfFold(path, width);
  const counts = { outOfFold: 0, predicted: 0 };
  const predict = async (texts: readonly string[]) => {
    const rows = texts.map((text) => rowOf.get(fingerprint(text)));
    const others = texts.filter((_, i) => rows[i] === undefined);
    const predicted = others.length === 0 ? new Float32Array() : await model.predict(others);
    counts.outOfFold += texts.length - others.length;
    counts.predicted += others.length;
    const all = new Float32Array(texts.length * width);
    let next = 0;
    for (const [i, row] of rows.entries()) {
      const [from, at] = row === undefined ? [predicted, next++] : [answers, row];
      all.set(from.subarray(at * width, (at + 1) * width), i * width);
    }
    return all;
  };
  return { model: withCheckedAnswers({ ...model, predict }, task.form, path), counts };
}

function readOutOfFold(path: string, width: number): { answers: Float32Array; rowOf: Map<number, number> } {
  const folder = openFolder(path, "text-model");
  if (!hasFile(folder, outOfFoldFile))
    throw new UserError(
      `The model '${path}' has no out-of-fold answers: train it with ${option("folds")}, or omit ${option("outOfFold")}.`,
    );
  const bytes = readFile(folder, outOfFoldFile);
  return inFile(filePath(folder, outOfFoldFile), () => {
    const { tensors } = decodeSafetensors(bytes);
    const prints = tensors.get("fingerprints")?.data;
    const answers = tensors.get("answers")?.data;
    if (
      !(prints instanceof Float64Array && answers instanceof Float32Array) ||
      answers.length !== prints.length * width
    )
      throw new UserError("it is damaged: it has not one answer for each text. Copy the folder again or train again.");
    return { answers, rowOf: new Map(Array.from(prints, (print, row) => [print, row])) };
  });
}
