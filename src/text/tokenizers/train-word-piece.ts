// Learns a WordPiece vocabulary from texts.
import { availableParallelism } from "node:os";
import { UserError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { learnMerges, type SpelledCorpus } from "../learn-merges.js";
import type { WordCounts } from "../word-counts.js";
import { continuation, createVocabulary, longestWord, specialTokens } from "../word-piece/vocabulary.js";
import { wordOf } from "../word-table.js";
import { countWords, type TextBatches } from "./count-words.js";
import type { Tokenizer } from "./tokenizer.js";
import { checkFound, checkMinCount, checkVocabSize } from "./train-byte-level-bpe.js";
import { createWordPiece } from "./word-piece.js";

export interface TrainWordPieceOptions {
  /** Maximum number of tokens, including special ones and characters. Fewer if the texts run out of pairs. Default 16,000. */
  vocabSize?: number;
  /** Least count of a pair. Default 2. */
  minCount?: number;
  /** Default false: a language model should distinguish case. */
  lowercase?: boolean;
  /** They get the first ids; [PAD] and [UNK] come first. Default: BERT's five. */
  specials?: readonly string[];
  /** Default: one per core. */
  threads?: number;
}

/** Rarer characters are unknown, as in the Python library. */
const mostCharacters = 1000;

/**
 * Learns pieces of words as WordPieceTrainer of the Python package tokenizers 0.23 does, by merging the most frequent pairs
 * within BERT's words. Special tokens come first, then characters in code-point order, then those met inside words as
 * `##c` in the same order, then merges; of pairs that are equally frequent, the one whose ids are lower is first. (The
 * library numbers `##c` in the order of a hash table, so it breaks ties differently from run to run.)
 *
 * @throws UserError for options out of range, and when there is no text; CancelledError after an abort.
 * @example
 * const tokenizer = await trainWordPiece([["A goodish film.", "A good book."]], { vocabSize: 60, minCount: 1 });
 * tokenizer.idToToken(tokenizer.encode("good")[0]); // "good"
 */
export async function trainWordPiece(
  texts: TextBatches,
  options: TrainWordPieceOptions = {},
  watch?: Watch,
): Promise<Tokenizer> {
  const { vocabSize = 16_000, minCount = 2, lowercase = false, threads = availableParallelism() } = options;
  const { specials = [...specialTokens, "[CLS]", "[SEP]", "[MASK]"] } = options;
  if (specialTokens.some((name, id) => specials[id] !== name))
    throw new UserError(`The special tokens of WordPiece must start with ${specialTokens.join(" and ")}.`);
  checkVocabSize(vocabSize, specials.length + 2, "the special tokens and a character");
  checkMinCount(minCount);
  const counted = await countWords(texts, { splitting: lowercase ? "bertLowercase" : "bert", threads, watch });
  checkFound(counted);
  const tokens = [...specials, ...characterTokens(counted, vocabSize - specials.length)];
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const stage = "learning merges";
  learnMerges(spellCharacters(counted, idOf), minCount, (left, right) => {
    if (tokens.length >= vocabSize) return undefined;
    if (tokens.length % 500 === 0) watch?.onProgress?.({ stage, done: tokens.length, total: vocabSize });
    const token = tokens[left] + tokens[right].slice(continuation.length);
    const known = idOf.get(token);
    if (known !== undefined) return known;
    idOf.set(token, tokens.length);
    return tokens.push(token) - 1;
  });
  return createWordPiece(createVocabulary(tokens, lowercase, specials));
}

/** As many as fit, in both spellings: the rarest give way. */
function characterTokens({ words, counts }: WordCounts, room: number): string[] {
  const met = new Map<string, number>();
  const inside = new Set<string>();
  for (let i = 0; i < words.count; i++) {
    let isFirst = true;
    for (const character of wordOf(words, i)) {
      met.set(character, (met.get(character) ?? 0) + counts[i]);
      if (!isFirst) inside.add(character);
      isFirst = false;
    }
  }
  const kept = [...met]
    .sort(([a, m], [b, n]) => n - m || a.codePointAt(0)! - b.codePointAt(0)!)
    .slice(0, Math.max(1, Math.min(mostCharacters, room >> 1)))
    .map(([character]) => character)
    .sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  return [...kept, ...kept.filter((character) => inside.has(character)).map((one) => continuation + one)];
}

/** Words as the ids of their characters. Words with a character that has no token, and longer ones, teach nothing. */
function spellCharacters({ words, counts }: WordCounts, idOf: ReadonlyMap<string, number>): SpelledCorpus {
  const symbols: number[] = [];
  const wordsAt = new Int32Array(words.count + 1);
  for (let i = 0; i < words.count; i++) {
    const spelled = [...wordOf(words, i)].map((character, k) =>
      idOf.get(k === 0 ? character : continuation + character),
    );
    if (spelled.length <= longestWord && !spelled.includes(undefined)) for (const id of spelled) symbols.push(id!);
    wordsAt[i + 1] = symbols.length;
  }
  return { symbols: Int32Array.from(symbols), wordsAt, counts };
}
