// Weights of few bits where there is no form of them.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";

/** @param what - "an LSTM" */
export function noPrecision(what: string, precision: string): UserError {
  return new UserError(
    `The model is ${what}, which is computed in 32-bit floats alone. Omit ${option("precision")} ${precision}.`,
  );
}
