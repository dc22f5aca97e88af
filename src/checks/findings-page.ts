// The findings of a table as a page that is read offline.
import { packageVersion } from "../base/package-version.js";
import { loweredTitle, showFigure } from "../report/figure.js";
import { breakable, clipped, html, renderPage, style, thousands } from "../report/index.js";
import type { Finding, FindingExample } from "./finding.js";

export interface FindingsPage {
  /** The table as the user named it. */
  source: string;
  test?: string;
  rows: { training: number; test?: number };
  labels: readonly { label: string; rows: number }[];
  findings: readonly Finding[];
}

/** What tells such a page from others, in its first 2,000 characters. */
export const findingsMark = "columnist-check";

const labelsShown = 30;

/** A whole HTML document. */
export function renderFindings({ source, test, rows, labels, findings }: FindingsPage): string {
  const count =
    findings.length === 0
      ? "No check found anything"
      : findings.length === 1
        ? "1 finding"
        : `${findings.length} findings`;
  const body = html`<main>
<p class="soft small">${breakable(source)}${test !== undefined && html`, tested on ${breakable(test)}`}</p>
<h1>${count}</h1>
<p class="lead">${thousands(rows.training)} training rows${rows.test !== undefined && html`, ${thousands(rows.test)} test rows`}.
${findings.length > 1 && "What may cost most comes first."}</p>
${findings.map(findingSection)}
<h2>Labels</h2>
<div class="scroll"><table><thead><tr><th scope="col">Label</th><th scope="col" class="number">Rows</th></tr></thead><tbody>
${labels.slice(0, labelsShown).map(({ label, rows: own }) => html`<tr><td class="label">${breakable(label, 80)}</td><td class="number">${thousands(own)}</td></tr>`)}
</tbody></table></div>
${labels.length > labelsShown && html`<p class="soft small">and ${thousands(labels.length - labelsShown)} more</p>`}
</main>`;
  return renderPage({
    title: `Check of ${clipped(source, 100)}`,
    style,
    body,
    generator: `${findingsMark} ${packageVersion()}`,
  });
}

function findingSection({ kind, message, isEstimate, examples, effect, advice }: Finding) {
  return html`<h2>${message[0].toUpperCase()}${message.slice(1)}${isEstimate && " (estimated)"}</h2>
<p class="soft small">${kind}</p>
${examples.length > 0 && exampleTable(examples)}
${
  effect &&
  html`<p>A quick linear model: ${loweredTitle(effect.title)} ${showFigure(effect.with, effect.isShare)},
${effect.how} ${showFigure(effect.without, effect.isShare)}${
    effect.rows.with !== effect.rows.without && html` (${effect.rows.with} and ${effect.rows.without} rows)`
  }.</p>`
}
<p><strong>What to do.</strong> ${advice}.</p>
`;
}

function exampleTable(examples: readonly FindingExample[]) {
  const row = (place: string, text: string, label: string) =>
    html`<tr><td class="number">${place}</td><td>${text}</td><td class="label">${breakable(label, 80)}</td></tr>`;
  const where = ({ table, row: own }: { table: string; row: number }) => `${table === "test" ? "test " : ""}${own}`;
  return html`<div class="scroll"><table><thead><tr><th scope="col" class="number">Row</th><th scope="col">Text</th><th scope="col">Label</th></tr></thead><tbody>
${examples.map((one) => [row(where(one), one.text, one.label), ...(one.like ? [row(`= ${where(one.like)}`, one.like.text, one.like.label)] : [])])}
</tbody></table></div>`;
}
