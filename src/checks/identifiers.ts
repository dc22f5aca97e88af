// Identifiers in the text: numbers of tickets and orders, addresses, keys. No two rows share them, or they tell the label.
import { type Check, percentOf, rowsText, shown } from "./check.js";
import { projected, spreadRows } from "./checked-rows.js";
import { breathe } from "./same-texts.js";

const mostRows = 100_000;
/** Below this share they are part of what people write. */
const leastShare = 0.3;

/** Pieces that name one thing: long numbers, letters with digits, UUIDs, mail addresses. Amounts, years and times are none. */
const identifier =
  /(?<![\p{L}\p{N}])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[\w.+-]+@[\w-]+\.[\w.]+|#?\d{5,}|#\d{3,}|(?=[\w-]*\d{3})(?=[\w-]*\p{L})[\p{L}\d]+(?:[-_/][\p{L}\d]+)*)(?![\p{L}\p{N}])/giu;

export const identifiers: Check = {
  kind: "identifiers",
  async run(data) {
    const { texts, trainingRows, sampled, sampledRows, watch } = data;
    const rows = spreadRows(trainingRows, mostRows);
    const counts = new Map<string, number>();
    const found: { row: number; names: string[] }[] = [];
    for (const [i, row] of rows.entries()) {
      if (i % 20_000 === 0) await breathe(watch, "looking for identifiers", i, rows.length);
      const names = [...new Set(texts[row].slice(0, 2000).match(identifier) ?? [])];
      if (names.length === 0) continue;
      found.push({ row, names });
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const unique = found.filter(({ names }) => names.some((name) => counts.get(name) === 1));
    const read = sampledRows.filter((row) => row >= 0).length;
    const columns = sampled.columns.flatMap(({ name, values, isText }) => {
      if (isText) return [];
      const own = values.flatMap((value, i) => {
        const row = sampledRows[i];
        return row >= 0 && value !== null && value.length >= 4 && texts[row].includes(value) ? [row] : [];
      });
      // A name of a thing that many rows share is what texts are about.
      const isKey = new Set(values).size > 0.9 * values.length;
      return isKey && own.length >= Math.max(1, leastShare * read) ? [{ name, rows: own }] : [];
    });
    if (unique.length < leastShare * rows.length && columns.length === 0) return [];
    const [column] = columns;
    const own = column ? column.rows : unique.map(({ row }) => row);
    const seen = column ? read : rows.length;
    const { rows: count, isEstimate } = projected(own.length, seen, trainingRows);
    // What it cuts out are identifiers by their look, not the values of a column.
    const quick = column ? undefined : await data.quick();
    return [
      {
        rows: count,
        ...(isEstimate && { isEstimate }),
        message: column
          ? `the value of column '${column.name}' stands in the text of ${rowsText(count)} (${percentOf(own.length / seen)})`
          : `${rowsText(count)} (${percentOf(own.length / seen)}) have an identifier in their text that no other row has`,
        examples: own.slice(0, shown).map((row) => data.example(row)),
        advice:
          "Cut them out of the texts, or replace each by one word: a model can learn nothing from them but which rows it has seen, " +
          "and which numbers came when",
        effect: await quick?.withTexts((text) => text.replace(identifier, " "), "with identifiers cut out"),
        details: { column: column?.name ?? null, examples: unique.slice(0, 5).map(({ names }) => names[0]) },
      },
    ];
  },
};
