// Associations and sentences on the page of an audit.
import { showFigure, showInterval } from "../report/figure.js";
import { breakable, type Html, html, thousands } from "../report/index.js";
import type { AssociationAudit } from "./associations.js";
import type { PronounAudit, StereotypeScore } from "./sentence-scores.js";
import { associationLead, pronounLead, stereotypeLead } from "./sentences.js";

const space = "\u00a0";
const shown = (probability: number) => (probability < 0.001 ? "< 0.001" : probability.toFixed(3));
const scroll = (head: Html, rows: readonly Html[]) =>
  html`<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>
${rows}</tbody></table></div>`;

export function associationSection(audit: AssociationAudit): Html {
  const rows = audit.tests.map(
    ({ x, y, a, b, form, effect, range, probability, isShown, missing }) => html`<tr class="${isShown ? "chosen" : ""}">
<td class="label">${breakable(x, 40)} / ${breakable(y, 40)}</td><td class="label">${breakable(a, 40)} / ${breakable(b, 40)}</td><td>${form}</td>
<td class="number">${effect.toFixed(2)}</td><td class="number">${range.low.toFixed(2)} to ${range.high.toFixed(2)}</td>
<td class="number">${shown(probability)}</td><td class="number">${missing.length}</td></tr>
`,
  );
  const head = html`<th>Sets</th><th>By</th><th>Given as</th><th class="number">Effect</th><th class="number">Without any one word</th>
<th class="number">p</th><th class="number">Missing words</th>`;
  return html`<h2>Associations of words</h2>
<p>${associationLead(audit)}</p>
${scroll(head, rows)}
<p class="soft small">Effect: from −2 to 2; above 0 where the first set is nearer to the first of the other two, and the second to the second (WEAT, Caliskan
et al. 2017; in sentences SEAT, May et al. 2019). p by permutation, corrected for all tests (Holm). Bold where it is below 0.05.</p>
${audit.leftOut.length > 0 && html`<p class="soft small">Left out, as most of their words have no vector: ${audit.leftOut.join("; ")}.</p>`}`;
}

export function stereotypeSection(scores: readonly StereotypeScore[]): Html {
  const rows = scores.map(
    ({
      kind,
      pairs,
      share,
      interval,
      probability,
      isShown,
    }) => html`<tr class="${isShown ? "chosen" : ""}"><td class="label">${breakable(kind, 60)}</td>
<td class="number">${thousands(pairs)}</td><td class="number">${showFigure(share, true, space)}</td>
<td class="number">${showInterval(interval, true, space)}</td><td class="number">${shown(probability)}</td></tr>
`,
  );
  const head = html`<th>Kind</th><th class="number">Pairs</th><th class="number">Stereotype preferred</th><th class="number">95 %</th><th class="number">p</th>`;
  return html`<h2>Pairs of sentences</h2>
<p>${stereotypeLead(scores)}</p>
${scroll(head, rows)}
<p class="soft small">p: of a share so far from a half, corrected for the number of kinds (Holm). Bold where it is below 0.05.</p>`;
}

export function pronounSection(audit: PronounAudit): Html {
  const rows = audit.occupations.map(
    ({ occupation, sentences, difference }) => html`<tr><td class="label">${breakable(occupation, 60)}</td>
<td class="number">${thousands(sentences)}</td><td class="number">${difference.toFixed(2)}</td></tr>
`,
  );
  const head = html`<th>Occupation</th><th class="number">Pairs</th><th class="number">Male − female (nats)</th>`;
  return html`<h2>Pronouns</h2>
<p>${pronounLead(audit)}</p>
${scroll(head, rows)}`;
}
