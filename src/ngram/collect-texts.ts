// Texts as one array of ids with a mark between them: what counting runs over. Knows no n-grams.
import { CancelledError, UserError } from "../base/errors.js";
import type { Watch } from "../base/progress.js";

/** Positions are 32-bit, and memory would end before them. */
const mostTokens = 2 ** 30;

export interface TextSample {
  /** A mark, the first text's ids, a mark, the second's, a mark … */
  ids: Int32Array;
  /** Ids without the marks. */
  tokens: number;
  texts: number;
}

/**
 * @param texts each array one text; a mark inside one divides it
 * @throws UserError for an id outside of [0, vocabSize), and when there is no token
 */
export async function collectTexts(
  texts: AsyncIterable<Int32Array> | Iterable<Int32Array>,
  { vocabSize, mark }: { vocabSize: number; mark: number },
  { onProgress, signal }: Watch = {},
): Promise<TextSample> {
  let ids = new Int32Array(1 << 16);
  ids[0] = mark;
  let end = 1;
  let marks = 1;
  for await (const text of texts) {
    if (signal?.aborted) throw new CancelledError("Stopped before all texts were read.");
    if (end + text.length + 1 > mostTokens)
      throw new UserError(`More than ${mostTokens} tokens are too many for n-grams in memory. Train on fewer.`);
    if (end + text.length + 1 > ids.length) {
      const larger = new Int32Array(Math.max(ids.length + (ids.length >> 1), end + text.length + 1));
      larger.set(ids.subarray(0, end));
      ids = larger;
    }
    for (let i = 0; i < text.length; i++) {
      const id = text[i];
      if (!(id >= 0 && id < vocabSize)) throw notInVocabulary(id, vocabSize);
      if (id !== mark) ids[end++] = id;
      else if (ids[end - 1] !== mark) {
        ids[end++] = mark;
        marks++;
      }
    }
    if (ids[end - 1] !== mark) {
      ids[end++] = mark;
      marks++;
    }
    onProgress?.({ stage: "reading tokens", done: 0, total: 1, note: `${end - marks} tokens` });
  }
  if (end === 1) throw new UserError("There is nothing to train on: no text has a token.");
  return { ids: ids.subarray(0, end), tokens: end - marks, texts: marks - 1 };
}

export function notInVocabulary(id: number, vocabSize: number): UserError {
  return new UserError(`Id ${id} is not in this vocabulary; its ids are 0 to ${vocabSize - 1}.`);
}
