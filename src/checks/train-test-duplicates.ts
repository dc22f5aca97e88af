// Test rows whose text the training table has too: a model has seen them, and its score is too good.
import { option } from "../base/option.js";
import { type Check, type FindingFacts, rowsText, shown, verb } from "./check.js";
import type { CheckedRows } from "./checked-rows.js";
import type { Copy } from "./same-texts.js";

export const trainTestDuplicates: Check = {
  kind: "train-test-duplicates",
  async run(data) {
    const { texts, trainingRows, test } = data;
    if (!test) return [];
    const { words, near } = await data.copies();
    const [exact, close]: Copy[][] = [[], []];
    for (let row = trainingRows; row < texts.length; row++) {
      if (words[row] < trainingRows) exact.push({ row, like: words[row] });
      else if (near[row] < trainingRows) close.push({ row, like: near[row] });
    }
    const findings: FindingFacts[] = [];
    if (exact.length > 0)
      findings.push(
        await told(
          data,
          exact,
          `${rowsText(exact.length)} of ${test.source} ${verb(exact.length, "has", "have")} the text of a training row`,
          "Remove these rows from the test table: a model has seen them. Training leaves out rows whose text is also in the table of " +
            `${option("test")}, but not where other signs stand in it`,
          "exact",
        ),
      );
    if (close.length > 0)
      findings.push(
        await told(
          data,
          close,
          `${rowsText(close.length)} of ${test.source} ${verb(close.length, "has", "have")} nearly the text of a training row`,
          "Read some of them. If new rows will not be so much like the training rows, measure without them",
          "near",
        ),
      );
    return findings;
  },
};

async function told(
  data: CheckedRows,
  copies: readonly Copy[],
  message: string,
  advice: string,
  match: string,
): Promise<FindingFacts> {
  const isCopy = new Set(copies.map(({ row }) => row));
  const { compared } = await data.copies();
  const quick = await data.quick();
  return {
    rows: copies.length,
    message,
    examples: copies.slice(0, shown).map(({ row, like }) => data.example(row, like)),
    advice,
    effect: quick?.withoutRows((row) => isCopy.has(row)),
    details: { match, testRows: copies.map(({ row }) => data.placeOf(row).row), ...(match === "near" && { compared }) },
  };
}
