// Learns a vocabulary of byte-level BPE from texts.
import { availableParallelism } from "node:os";
import { UserError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { learnMerges, type SpelledCorpus } from "../learn-merges.js";
import type { WordCounts } from "../word-counts.js";
import { byteCharacters } from "./byte-alphabet.js";
import { createByteLevelBpe } from "./byte-level-bpe.js";
import { countWords, type TextBatches } from "./count-words.js";
import type { Tokenizer } from "./tokenizer.js";

export interface TrainBpeOptions {
  /** Maximum number of tokens, including special ones and the 256 bytes. Fewer if the texts run out of pairs. Default 16,000. */
  vocabSize?: number;
  /** Least count of a pair. Default 2. */
  minCount?: number;
  /** They get the first ids. Default `<|endoftext|>`. */
  specials?: readonly string[];
  /** Default: one per core. */
  threads?: number;
}

/**
 * Learns byte pairs like GPT-2: on pieces of texts that start with their space. The ids are those that BpeTrainer of the
 * Python package tokenizers 0.23 gives with the alphabet of bytes: special tokens, bytes in the order of their characters,
 * then merges; of pairs that are equally frequent, the one whose ids are lower is first. The same on any number of threads.
 *
 * @throws UserError for options out of range, and when there is no text; CancelledError after an abort.
 * @example
 * const tokenizer = await trainByteLevelBpe([["A good film.", "A good book."]], { vocabSize: 300 });
 * tokenizer.encode("A good day.").length; // 6
 */
export async function trainByteLevelBpe(
  texts: TextBatches,
  options: TrainBpeOptions = {},
  watch?: Watch,
): Promise<Tokenizer> {
  const { vocabSize = 16_000, minCount = 2, specials = ["<|endoftext|>"], threads = availableParallelism() } = options;
  const smallest = 256 + specials.length;
  checkVocabSize(vocabSize, smallest, "the 256 bytes and the special tokens");
  checkMinCount(minCount);
  const counted = await countWords(texts, { splitting: "gpt2", threads, watch });
  checkFound(counted);
  const tokens = [...specials, ...[...byteCharacters].sort()];
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const byteIds = Int32Array.from(byteCharacters, (character) => idOf.get(character)!);
  const merges: [number, number][] = [];
  const stage = "learning merges";
  learnMerges(spellBytes(counted, byteIds), minCount, (left, right) => {
    if (tokens.length >= vocabSize) return undefined;
    if (merges.length % 500 === 0) watch?.onProgress?.({ stage, done: tokens.length, total: vocabSize });
    merges.push([left, right]);
    const token = tokens[left] + tokens[right];
    const known = idOf.get(token);
    if (known !== undefined) return known;
    idOf.set(token, tokens.length);
    return tokens.push(token) - 1;
  });
  return createByteLevelBpe({ tokens, merges, specials: new Map(specials.map((name, id) => [name, id])) });
}

/** Words as the ids of their bytes. */
function spellBytes({ words, counts }: WordCounts, byteIds: Int32Array): SpelledCorpus {
  const { units, unitsAt, count } = words;
  const text = Buffer.from(units.buffer, units.byteOffset, 2 * unitsAt[count]);
  const wordsAt = new Int32Array(count + 1);
  let symbols = new Int32Array(2 * unitsAt[count]);
  for (let i = 0; i < count; i++) {
    const utf8 = Buffer.from(text.toString("utf16le", 2 * unitsAt[i], 2 * unitsAt[i + 1]));
    let at = wordsAt[i];
    if (at + utf8.length > symbols.length) {
      const longer = new Int32Array(2 * (at + utf8.length));
      longer.set(symbols);
      symbols = longer;
    }
    for (const byte of utf8) symbols[at++] = byteIds[byte];
    wordsAt[i + 1] = at;
  }
  return { symbols: symbols.slice(0, wordsAt[count]), wordsAt, counts };
}

export function checkVocabSize(vocabSize: number, smallest: number, why: string): void {
  if (!Number.isInteger(vocabSize) || vocabSize < smallest)
    throw new UserError(
      `The vocabulary needs room for ${why}: its size must be a whole number of ${smallest} or more, not ${vocabSize}.`,
    );
}

export function checkMinCount(minCount: number): void {
  if (!Number.isInteger(minCount) || minCount < 1)
    throw new UserError(`minCount must be a whole number of 1 or more, not ${minCount}.`);
}

export function checkFound({ words }: WordCounts): void {
  if (words.count === 0) throw new UserError("There is no text to learn a vocabulary from.");
}
