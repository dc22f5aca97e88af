// Associations of words in vectors. Knows vectors of words, not where they come from.
import { createRandom, mixSeed } from "../base/random.js";
import { holm, permuted } from "../metrics/index.js";
import { level } from "./gap.js";
import { type AssociationTest, associationTests, type WordSet } from "./lists/word-sets.js";

export interface Association {
  /** "white names", … */
  x: string;
  y: string;
  a: string;
  b: string;
  /** How the words were given: as they are, or in sentences. */
  form: string;
  /** From −2 to 2: above 0 where X is nearer to A, and Y to B. */
  effect: number;
  /** The least and the most of it when any one word is left out. */
  range: { low: number; high: number };
  /** Of so large an association if X and Y were divided by chance, corrected for all tests (Holm). */
  probability: number;
  /** That is below 0.05. */
  isShown: boolean;
  /** Words that have no vector. */
  missing: string[];
}

export interface AssociationAudit {
  tests: Association[];
  /** Tests of whose sets too few words have vectors. */
  leftOut: string[];
}

/** The vectors of words, in their order; undefined for a word that has none. */
export interface WordForm {
  name: string;
  vectorsOf(words: readonly string[]): Promise<readonly (Float32Array | undefined)[]>;
}

/** A set needs this share of its words. */
const leastKnown = 0.5;

/**
 * The Word-Embedding Association Test (A. Caliskan et al. 2017): s(w) = mean cosine to A − mean cosine to B; the effect is the
 * difference of X's and Y's mean s in standard deviations of s over both; p, two-sided, by permutation of X and Y. Of sentences that
 * hold the words it is SEAT (C. May et al. 2019).
 *
 * @example
 * const { tests } = await auditAssociations([{ name: "words", vectorsOf }]);
 */
export async function auditAssociations(
  forms: readonly WordForm[],
  seed = 0,
  given: readonly AssociationTest[] = associationTests,
): Promise<AssociationAudit> {
  const found: Association[] = [];
  const leftOut = new Set<string>();
  for (const form of forms) {
    const words = [...new Set(given.flatMap(({ x, y, a, b }) => [x, y, a, b].flatMap((set) => set.words)))];
    const vectors = await form.vectorsOf(words);
    const unit = new Map(words.map((word, i) => [word, vectors[i] && toUnit(vectors[i])]));
    for (const test of given) {
      const sets = [test.x, test.y, test.a, test.b];
      const known = sets.map(({ words: own }) => own.flatMap((word) => unit.get(word) ?? []));
      const [x, y, a, b] = sets.map(({ name }) => name);
      if (sets.some(({ words: own }, i) => known[i].length < Math.max(1, leastKnown * own.length))) {
        leftOut.add(`${x} and ${y} by ${a} and ${b}`);
        continue;
      }
      const scores = scoresOf(known);
      found.push({
        ...{ x, y, a, b },
        form: form.name,
        effect: effectOf(scores),
        range: rangeOf(known),
        probability: probabilityOf(scores, mixSeed(seed, found.length)),
        isShown: false,
        missing: missingOf(sets, unit),
      });
    }
  }
  const corrected = holm(found.map(({ probability }) => probability));
  const tests = found.map((test, i) => ({ ...test, probability: corrected[i], isShown: corrected[i] < level }));
  return { tests, leftOut: [...leftOut] };
}

type Vectors = readonly (readonly Float32Array[])[];

/** s of X's words and of Y's. */
function scoresOf([x, y, a, b]: Vectors): [x: number[], y: number[]] {
  const nearness = (word: Float32Array, set: readonly Float32Array[]) =>
    set.reduce((sum, other) => sum + word.reduce((dot, value, d) => dot + value * other[d], 0), 0) / set.length;
  const score = (word: Float32Array) => nearness(word, a) - nearness(word, b);
  return [x.map(score), y.map(score)];
}

function effectOf([x, y]: readonly [readonly number[], readonly number[]]): number {
  const all = [...x, ...y];
  const mean = meanOf(all);
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1));
  return deviation === 0 ? 0 : (meanOf(x) - meanOf(y)) / deviation;
}

/** Over all sets without any one of their words; a set of one word keeps it. */
function rangeOf(sets: Vectors): { low: number; high: number } {
  const effects = sets.flatMap((set, place) =>
    (set.length > 1 ? set : []).map((_, left) =>
      effectOf(scoresOf(sets.map((own, i) => (i === place ? own.filter((__, at) => at !== left) : own)))),
    ),
  );
  return { low: Math.min(...effects), high: Math.max(...effects) };
}

function probabilityOf([x, y]: readonly [readonly number[], readonly number[]], seed: number): number {
  const random = createRandom(seed);
  const all = [...x, ...y];
  const apart = () => {
    let [first, second] = [0, 0];
    for (const [i, value] of all.entries()) {
      if (i < x.length) first += value;
      else second += value;
    }
    return Math.abs(first / x.length - second / y.length);
  };
  const seen = apart();
  return seen === 0
    ? 1
    : permuted(seen, undefined, () => {
        random.shuffle(all);
        return apart();
      });
}

function missingOf(sets: readonly WordSet[], unit: ReadonlyMap<string, Float32Array | undefined>): string[] {
  return [...new Set(sets.flatMap(({ words }) => words.filter((word) => unit.get(word) === undefined)))];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toUnit(vector: Float32Array): Float32Array | undefined {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? undefined : vector.map((value) => value / length);
}
