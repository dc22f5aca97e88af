// A test table from another world: other labels, other texts, other lengths.
import { quantile } from "../metrics/index.js";
import { type Check, percentOf } from "./check.js";
import { isLargeShift, labelShift, toldApart } from "./two-samples.js";

const leastDistance = 0.1;
const leastApart = 0.65;
/** Median lengths that differ by so much. */
const leastLengths = 2;

export const differentTest: Check = {
  kind: "different-test",
  async run(data) {
    const { texts, trainingRows, test } = data;
    if (!test) return [];
    const training = Array.from({ length: trainingRows }, (_, row) => row);
    const own = Array.from({ length: texts.length - trainingRows }, (_, i) => trainingRows + i);
    const shift = labelShift(data, training, own);
    const apart = await toldApart(data, training, own);
    const [lengths, ownLengths] = [training, own].map((rows) =>
      Math.round(quantile(Float64Array.from(rows, (row) => texts[row].length).sort(), 0.5)),
    );
    const parts: string[] = [];
    if (isLargeShift(shift, leastDistance))
      parts.push(
        `its labels have other shares (${shift.most
          .slice(0, 2)
          .map(({ label, shares: [p, q] }) => `'${label}' ${percentOf(p)} in training, ${percentOf(q)} in test`)
          .join("; ")})`,
      );
    if (apart !== undefined && apart >= leastApart)
      parts.push(`its texts can be told from training texts in ${percentOf(apart)} of the cases or more`);
    if (Math.max(lengths, ownLengths) >= leastLengths * Math.max(1, Math.min(lengths, ownLengths)) && own.length >= 30)
      parts.push(`its texts are ${ownLengths} characters long (median), those of training ${lengths}`);
    if (parts.length === 0) return [];
    return [
      {
        rows: own.length,
        message: `${test.source} differs from the training table: ${parts.join("; ")}`,
        examples: own.slice(0, 2).map((row) => data.example(row)),
        advice:
          "The score says how good the model is on rows like those of the test table. If new rows will be like it, train on such " +
          "rows too; if not, hold out rows of the training table instead",
        details: {
          labelDistance: shift.distance,
          byChance: shift.byChance,
          labels: shift.most,
          toldApart: apart ?? null,
          medianLengths: [lengths, ownLengths],
        },
      },
    ];
  },
};
