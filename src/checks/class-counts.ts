// Labels with few rows, labels that differ in spelling alone, and labels of the test table that training never sees.
import { option } from "../base/option.js";
import { type Check, listed, percentOf, rowsText, shown } from "./check.js";
import type { CheckedRows } from "./checked-rows.js";
import { labelsAt } from "./label-sets.js";

/** With fewer rows a label is hardly learned, and its figures are chance. */
const fewRows = 10;

function rowsWith({ sets }: CheckedRows, from: number, to: number): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let row = from; row < to; row++)
    for (const label of labelsAt(sets, row)) {
      const own = rows.get(label);
      if (own) own.push(row);
      else rows.set(label, [row]);
    }
  return rows;
}

export const smallClasses: Check = {
  kind: "small-classes",
  async run(data) {
    const { sets, trainingRows } = data;
    if (sets.areRanges) return [];
    const rows = rowsWith(data, 0, trainingRows);
    const small = [...rows].filter(([, own]) => own.length < fewRows).sort(([, a], [, b]) => a.length - b.length);
    if (small.length === 0) return [];
    const all = small.flatMap(([, own]) => own);
    return [
      {
        rows: all.length,
        message: `${small.length === 1 ? "1 label has" : `${small.length} of ${rows.size} labels have`} fewer than ${fewRows} rows: ${listed(small.map(([label]) => sets.names[label]))}`,
        examples: small.slice(0, shown).map(([, own]) => data.example(own[0])),
        advice:
          "Label more rows of them, merge them with others, or leave them out: with so few rows they are hardly learned, and their figures are chance",
        details: {
          labels: Object.fromEntries(small.slice(0, 100).map(([label, own]) => [sets.names[label], own.length])),
        },
      },
    ];
  },
};

export const similarLabels: Check = {
  kind: "similar-labels",
  async run(data) {
    const { sets, texts } = data;
    if (sets.areRanges) return [];
    const groups = new Map<string, number[]>();
    for (const [label, name] of sets.names.entries()) {
      const key = name
        .normalize("NFKC")
        .toLowerCase()
        .replace(/[\s_\p{P}]+/gu, " ")
        .trim();
      // Signs tell labels apart where there is nothing else: "+" and "-".
      if (key === "") continue;
      groups.set(key, [...(groups.get(key) ?? []), label]);
    }
    const same = [...groups.values()].filter((labels) => labels.length > 1);
    if (same.length === 0) return [];
    const rows = rowsWith(data, 0, texts.length);
    // Of each group all but the most frequent spelling.
    const odd = same.flatMap((labels) => [...labels].sort((a, b) => sets.counts[b] - sets.counts[a]).slice(1));
    const own = odd.flatMap((label) => rows.get(label) ?? []);
    return [
      {
        rows: own.length,
        message: `${same.length === 1 ? "1 label is" : `${same.length} labels are`} spelt in several ways: ${listed(same[0].map((label) => sets.names[label]))}`,
        examples: own.slice(0, shown).map((row) => data.example(row)),
        advice:
          "Spell each label in one way: each spelling counts as a label of its own, and the rows are divided between them",
        details: { groups: same.slice(0, 50).map((labels) => labels.map((label) => sets.names[label])) },
      },
    ];
  },
};

export const unseenLabels: Check = {
  kind: "unseen-labels",
  async run(data) {
    const { sets, texts, trainingRows, test } = data;
    if (!test || sets.areRanges) return [];
    const known = new Set(rowsWith(data, 0, trainingRows).keys());
    const unseen = [...rowsWith(data, trainingRows, texts.length)].filter(([label]) => !known.has(label));
    if (unseen.length === 0) return [];
    const own = unseen.flatMap(([, rows]) => rows);
    return [
      {
        rows: own.length,
        message: `${rowsText(own.length)} of ${test.source} (${percentOf(own.length / (texts.length - trainingRows))}) have a label that no training row has: ${listed(unseen.map(([label]) => sets.names[label]))}`,
        examples: own.slice(0, shown).map((row) => data.example(row)),
        advice: `All of them will count as errors. Add training rows with these labels, or correct the spelling in the table of ${option("test")}`,
        details: {
          labels: Object.fromEntries(unseen.slice(0, 100).map(([label, rows]) => [sets.names[label], rows.length])),
        },
      },
    ];
  },
};
