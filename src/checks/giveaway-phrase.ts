// A phrase that comes with the text rather than being what it says (a signature, a disclaimer, a mark) and tells the label.
import { type Check, escaped, type FindingFacts, percentOf, rowsText, shown } from "./check.js";
import { type CheckedRows, projected, spreadRows } from "./checked-rows.js";
import { LabelCounts, labelsAt } from "./label-sets.js";
import { breathe, type SameTexts } from "./same-texts.js";

const mostRows = 50_000;
const fewestRows = 20;
const fewestShare = 0.005;
const leastPrecision = 0.98;
/** How much of what is not known without it a phrase tells. */
const leastGain = 0.9;
const mostFindings = 3;
/** Rows of which those with a phrase are counted. */
const mostCounted = 200_000;
/** Of a long text its two ends count: there stand signatures and heads. */
const wordsAtEnds = 150;
/** Hashes of phrases are counted in so many cells before any is kept. */
const cells = 1 << 22;

type Place = "anywhere" | "end" | "start";
const placeTexts: Record<Place, string> = { anywhere: "in", end: "at the end of", start: "at the beginning of" };

/**
 * What people say tells the label too ("how many" in a question for a number): that is what is to be learned. So only long
 * phrases may stand anywhere; shorter ones stand at an end and in a good part of a label's texts, at the beginning, where
 * questions have their form, in a larger one. Marks such as "[A]" or "Ref:" come beside them.
 */
const shapes: readonly { words: number; at: Place; leastCoverage: number }[] = [
  { words: 7, at: "anywhere", leastCoverage: 0.05 },
  { words: 5, at: "end", leastCoverage: 0.05 },
  { words: 4, at: "end", leastCoverage: 0.15 },
  { words: 3, at: "end", leastCoverage: 0.5 },
  { words: 2, at: "end", leastCoverage: 0.7 },
  { words: 1, at: "end", leastCoverage: 0.9 },
  { words: 4, at: "start", leastCoverage: 0.3 },
  { words: 3, at: "start", leastCoverage: 0.6 },
  { words: 1, at: "start", leastCoverage: 0.9 },
];
/** Marks are told apart by their signs. */
const ofMarks = { at: "anywhere", leastCoverage: 0.2 } as const;

export const giveawayPhrase: Check = {
  kind: "giveaway-phrase",
  async run(data) {
    const { sets, texts, trainingRows } = data;
    if (sets.names.length < 2) return [];
    const rows = await distinctRows(data);
    const least = Math.max(fewestRows, fewestShare * rows.length);
    const found = [...marks(data, rows, least), ...(await frequent(data, rows, least))].sort(
      (a, b) => b.rows.length - a.rows.length,
    );
    const told: Phrase[] = [];
    for (const one of found) {
      if (told.length === mostFindings) break;
      // Pieces of a phrase that is told already.
      const known = told.some((other) => overlap(one.rows, other.rows) > 0.8);
      if (!known) told.push(one);
    }
    const quick = told.length > 0 ? await data.quick() : undefined;
    const findings: FindingFacts[] = [];
    for (const { phrase: found, at, rows: own, label, coverage } of told) {
      const phrase = extended(found, at, own, data);
      const pattern = patternOf(phrase, at);
      const some = spreadRows(trainingRows, mostCounted);
      const hits = some.filter((row) => texts[row].toLowerCase().search(pattern) >= 0);
      if (hits.length === 0) continue;
      const precision = hits.filter((row) => labelsAt(sets, row).includes(label)).length / hits.length;
      const { rows: count, isEstimate } = projected(hits.length, some.length, trainingRows);
      findings.push({
        rows: count,
        ...(isEstimate && { isEstimate }),
        message: `“${phrase}” stands ${placeTexts[at]} ${rowsText(count)}, and ${percentOf(precision)} of them ${sets.areRanges ? "lie in" : "are"} '${sets.names[label]}'`,
        examples: own.slice(0, shown).map((row) => data.example(row)),
        advice:
          "Ask whether new texts will have it. If it was added by whoever handled the row (a signature, a disclaimer, a form), " +
          "cut it out before training",
        effect: await quick?.withTexts((text) => text.replace(pattern, " "), "with the phrase cut out"),
        details: { phrase, label: sets.names[label], precision, coverage },
      });
    }
    return findings;
  },
};

interface Phrase {
  phrase: string;
  at: Place;
  rows: number[];
  label: number;
  /** Share of the label's rows. */
  coverage: number;
}

/** Of texts that are nearly the same one counts: what one template says is not told twice. */
async function distinctRows(data: CheckedRows): Promise<number[]> {
  const { near }: SameTexts = await data.copies();
  const all = [...near.keys()].filter((row) => near[row] === row && row < data.trainingRows);
  return spreadRows(all.length, mostRows).map((at) => all[at]);
}

async function frequent(data: CheckedRows, rows: readonly number[], least: number): Promise<Phrase[]> {
  const { texts, watch } = data;
  const counts = new Uint32Array(cells);
  const visit = async (
    stage: string,
    each: (row: number, hash: number, words: readonly string[], at: number, shape: number) => void,
  ) => {
    for (const [i, row] of rows.entries()) {
      if (i % 5000 === 0) await breathe(watch, stage, i, rows.length);
      const words = wordsOf(texts[row]);
      const seen = new Set<number>();
      for (const [shape, { words: n, at: where }] of shapes.entries()) {
        if (words.length < n) continue;
        const places = where === "anywhere" ? range(words.length - n + 1) : [where === "end" ? words.length - n : 0];
        for (const at of places) {
          if (at > wordsAtEnds && at < words.length - wordsAtEnds) continue;
          const hash = hashWords(words, at, n, shape);
          if (seen.has(hash)) continue;
          seen.add(hash);
          each(row, hash, words, at, shape);
        }
      }
    }
  };
  await visit("counting phrases", (_, hash) => void counts[hash & (cells - 1)]++);
  const kept = new Map<number, { phrase: string; shape: number; rows: number[] }>();
  await visit("reading phrases", (row, hash, words, at, shape) => {
    if (counts[hash & (cells - 1)] < least) return;
    const own = kept.get(hash);
    if (own) own.rows.push(row);
    else kept.set(hash, { phrase: words.slice(at, at + shapes[shape].words).join(" "), shape, rows: [row] });
  });
  return [...kept.values()]
    .filter((one) => one.rows.length >= least)
    .flatMap(({ phrase, shape, rows: own }) => judged(data, rows, phrase, own, shapes[shape]));
}

/** Marks at the beginning or end: a piece with a bracket, a colon, a bar and the like. */
function marks(data: CheckedRows, rows: readonly number[], least: number): Phrase[] {
  const kept = new Map<string, number[]>();
  for (const row of rows) {
    const text = data.texts[row].trim();
    for (const [mark] of [headMark.exec(text.slice(0, 60)), tailMark.exec(text.slice(-60))].filter(
      (one) => one !== null,
    )) {
      const own = kept.get(mark.trim());
      if (own) own.push(row);
      else kept.set(mark.trim(), [row]);
    }
  }
  return [...kept].flatMap(([mark, own]) => (own.length >= least ? judged(data, rows, mark, own, ofMarks) : []));
}
const headMark =
  /^(?:[[(<{|*=_~#][^\s\])>}|*=~]{1,30}[\])>}|*=~]|[\p{L}\p{N}_./-]{1,30}(?:[:|=]{1,2}|\s[-–—|]+)(?=\s))/u;
const tailMark = /(?:[[(<{|*=~][^\s\])>}|*=~]{2,30}[\])>}|*=~]|(?<=\s)[-–—|~]{1,3}\s?[\p{L}\p{N}_./-]{1,30})$/u;

function judged(
  { sets, trainingShares }: CheckedRows,
  rows: readonly number[],
  phrase: string,
  own: number[],
  { at, leastCoverage }: { at: Place; leastCoverage: number },
): Phrase[] {
  const counts = new LabelCounts();
  for (const row of own) counts.add(sets, row);
  const { label, share } = counts.top();
  if (label < 0) return [];
  // Of all training rows, of which `rows` are a part with about the same shares.
  const base = trainingShares[label];
  const coverage = counts.top().rows / Math.max(1, base * rows.length);
  const isTelling = share >= leastPrecision && share - base >= leastGain * (1 - base) && coverage >= leastCoverage;
  return isTelling ? [{ phrase, at, rows: own, label, coverage: Math.min(1, coverage) }] : [];
}

/** With the words that stand before and behind it, at its place, in nearly all of its rows. */
function extended(phrase: string, at: Place, rows: readonly number[], { texts }: CheckedRows): string {
  const some = rows.slice(0, 200).map((row) => wordsOf(texts[row]));
  const isIn = (own: readonly string[], words: readonly string[]) => {
    const [text, piece] = [` ${own.join(" ")} `, ` ${words.join(" ")} `];
    return at === "end" ? text.endsWith(piece) : at === "start" ? text.startsWith(piece) : text.includes(piece);
  };
  const has = (words: readonly string[]) => some.filter((own) => isIn(own, words)).length >= leastSame * some.length;
  const words = wordsOf(phrase);
  // A mark is what it is.
  if (words.join(" ") !== phrase) return phrase;
  for (const where of ["behind", "before"] as const) {
    for (let longest = 0; longest < mostExtended; longest++) {
      const own = some.find((one) => isIn(one, words)) ?? [];
      const from =
        at === "end"
          ? own.length - words.length
          : own.findIndex((_, i) => words.every((word, n) => own[i + n] === word));
      const next = where === "behind" ? own[from + words.length] : own[from - 1];
      const longer = where === "behind" ? [...words, next] : [next, ...words];
      if (next === undefined || !has(longer)) break;
      words.splice(0, words.length, ...longer);
    }
  }
  return words.join(" ");
}
const leastSame = 0.95;
const mostExtended = 20;

/** The phrase at its place, and not as a part of other words. */
function patternOf(phrase: string, at: Place): RegExp {
  const [letter, other] = ["[\\p{L}\\p{M}\\p{N}]", "[^\\p{L}\\p{M}\\p{N}]"];
  const words = phrase.split(" ").map(escaped).join(`${other}+`);
  const [first, last] = [/^[\p{L}\p{M}\p{N}]/u, /[\p{L}\p{M}\p{N}]$/u].map((edge) => edge.test(phrase));
  const bounded = `${first ? `(?<!${letter})` : ""}${words}${last ? `(?!${letter})` : ""}`;
  return new RegExp(`${at === "start" ? `^${other}*` : ""}${bounded}${at === "end" ? `${other}*$` : ""}`, "giu");
}

const wordsOf = (text: string) => text.toLowerCase().match(word) ?? [];
const word = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?/gu;
const range = (count: number) => Array.from({ length: Math.max(0, count) }, (_, i) => i);

function hashWords(words: readonly string[], from: number, count: number, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = from; i < from + count; i++) {
    for (let at = 0; at < words[i].length; at++) hash = Math.imul(hash ^ words[i].charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ 0x20, 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return hash;
}

/** Share of `a` that is in `b`. */
function overlap(a: readonly number[], b: readonly number[]): number {
  const other = new Set(b);
  return a.filter((row) => other.has(row)).length / a.length;
}
