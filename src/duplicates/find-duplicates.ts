// Groups of duplicate rows: word for word, nearly, or by their vectors. The first row of a group stands for it.
import { breather } from "../base/breather.js";
import type { Watch } from "../base/progress.js";
import { type ComparedText, comparedText, similarity } from "./compared-text.js";
import { createMinHashIndex } from "./min-hash.js";
import { countWordWeights, weightOfText } from "./word-weights.js";

const breathe = breather("Stopped before all rows were compared.");

/** exact: identical text; near: by characters and words; meaning: by vectors. */
export type DuplicateKind = "exact" | "near" | "meaning";

export interface Duplicates {
  /** For each row the first row of its group; its own number where it is the first or alone, −1 without a text. */
  firstRow: Int32Array;
  /** How a row was found to be in its group; undefined for first rows, rows alone and rows without a text. */
  kinds: (DuplicateKind | undefined)[];
  /** To the row that it was found with (for exact and near mostly the group's first), from 0 to 1; 1 for first rows. */
  similarities: Float32Array;
}

/** Finds, for any of `rows`, others by their vectors, the most similar ones first. */
export interface SameMeaning {
  /** Similarity from which rows are duplicates; shorter texts need more. */
  threshold: number;
  search(rows: Int32Array): Promise<(row: number) => Iterable<{ row: number; similarity: number }>>;
}

export interface DuplicateOptions {
  /** Similarity of letters and words from which rows are near duplicates. */
  threshold: number;
  /** Where given, rows that are no near duplicates are also asked for their nearest earlier rows by vectors. */
  sameMeaning?: SameMeaning;
  /** Compares fewer candidates, for many texts: of near duplicates with several wrong letters some are missed. */
  isQuick?: boolean;
  watch?: Watch;
}

const quickRowsPerBand = 5;
const rowsAtOnce = 2000;
/** Vectors of texts that tell less than so many words do are near by chance: they must be nearer in proportion. */
const tellingWords = 5;

/**
 * Goes through the rows in order: a row joins the group whose first row it is most similar to, where that is at least
 * `threshold`; otherwise it may become the first of a group itself. So no chain of small steps joins what is not alike.
 * Candidates come from MinHash, every one is compared in full. Words that many rows have tell little, so that short texts are
 * joined only where nearly all that they say is the same (see sharedWords).
 *
 * @param texts - null where a row has none: it is in no group.
 * @example
 * const { firstRow } = await findDuplicates(["Hello!", "hello", "Bye"], { threshold: 0.85 });
 * firstRow; // [0, 0, 2]
 */
export async function findDuplicates(
  texts: readonly (string | null)[],
  { threshold, sameMeaning, isQuick = false, watch = {} }: DuplicateOptions,
): Promise<Duplicates> {
  const { firstRow, kinds, similarities, distinct } = findExact(texts);
  const compared: ComparedText[] = [];
  for (const [at, row] of distinct.entries()) {
    if (at % rowsAtOnce === 0) await breathe(watch, "reading words", at, distinct.length);
    compared.push(comparedText(texts[row] as string));
  }
  const weights = countWordWeights(compared.map(({ spoken }) => spoken));
  const index = createMinHashIndex(distinct.length, isQuick ? quickRowsPerBand : undefined);
  const leaders: { row: number; text: ComparedText }[] = [];
  for (const [at, row] of distinct.entries()) {
    if (at % rowsAtOnce === 0) await breathe(watch, "comparing", at, distinct.length);
    const text = compared[at];
    let [best, bestSimilarity] = [-1, 0];
    for (const candidate of index.candidates(text.trigrams)) {
      const found = similarity(leaders[candidate].text, text, threshold, weights);
      const isBetter = found > bestSimilarity || (found === bestSimilarity && leaders[candidate].row < best);
      if (found >= threshold && isBetter) [best, bestSimilarity] = [leaders[candidate].row, found];
    }
    if (best >= 0) {
      firstRow[row] = best;
      kinds[row] = "near";
      similarities[row] = bestSimilarity;
    } else {
      index.add();
      leaders.push({ row, text });
    }
  }
  if (sameMeaning) await joinByMeaning(sameMeaning);
  // Copies and near duplicates follow the row that they were compared with, which may itself have joined a group.
  for (let row = 0; row < texts.length; row++) {
    const leader = firstRow[row];
    if (leader < 0) continue;
    firstRow[row] = firstRow[leader];
  }
  return { firstRow, kinds, similarities };

  async function joinByMeaning({ threshold: wanted, search }: SameMeaning): Promise<void> {
    const rows = Int32Array.from(leaders, ({ row }) => row);
    const told = new Map(leaders.map(({ row, text }) => [row, weightOfText(text.spoken, weights)]));
    const nearest = await search(rows);
    for (const row of rows) {
      for (const { row: other, similarity } of nearest(row)) {
        if (other >= row || firstRow[other] !== other) continue;
        const least = Math.min(told.get(row) ?? 0, told.get(other) ?? 0);
        if (similarity < 1 - (1 - wanted) * Math.min(1, least / tellingWords)) continue;
        firstRow[row] = other;
        kinds[row] = "meaning";
        similarities[row] = similarity;
        break;
      }
    }
  }
}

/** Rows with the same text point to the first of them; `distinct` lists these first rows. */
function findExact(texts: readonly (string | null)[]): Duplicates & { distinct: number[] } {
  const firstRow = new Int32Array(texts.length).fill(-1);
  const kinds = new Array<DuplicateKind | undefined>(texts.length).fill(undefined);
  const similarities = new Float32Array(texts.length);
  const distinct: number[] = [];
  const rows = new Map<string, number>();
  for (const [row, text] of texts.entries()) {
    if (text === null) continue;
    similarities[row] = 1;
    const first = rows.get(text);
    firstRow[row] = first ?? row;
    if (first !== undefined) kinds[row] = "exact";
    else {
      rows.set(text, row);
      distinct.push(row);
    }
  }
  return { firstRow, kinds, similarities, distinct };
}
