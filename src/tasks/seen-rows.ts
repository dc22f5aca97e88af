// How many rows of a table a model has seen in training.
import { readTrainingTexts } from "./training-texts.js";

export interface SeenRows {
  look(texts: readonly string[]): void;
  /** A sentence, where there are any. */
  message(): string | undefined;
}

/** Nothing where the folder keeps no fingerprints of its training rows. */
export function seenRows(folder: string): SeenRows | undefined {
  const training = readTrainingTexts(folder);
  if (!training) return undefined;
  let [rows, found] = [0, 0];
  return {
    look(texts) {
      rows += texts.length;
      for (const text of texts) if (training.has(text)) found++;
    },
    message() {
      if (found === 0) return undefined;
      const count = Math.min(rows, Math.round(found / training.share));
      const [about, were] = [training.share < 1 ? "About " : "", count === 1 ? "was" : "were"];
      return `${about}${count} of ${rows} rows ${were} used in training.`;
    },
  };
}
