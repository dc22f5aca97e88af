// What every model is once it is read. Knows none of them.
import { UserError } from "../../../base/errors.js";
import { shown } from "./part.js";

/** The ids of a piece, which is not empty. */
export type Speller = (piece: string) => ArrayLike<number>;

/** A function for the id of pieces that the vocabulary does not have. */
export function idOfUnknown(ids: ReadonlyMap<string, number>, token: string | undefined): (piece: string) => number {
  const id = token === undefined ? undefined : ids.get(token);
  return (piece) => {
    if (id !== undefined) return id;
    throw new UserError(
      `The vocabulary of this tokenizer.json cannot encode ${shown(piece)}, and ` +
        `${token === undefined ? "it has no unknown token" : `its unknown token ${shown(token)} is not in the vocabulary`}. ` +
        "Add one to the file, or remove such texts.",
    );
  };
}
