// Rows of one table with the same or nearly the same text.
import { type Check, type FindingFacts, percentOf, rowsText, shown, verb } from "./check.js";
import type { CheckedRows } from "./checked-rows.js";
import { haveSameLabels } from "./label-sets.js";
import type { Copy } from "./same-texts.js";

/** Below this share of the rows near duplicates are what any table of short texts has. */
const fewNear = 0.01;

export const duplicates: Check = {
  kind: "duplicates",
  async run(data) {
    const { texts, trainingRows, test } = data;
    return [
      ...(await within(data, 0, trainingRows, data.training.source)),
      ...(test ? await within(data, trainingRows, texts.length, test.source) : []),
    ];
  },
};

async function within(data: CheckedRows, from: number, to: number, source: string): Promise<FindingFacts[]> {
  const { test, sets } = data;
  const { words, near, compared } = await data.copies();
  // Of a group the first row of this table stays.
  const [firstSame, firstLike] = [new Map<number, number>(), new Map<number, number>()];
  const [exact, close]: Copy[][] = [[], []];
  for (let row = from; row < to; row++) {
    const same = firstSame.get(words[row]);
    const like = firstLike.get(near[row]);
    if (same === undefined) firstSame.set(words[row], row);
    if (like === undefined) firstLike.set(near[row], row);
    if (same !== undefined) exact.push({ row, like: same });
    else if (like !== undefined) close.push({ row, like });
  }
  // Copies on both sides of a split drawn row by row; with a test table of its own there is none.
  const quick = test || exact.length + close.length === 0 ? undefined : await data.quick();
  const told = (
    copies: readonly Copy[],
    how: string,
    advice: string,
    match: string,
    groupOf: Int32Array,
  ): FindingFacts => {
    const groups = new Set(copies.map(({ row }) => groupOf[row]));
    return {
      rows: copies.length,
      message: `${rowsText(copies.length)} of ${source} (${percentOf(copies.length / (to - from))}) ${verb(copies.length, "repeats", "repeat")} an earlier one${how}`,
      examples: copies.slice(0, shown).map(({ row, like }) => data.example(row, like)),
      advice,
      effect: quick?.withoutRows((row) => groups.has(groupOf[row]), "without all rows that have such a copy"),
      details: {
        match,
        table: from === 0 ? "training" : "test",
        groups: groups.size,
        otherLabels: copies.filter(({ row, like }) => !haveSameLabels(sets, row, like)).length,
        ...(match === "near" && { compared }),
      },
    };
  };
  const findings: FindingFacts[] = [];
  if (exact.length > 0)
    findings.push(
      told(
        exact,
        " word for word",
        "columnist duplicates writes the table without them. Left in, they count twice, and a split drawn row by row puts copies on both sides",
        "exact",
        words,
      ),
    );
  if (close.length >= Math.max(2, fewNear * (to - from)))
    findings.push(
      told(
        close,
        " nearly",
        "Read some of them (columnist duplicates shows all). Training keeps only rows with the same text on one side of its split",
        "near",
        near,
      ),
    );
  return findings;
}
