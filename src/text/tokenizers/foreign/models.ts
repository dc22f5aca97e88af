// The models of a tokenizer.json: from one piece of text to its ids. Knows no normalizer and no pre-tokenizer.
import { bpeSpeller } from "./bpe.js";
import {
  isRecord,
  isText,
  type Json,
  longestToken,
  type Part,
  readPart,
  refuse,
  shown,
  tooLong,
  unknownType,
} from "./part.js";
import { idOfUnknown, type Speller } from "./speller.js";
import { unigramSpeller } from "./unigram.js";

export interface PieceModel {
  ids: ReadonlyMap<string, number>;
  spell: Speller;
}

/** @param value - the field `model` of the file. */
export function modelOf(value: unknown): PieceModel {
  const part = readPart(value, "model", typeOf(value));
  const make = Object.hasOwn(models, part.type) ? models[part.type] : unknownType(part);
  const made = make(part);
  part.end();
  return made;
}

/** Files of the library's first years do not say it. */
function typeOf(value: unknown): string | undefined {
  if (!isRecord(value) || value.type !== undefined) return undefined;
  if (Array.isArray(value.vocab)) return "Unigram";
  return value.merges ? "BPE" : value.max_input_chars_per_word !== undefined ? "WordPiece" : "WordLevel";
}

const models: Record<string, (part: Part) => PieceModel> = {
  BPE(part) {
    const ids = vocabulary(part);
    return { ids, spell: bpeSpeller(part, ids) };
  },
  WordPiece(part) {
    const ids = vocabulary(part);
    return { ids, spell: wordPieceSpeller(part, ids) };
  },
  WordLevel(part) {
    const ids = vocabulary(part);
    const unknown = idOfUnknown(ids, part.text("unk_token"));
    return { ids, spell: (piece) => [ids.get(piece) ?? unknown(piece)] };
  },
  Unigram(part) {
    const { tokens, scores } = scoredVocabulary(part);
    const ids = new Map(tokens.map((token, id) => [token, id]));
    return { ids, spell: unigramSpeller(part, tokens, scores, ids) };
  },
};

/** The longest pieces of the vocabulary from left to right, or the unknown token for the whole. */
function wordPieceSpeller(part: Part, ids: ReadonlyMap<string, number>): Speller {
  const unknown = idOfUnknown(ids, part.text("unk_token"));
  const prefix = part.short("continuing_subword_prefix");
  const longest = part.whole("max_input_chars_per_word", 0);
  let longestPiece = 0;
  for (const token of ids.keys()) {
    if (token.length > longestToken) refuse(part.where, `has the token ${shown(token)}, ${tooLong(token)}`);
    longestPiece = Math.max(longestPiece, token.length);
  }
  return (piece) => {
    if (piece.length > longest && [...piece].length > longest) return [unknown(piece)];
    const found: number[] = [];
    for (let from = 0; from < piece.length; ) {
      let to = Math.min(piece.length, from + longestPiece);
      let id: number | undefined;
      for (; to > from; to--) {
        id = ids.get(from > 0 ? prefix + piece.slice(from, to) : piece.slice(from, to));
        if (id !== undefined) break;
      }
      if (id === undefined) return [unknown(piece)];
      found.push(id);
      from = to;
    }
    return found;
  };
}

function vocabulary(part: Part): Map<string, number> {
  const vocab = part.any("vocab");
  if (!isRecord(vocab))
    return refuse(part.where, `(${part.type}) has the vocab ${shown(vocab)}, not tokens with their ids`);
  const ids = new Map<string, number>();
  const tokens = new Map<number, string>();
  const entries = Object.entries(vocab as Json);
  for (const [token, id] of entries) {
    if (!isText(token)) refuse(part.where, `has the token ${shown(token)}, which is not a string`);
    if (!Number.isSafeInteger(id) || (id as number) < 0)
      refuse(part.where, `has the id ${shown(id)} for ${shown(token)}`);
    if ((id as number) >= 2 * entries.length + mostGaps)
      refuse(part.where, `has the id ${id} for ${shown(token)}, far beyond its ${entries.length} tokens`);
    const other = tokens.get(id as number);
    if (other !== undefined) refuse(part.where, `has the id ${id} for both ${shown(other)} and ${shown(token)}`);
    tokens.set(id as number, token);
    ids.set(token, id as number);
  }
  return ids;
}

/** Ids that may be left out where a vocabulary is small. */
const mostGaps = 1000;

function scoredVocabulary(part: Part): { tokens: string[]; scores: Float64Array } {
  const vocab = part.any("vocab");
  if (!Array.isArray(vocab) || vocab.length === 0)
    return refuse(part.where, `(${part.type}) has the vocab ${shown(vocab)}, not a list of tokens with their scores`);
  const scores = new Float64Array(vocab.length);
  const seen = new Set<string>();
  const tokens = vocab.map((entry: unknown, id) => {
    const [token, score] = Array.isArray(entry) && entry.length === 2 ? (entry as unknown[]) : [];
    if (!isText(token) || token === "" || typeof score !== "number" || !Number.isFinite(score))
      return refuse(part.where, `has ${shown(entry)} as entry ${id} of its vocab`);
    if (token.length > longestToken) refuse(part.where, `has the token ${shown(token)}, ${tooLong(token)}`);
    if (seen.has(token)) refuse(part.where, `has ${shown(token)} twice in its vocab`);
    seen.add(token);
    scores[id] = score;
    return token;
  });
  return { tokens, scores };
}
