// The one error that a user can mend. Everything else is a fault of the program.
import { type OptionSpelling, spellOptions } from "./option.js";

/** An error whose message is for people. `message` names options as a program does. */
export class ToldError extends Error {
  readonly #marked: string;

  constructor(text = "", options?: ErrorOptions) {
    super(spellOptions(text), options);
    this.#marked = text;
  }

  /**
   * The message with its options written in another way: as flags, or as the fields of a form.
   *
   * @example
   * error.spelled((name) => `--${name}`);
   */
  spelled(spelling: OptionSpelling): string {
    return spellOptions(this.#marked, spelling);
  }
}

/**
 * Wrong input or options: the message names the value received and the next step. The command exits with 2.
 *
 * @example
 * throw new UserError("column 'reviw' is not in reviews.csv; its columns are review, stars. Did you mean 'review'?");
 */
export class UserError extends ToldError {
  override readonly name = "UserError";
}

/** Thrown at the next safe point after an abort signal; results finished by then are kept. */
export class CancelledError extends ToldError {
  override readonly name = "CancelledError";
}
