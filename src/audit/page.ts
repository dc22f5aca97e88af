// An audit as a page that is read offline.
import { packageVersion } from "../base/package-version.js";
import { breakable, clipped, type Html, html, renderPage, style, thousands } from "../report/index.js";
import type { AssociationAudit } from "./associations.js";
import type { ColumnAudit } from "./by-groups.js";
import type { SwapAudit } from "./by-swaps.js";
import { groupSections } from "./group-sections.js";
import type { PronounAudit, StereotypeScore } from "./sentence-scores.js";
import { associationSection, pronounSection, stereotypeSection } from "./sentence-sections.js";
import { gapLead } from "./sentences.js";
import { swapSections } from "./swap-sections.js";

export interface AuditPage {
  model: string;
  /** What the model answers. */
  output: string;
  source?: string;
  rows: number;
  columns?: readonly ColumnAudit[];
  swaps?: readonly SwapAudit[];
  associations?: AssociationAudit;
  stereotypes?: readonly StereotypeScore[];
  pronouns?: PronounAudit;
  warnings: readonly string[];
}

/** What no figure of an audit can tell. */
const limits = [
  "A gap in predictions may come from the rows: groups may really differ in what is predicted, and labels may carry the judgement of those who gave them. Error rates take the labels for the truth.",
  "No gap that is larger than chance is not the same as no gap: the interval says how large it may still be. Groups of few rows can show nothing.",
  "Exchanged words show what an answer hangs on, as far as a list has the words: people are described by more than those. Lists are English, and a list of names says how names are taken, not who bears them.",
  "Associations of words and preferences for sentences depend much on which words and sentences are asked, and say little of what a model does with other texts.",
  "Groups that the table does not name are not looked at, nor what happens after the prediction.",
  "Demographic parity, equal error rates and calibration cannot all hold where groups differ in how many rows have the label: which one matters is for people to decide.",
];

/** A whole HTML document. */
export function renderAudit(page: AuditPage): string {
  const { model, output, source, rows, columns = [], swaps = [], associations, stereotypes, pronouns, warnings } = page;
  const gaps = columns.flatMap((column) => column.gaps);
  const body = html`<main>
<p class="soft small">${breakable(model)}${source !== undefined && html` on ${breakable(source)}`}</p>
<h1>Audit of ${breakable(clipped(model, 100))}</h1>
<p class="soft">${output}${rows > 0 && html`; ${thousands(rows)} rows`}</p>
${gaps.length > 0 && html`<p class="lead">${gapLead(gaps)}</p>`}
${warnings.map((warning) => html`<p class="small"><span class="wrong">Note.</span> ${warning}</p>`)}
${columns.map(groupSections)}
${swaps.map(swapSections)}
${associations && associationSection(associations)}
${stereotypes && stereotypeSection(stereotypes)}
${pronouns && pronounSection(pronouns)}
${listOf("What these figures cannot tell", limits)}
</main>`;
  return renderPage({
    title: `Audit of ${clipped(model, 100)}`,
    style,
    body,
    generator: `columnist-audit ${packageVersion()}`,
  });
}

function listOf(title: string, items: readonly string[]): Html {
  return html`<h2>${title}</h2>
<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}
