// An audit of vectors and of language models as text.
import {
  type AssociationAudit,
  associationLead,
  type PronounAudit,
  pronounLead,
  type StereotypeScore,
  stereotypeLead,
} from "../audit/index.js";
import { counted } from "../base/counted.js";
import { showFigure, showInterval } from "../report/figure.js";
import colors from "./colors.js";
import { shortened, textTable } from "./text-table.js";
import { wrapped } from "./wrapped.js";

/** Occupations at either end. */
const mostOccupations = 5;

const probabilityText = (probability: number) => (probability < 0.001 ? "< 0.001" : probability.toFixed(3));
const bold = (cells: readonly string[], isShown: boolean) =>
  isShown ? cells.map((cell) => colors.bold(cell)) : [...cells];
const tableOf = (head: readonly string[], rows: readonly string[][]) =>
  textTable([head.map((name) => colors.dim(name)), ...rows]);

export function associationsText(audit: AssociationAudit): string {
  const { tests, leftOut } = audit;
  const forms = new Set(tests.map(({ form }) => form));
  const rows = tests.map(({ x, y, a, b, form, effect, range, probability, isShown }) =>
    bold(
      [
        shortened(`${x}/${y}: ${a}/${b}${forms.size > 1 ? `, ${form}` : ""}`, 48),
        effect.toFixed(2),
        `${range.low.toFixed(2)} to ${range.high.toFixed(2)}`,
        probabilityText(probability),
      ],
      isShown,
    ),
  );
  const parts = [colors.bold(associationLead(audit))];
  if (tests.length > 0) {
    parts.push(tableOf(["Sets, by what", "Effect", "Less one word", "p"], rows));
    parts.push(
      colors.dim(wrapped("Effect, from −2 to 2: above 0 where the first set is nearer to the first of the other two.")),
    );
  }
  if (leftOut.length > 0)
    parts.push(colors.dim(`${counted(leftOut.length, "test")} left out: most of their words have no vector (--json).`));
  return parts.join("\n\n");
}

export function stereotypesText(scores: readonly StereotypeScore[]): string {
  const rows = scores.map(({ kind, pairs, share, interval, probability, isShown }) =>
    bold(
      [
        shortened(kind, 30),
        String(pairs),
        showFigure(share, true),
        showInterval(interval, true),
        probabilityText(probability),
      ],
      isShown,
    ),
  );
  return `${colors.bold(wrapped(stereotypeLead(scores)))}\n\n${tableOf(["Kind", "Pairs", "Stereotype", "95 %", "p"], rows)}`;
}

export function pronounsText(audit: PronounAudit): string {
  const { occupations } = audit;
  const ends = occupations.filter((_, i) => i < mostOccupations || i >= occupations.length - mostOccupations);
  const rows = ends.map(({ occupation, sentences, difference }) => [
    shortened(occupation, 40),
    String(sentences),
    difference.toFixed(2),
  ]);
  const more = occupations.length - ends.length;
  const note = more > 0 ? `\n… and ${counted(more, "occupation")} between them (--json)` : "";
  return `${colors.bold(wrapped(pronounLead(audit)))}\n\n${tableOf(["Occupation", "Pairs", "Male − female"], rows)}${note}`;
}
