// The label's own name in the text: what is learned is to read it.
import { type Check, escaped, percentOf, rowsText, shown } from "./check.js";
import { type CheckedRows, projected, spreadRows } from "./checked-rows.js";
import { labelsAt } from "./label-sets.js";
import { breathe } from "./same-texts.js";

const mostRows = 200_000;
const mostLabels = 20_000;
/** Names of labels come up in texts by themselves: only where they tell the label nearly always, in so many rows, is it a leak. */
const fewestRows = 10;
const fewestOfLabel = 5;
const fewestShare = 0.03;
const leastPrecision = 0.9;
/** Beside the share of rows that would be right by chance. */
const leastGain = 0.8;

export const labelInText: Check = {
  kind: "label-in-text",
  async run(data) {
    const { sets, texts, trainingRows, labels, watch } = data;
    const { names, shares } = sets.areRanges ? numbersOf(data) : { names: sets.names, shares: data.trainingShares };
    if (names.length > mostLabels || names.length < 2) return [];
    const { find, longest } = phrasesOf(names, shares);
    const rows = spreadRows(trainingRows, mostRows);
    const place = new Map(names.map((name, i) => [name, i]));
    const isOwn = (row: number, label: number) =>
      sets.areRanges ? place.get(String(labels[row])) === label : labelsAt(sets, row).includes(label);
    const naming: { row: number; labels: number[] }[] = [];
    const perLabel = new Map<number, { own: number; all: number }>();
    for (const [i, row] of rows.entries()) {
      if (i % 20_000 === 0) await breathe(watch, "looking for labels in texts", i, rows.length);
      const found = labelsNamed(texts[row], find, longest);
      if (found.size === 0) continue;
      naming.push({ row, labels: [...found] });
      for (const label of found) {
        const counts = perLabel.get(label) ?? { own: 0, all: 0 };
        counts.all++;
        if (isOwn(row, label)) counts.own++;
        perLabel.set(label, counts);
      }
    }
    // Names that tell their label nearly always; of others what the text is about may be called so.
    const isTelling = (label: number) => {
      const { own, all } = perLabel.get(label) as { own: number; all: number };
      const chance = sets.areRanges ? 0 : data.trainingShares[label];
      return own >= fewestOfLabel && own >= leastPrecision * all && own / all - chance >= leastGain * (1 - chance);
    };
    const withOwn = naming
      .filter((one) => one.labels.some((label) => isTelling(label) && isOwn(one.row, label)))
      .map(({ row }) => row);
    if (withOwn.length < Math.max(fewestRows, fewestShare * rows.length)) return [];
    const telling = [...perLabel.keys()].filter(isTelling);
    const [right, all] = (["own", "all"] as const).map((key) =>
      telling.reduce((sum, label) => sum + (perLabel.get(label)?.[key] ?? 0), 0),
    );
    const precision = right / all;
    const quick = await data.quick();
    const pattern = cutting(names);
    return [
      {
        ...projected(withOwn.length, rows.length, trainingRows),
        message: `the label stands in the text of ${rowsText(projected(withOwn.length, rows.length, trainingRows).rows)} (${percentOf(withOwn.length / rows.length)}); texts that name ${telling.length === 1 ? `'${names[telling[0]]}'` : "such a label"} have it in ${percentOf(precision)} of the cases`,
        examples: withOwn.slice(0, shown).map((row) => data.example(row)),
        advice:
          "Find out how it got there. If it came with the label (a subject line, a tag, a note of whoever handled it), cut it out of the " +
          "texts before training: new ones will not have it, and the score says nothing",
        effect: await quick?.withTexts((text) => text.replace(pattern, " "), "with the names of labels cut out"),
        details: { precision, labels: telling.slice(0, 50).map((label) => names[label]) },
      },
    ];
  },
};

const wordsOf = (text: string) => text.toLowerCase().match(word) ?? [];
const word = /[\p{L}\p{M}\p{N}]+(?:[.'’][\p{L}\p{N}]+)*/gu;

/** The numbers of the training rows, and how many have each. */
function numbersOf({ labels, trainingRows }: CheckedRows): { names: string[]; shares: number[] } {
  const counts = new Map<string, number>();
  for (const label of labels.slice(0, trainingRows)) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
  return { names: [...counts.keys()], shares: [...counts.values()] };
}

/** Names as words with blanks between: card_arrival is "card arrival". What two of them are called is the more frequent one. */
function phrasesOf(
  names: readonly string[],
  shares: ArrayLike<number>,
): { find: Map<string, number>; longest: number } {
  const find = new Map<string, number>();
  let longest = 1;
  for (const [label, name] of names.entries()) {
    const own = wordsOf(name);
    if (own.length === 0) continue;
    const other = find.get(own.join(" "));
    if (other === undefined || shares[label] > shares[other]) find.set(own.join(" "), label);
    longest = Math.max(longest, own.length);
  }
  return { find, longest: Math.min(longest, 8) };
}

/** Labels whose names stand in a text; of names within names the longest alone. */
function labelsNamed(text: string, find: ReadonlyMap<string, number>, longest: number): Set<number> {
  const found = new Set<number>();
  const words = wordsOf(text);
  for (let i = 0; i < words.length; i++) {
    let phrase = "";
    let [label, length] = [-1, 0];
    for (let n = 0; n < longest && i + n < words.length; n++) {
      phrase = n === 0 ? words[i] : `${phrase} ${words[i + n]}`;
      const at = find.get(phrase);
      if (at !== undefined) [label, length] = [at, n];
    }
    if (label < 0) continue;
    found.add(label);
    i += length;
  }
  return found;
}

function cutting(names: readonly string[]): RegExp {
  const phrases = names
    .map((name) => wordsOf(name).map(escaped).join("[^\\p{L}\\p{N}]+"))
    .filter((phrase) => phrase !== "")
    .sort((a, b) => b.length - a.length);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${phrases.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}
