// How a model's answers move when words for one group are exchanged for those of another: in the user's rows, and in sentences around
// them. Knows texts and answers, no model.
import { createRandom, mixSeed } from "../base/random.js";
import { bootstrapRows, holm, type Interval, signFlip, wilsonInterval } from "../metrics/index.js";
import { level } from "./gap.js";
import type { SwapList } from "./swap-list.js";
import { byWord, inRows, inSentences, mostFrequent, type Shift, type SwapModel } from "./swap-shifts.js";
import { swapperOf } from "./swap-text.js";

/** Answers that change. */
export interface Flips {
  share: number;
  interval: Interval;
}

export interface Moved {
  /** Texts that were compared. */
  texts: number;
  /** Left out where a model decides nothing. */
  flips?: Flips;
  /** The column that moves most for its scatter. */
  column: string;
  /** By how much it moves on average. */
  shift: number;
  interval: Interval;
  /** Of so large a shift if its direction is chance, corrected for all swaps that were looked at (Holm). */
  probability: number;
  /** That is below 0.05; where it rests on fewer than 8 words, also larger than the model's margin; none where no row has a word. */
  isShown: boolean;
}

/** Being of the second group rather than of the first. */
export interface GroupSwap extends Moved {
  first: string;
  second: string;
  /** Rows in which words of the list occur, or sentences around other rows, such as "She wrote: …". */
  where: "rows" | "sentences";
}

/** One word rather than its counterparts in other groups, in the rows where it occurs. */
export interface WordSwap extends Moved {
  word: string;
  group: string;
}

export interface SwapAudit {
  list: string;
  /** Where its words come from. */
  source: string;
  groups: readonly string[];
  areShares: boolean;
  rows: number;
  /** Rows in which its words occur. */
  withWords: number;
  /** Those of them that were looked at. */
  looked: number;
  /** Of all their swaps. */
  flips?: Flips;
  swaps: GroupSwap[];
  /** That were more than chance, or occur most. */
  words: WordSwap[];
}

/** Texts with exchanged words at most. */
const mostTexts = 4000;
const mostRows = 1000;
/** Words that a group is judged by. */
const fewestTerms = 8;
/** Rows that a word must stand in. */
const fewestRows = 10;
/** Words that are told, beside those that are more than chance. */
const mostWords = 10;

/**
 * @example
 * const { flips, swaps } = await auditBySwaps(swapLists.gender, texts, model);
 */
export async function auditBySwaps(
  list: SwapList,
  texts: readonly string[],
  model: SwapModel,
  seed = 0,
): Promise<SwapAudit> {
  const swapper = swapperOf(list);
  const found = [...texts.keys()].flatMap((row) => {
    const hits = swapper.find(texts[row]);
    return hits.length > 0 ? [{ row, hits, group: mostFrequent(hits) }] : [];
  });
  const rest = list.groups.length - 1;
  const random = createRandom(mixSeed(seed, 0x5a4b));
  const rows = random.shuffle(found.slice()).slice(0, Math.min(mostRows, Math.floor(mostTexts / rest)));
  const swapped = await inRows(rows, texts, list, swapper.exchange, model, random);
  const around = await inSentences(texts, list, model, random);
  type Tested = Omit<Moved, "isShown"> & { isMore: boolean };
  const tested: { told: Omit<GroupSwap, keyof Moved> | Omit<WordSwap, keyof Moved>; moved: Tested; isWord: boolean }[] =
    [];
  const movedBy = (own: readonly Shift[]): Tested => {
    const width = model.columns.length;
    const byTerm = numbered(own.map(({ term }) => term));
    // What holds over many words is the group's; of a few it may be the words', which a model learns by chance too.
    const isOfGroup = new Set(byTerm).size >= fewestTerms;
    const clusters = isOfGroup ? byTerm : numbered(own.map(({ row }) => String(row)));
    const differences = Float64Array.from(
      { length: own.length * width },
      (_, at) => own[Math.floor(at / width)].by[at % width],
    );
    const { column, probability } = signFlip(differences, width, clusters, { seed });
    const mean = (sample: ArrayLike<number>) => {
      let sum = 0;
      for (let i = 0; i < sample.length; i++) sum += differences[sample[i] * width + column];
      return sum / sample.length;
    };
    const { shift: interval } = bootstrapRows(own.length, { seed, clusters }, (sample) => ({ shift: mean(sample) }));
    const least = Math.max(interval.low, -interval.high);
    return {
      texts: own.length,
      ...(own[0].isFlipped !== undefined && { flips: flipsOf(own.map(({ isFlipped }) => isFlipped === true)) }),
      column: model.columns[column],
      shift: mean([...own.keys()]),
      interval,
      probability,
      isMore: isOfGroup || least > model.margin,
    };
  };
  for (const [where, shifts] of [["rows", swapped] as const, ["sentences", around] as const])
    for (let first = 0; first < list.groups.length; first++)
      for (let second = first + 1; second < list.groups.length; second++) {
        const own = shifts.filter((one) => one.first === first && one.second === second);
        if (own.length === 0) continue;
        const told = { first: list.groups[first], second: list.groups[second], where };
        tested.push({ told, moved: movedBy(own), isWord: false });
      }
  for (const { word, group, shifts } of byWord(rows, swapped, list, fewestRows))
    tested.push({ told: { word, group }, moved: movedBy(shifts), isWord: true });

  const corrected = holm(tested.map(({ moved }) => moved.probability));
  const all = tested.map(({ told, moved: { isMore, ...moved }, isWord }, i) => {
    const isShown = found.length > 0 && corrected[i] < level && isMore;
    return { isWord, told: { ...told, ...moved, probability: corrected[i], isShown } };
  });
  const words = all.filter(({ isWord }) => isWord).map(({ told }) => told as WordSwap);
  words.sort((a, b) => Number(b.isShown) - Number(a.isShown) || Math.abs(b.shift) - Math.abs(a.shift));
  const decides = swapped.length > 0 && swapped[0].isFlipped !== undefined;
  return {
    list: list.name,
    source: list.source,
    groups: list.groups,
    areShares: model.areShares,
    rows: texts.length,
    withWords: found.length,
    looked: rows.length,
    ...(decides && { flips: flipsByRow(swapped, seed) }),
    swaps: all.filter(({ isWord }) => !isWord).map(({ told }) => told as GroupSwap),
    words: words.filter(({ isShown }, i) => isShown || i < mostWords),
  };
}

function flipsOf(flips: readonly boolean[]): Flips {
  const count = flips.filter(Boolean).length;
  return { share: count / flips.length, interval: wilsonInterval(count, flips.length) };
}

/** Of all swaps; those of one row come together. */
function flipsByRow(shifts: readonly Shift[], seed: number): Flips {
  const flipped = shifts.map(({ isFlipped }) => (isFlipped ? 1 : 0));
  const clusters = numbered(shifts.map(({ row }) => String(row)));
  const mean = (sample: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < sample.length; i++) sum += flipped[sample[i]];
    return sum / sample.length;
  };
  const share = mean([...flipped.keys()]);
  const rows = new Set(clusters).size;
  if (share === 0 || share === 1) return { share, interval: wilsonInterval(share * rows, rows) };
  const { share: interval } = bootstrapRows(flipped.length, { seed, clusters }, (sample) => ({ share: mean(sample) }));
  return { share, interval };
}

function numbered(names: readonly string[]): Int32Array {
  const places = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  });
}
