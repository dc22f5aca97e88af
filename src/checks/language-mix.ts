// Texts in another language than most.
import { findOtherLanguages } from "../text/index.js";
import { type Check, percentOf, rowsText, shown } from "./check.js";
import { projected, spreadRows } from "./checked-rows.js";

const mostRows = 200_000;
/** A quote or a name in another language makes no mix. */
const fewestRows = 3;
const fewestShare = 0.001;

export const languageMix: Check = {
  kind: "language-mix",
  async run(data) {
    const { texts } = data;
    const rows = spreadRows(texts.length, mostRows);
    const { main, others } = await findOtherLanguages(rows.map((row) => texts[row]));
    const found = rows.filter((_, i) => others[i] !== undefined);
    if (found.length < Math.max(fewestRows, fewestShare * rows.length)) return [];
    const counts = new Map<string, number>();
    for (const language of others) if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
    const languages = [...counts].sort(([, a], [, b]) => b - a);
    const isOther = new Set(found);
    const quick = await data.quick();
    const { rows: count, isEstimate } = projected(found.length, rows.length, texts.length);
    return [
      {
        rows: count,
        ...(isEstimate && { isEstimate }),
        message: `${rowsText(count)} (${percentOf(found.length / rows.length)}) seem to be in another language than ${main ?? "most"}: ${languages
          .slice(0, 5)
          .map(([language, own]) => `${language} ${own}`)
          .join(", ")}`,
        examples: found.slice(0, shown).map((row) => data.example(row)),
        advice:
          "If new texts come in these languages too, see that each has enough rows; a multilingual encoder helps (columnist pull). If " +
          "not, leave these rows out",
        effect: quick?.withoutRows((row) => isOther.has(row)),
        details: { main: main ?? null, languages: Object.fromEntries(languages) },
      },
    ];
  },
};
