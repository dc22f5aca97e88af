// The head of a regression: one number, in deviations from the mean, learned by its squared error.
import type { AnswerForm, Head, Targets } from "../../networks/index.js";

/** A number. */
export const numberForm = { output: "values", activation: "linear" } as const satisfies AnswerForm;

/** @param training the training rows' targets, whose mean and deviation the amounts are learned in */
export function numberHead({ values }: Targets): Head {
  return {
    width: 1,
    ...numberForm,
    loss: "meanSquaredError",
    amounts: spreadOf(values),
    figure: {
      name: "MAE",
      higherIsBetter: false,
      isShare: false,
      of(targets, rows, answers) {
        let sum = 0;
        for (let i = 0; i < rows.length; i++) sum += Math.abs(targets.values[rows[i]] - answers[i]);
        return sum / rows.length;
      },
    },
  };
}

function spreadOf(values: ArrayLike<number>): { mean: number; deviation: number } {
  let [mean, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2 / values.length;
  // Training rows may be alike where others differ.
  return { mean, deviation: Math.sqrt(squares) || 1 };
}
