// What a model from a folder answers is what its task says: as many numbers as it should, finite, and probabilities where it
// gives them. Weights can be finite and still make answers that are not.
import { UserError } from "../base/errors.js";
import { firstNotFinite } from "../formats/finite.js";
import type { AnswerForm } from "../networks/index.js";
import type { TextModel } from "./families/family.js";

/** Rounding in 32 bits, over thousands of classes. */
const tolerance = 1e-3;

/** @param folder where the model came from */
export function withCheckedAnswers(model: TextModel, form: AnswerForm, folder: string): TextModel {
  const wrong = (what: string) =>
    new UserError(`The model '${folder}' gives ${what}: it is damaged or was changed. Copy it again or train again.`);
  const { encoder } = model;
  return {
    ...model,
    async predict(texts) {
      const answers = await model.predict(texts);
      const fault = faultOf(answers, texts.length, model.width, form);
      if (fault) throw wrong(fault);
      return answers;
    },
    ...(encoder && {
      encoder: {
        get dim() {
          return encoder.dim;
        },
        async encode(texts) {
          const vectors = await encoder.encode(texts);
          const at = firstNotFinite(vectors);
          if (at >= 0) throw wrong(`a vector that contains ${vectors[at]}`);
          return vectors;
        },
      },
    }),
  };
}

/** What is wrong with answers (rows, width), if anything. */
export function faultOf(
  answers: Float32Array,
  rows: number,
  width: number,
  { activation, output }: AnswerForm,
): string | undefined {
  if (answers.length !== rows * width) return `${answers.length} numbers for ${rows} texts, not ${rows * width}`;
  const at = firstNotFinite(answers);
  if (at >= 0) return `${answers[at]} as an answer`;
  if (output === "values") return undefined;
  for (const value of answers) if (value < -tolerance || value > 1 + tolerance) return `${value} as a probability`;
  if (activation !== "softmax") return undefined;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) sum += answers[i];
    if (Math.abs(sum - 1) > tolerance) return `probabilities that sum to ${sum}`;
  }
  return undefined;
}
