// The one error that a user can mend. Everything else is a fault of the program.

/**
 * Wrong input or flags: the message names the value received and the next step. The command exits with 2.
 *
 * @example
 * throw new UserError("column 'reviw' is not in reviews.csv; its columns are review, stars. Did you mean 'review'?");
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Thrown at the next safe point after an abort signal; results finished by then are kept. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
}
