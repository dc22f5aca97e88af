// By how much answers move between a text and the same text with words of another group. Knows texts and answers, no tests.
import type { Random } from "../base/random.js";
import type { SwapList } from "./swap-list.js";
import type { SwapHit, Swapper } from "./swap-text.js";

/** Answers as numbers, and what is decided by them. */
export interface SwapAnswers {
  /** (texts, columns): probabilities of labels, a number, or a log-probability. */
  values: Float64Array;
  /** The answer of each text, where there is one. */
  decided?: readonly string[];
}

export interface SwapModel {
  /** Names of the columns. */
  columns: readonly string[];
  /** They are shares. */
  areShares: boolean;
  /** A shift beyond which a single word matters. */
  margin: number;
  answer(texts: readonly string[]): Promise<SwapAnswers>;
}

/** Rows at most that stand in sentences. */
const mostSentences = 120;
/** Between lines of the groups. */
const unevenStep = 7;
const sentences = ["wrote", "said", "told us"];

/** One text and the same with the words of another group. */
export interface Shift {
  /** Places of the groups, the smaller one first. */
  first: number;
  second: number;
  row: number;
  /** Of each column: with words of the second group − with those of the first. */
  by: Float64Array;
  /** The text as it stood is of the second group. */
  isReversed: boolean;
  isFlipped?: boolean;
  /** Which words are exchanged: what holds of a group must hold over them. */
  term: string;
}

export interface FoundRow {
  row: number;
  hits: readonly SwapHit[];
  group: number;
}

export async function inRows(
  rows: readonly FoundRow[],
  texts: readonly string[],
  list: SwapList,
  exchange: Swapper["exchange"],
  model: SwapModel,
  random: Random,
): Promise<Shift[]> {
  const pairs = rows.flatMap(({ row, hits, group }) =>
    [...list.groups.keys()].flatMap((other) => {
      const turn = random.integer(list.terms.length);
      const text = other === group ? texts[row] : exchange(texts[row], group, other, turn);
      if (text === texts[row]) return [];
      const own = hits.find((hit) => hit.group === group)!;
      return [{ row, group, other, text, term: String(list.terms.indexOf(own.term)) }];
    }),
  );
  const before = await model.answer(rows.map(({ row }) => texts[row]));
  const after = await model.answer(pairs.map(({ text }) => text));
  const places = new Map(rows.map(({ row }, place) => [row, place]));
  return pairs.map(({ row, group, other, term }, i) => {
    const [from, to] = [
      { answers: before, at: places.get(row)! },
      { answers: after, at: i },
    ];
    return { row, term, ...shiftOf(group, other, from, to, model.columns.length) };
  });
}

/** Sentences that name someone before what a row says. */
export async function inSentences(
  texts: readonly string[],
  list: SwapList,
  model: SwapModel,
  random: Random,
): Promise<Shift[]> {
  const rows = random.shuffle([...texts.keys()]).slice(0, mostSentences);
  const groups = list.groups.length;
  const written = rows.flatMap((row, i) =>
    [...list.groups.keys()].map((group) => {
      // Examples of different lines stand beside each other, as in rows.
      const line = (i + (list.areExamples ? group * unevenStep : 0)) % list.slots.length;
      const start = `${list.slots[line][group]} ${sentences[i % sentences.length]}: `;
      return (texts[row] === texts[row].toLowerCase() ? start.toLowerCase() : start) + texts[row];
    }),
  );
  const answers = await model.answer(written);
  return rows.flatMap((row, i) =>
    [...list.groups.keys()].flatMap((first) =>
      [...list.groups.keys()].slice(first + 1).map((second) => {
        const [from, to] = [first, second].map((group) => ({ answers, at: i * groups + group }));
        const term = String(i % list.slots.length);
        return { row, term, ...shiftOf(first, second, from, to, model.columns.length) };
      }),
    ),
  );
}

interface Place {
  answers: SwapAnswers;
  at: number;
}

function shiftOf(group: number, other: number, from: Place, to: Place, width: number) {
  const isReversed = group > other;
  const numberAt = ({ answers, at }: Place, column: number) => answers.values[at * width + column];
  const by = Float64Array.from({ length: width }, (_, column) => numberAt(to, column) - numberAt(from, column));
  return {
    first: Math.min(group, other),
    second: Math.max(group, other),
    by: isReversed ? by.map((own) => -own) : by,
    isReversed,
    ...(from.answers.decided && { isFlipped: from.answers.decided[from.at] !== to.answers.decided![to.at] }),
  };
}

/** Of each word: its rows, and how answers differ from those with its counterparts, on average over these. */
export function byWord(rows: readonly FoundRow[], shifts: readonly Shift[], list: SwapList, fewest: number) {
  const shiftsOf = new Map<number, Shift[]>();
  for (const shift of shifts) {
    const own = shiftsOf.get(shift.row);
    if (own) own.push(shift);
    else shiftsOf.set(shift.row, [shift]);
  }
  const found = new Map<string, { word: string; group: string; shifts: Shift[] }>();
  for (const { row, hits, group } of rows) {
    const own = shiftsOf.get(row);
    if (!own) continue;
    const mean = own[0].by.map(
      (_, column) =>
        own.reduce((sum, { by, isReversed }) => sum + (isReversed ? by[column] : -by[column]), 0) / own.length,
    );
    const flips = own.filter(({ isFlipped }) => isFlipped).length;
    const shift: Shift = {
      ...own[0],
      by: mean,
      ...(own[0].isFlipped !== undefined && { isFlipped: 2 * flips >= own.length && flips > 0 }),
    };
    for (const word of new Set(hits.filter((hit) => hit.group === group).map((hit) => hit.word))) {
      const entry = found.get(word) ?? { word, group: list.groups[group], shifts: [] };
      found.set(word, entry);
      entry.shifts.push(shift);
    }
  }
  return [...found.values()].filter((one) => one.shifts.length >= fewest);
}

/** The group of most hits; of as many, that of the first. */
export function mostFrequent(hits: readonly SwapHit[]): number {
  const counts = new Map<number, number>();
  for (const { group } of hits) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].reduce((best, own) => (own[1] > best[1] ? own : best))[0];
}
