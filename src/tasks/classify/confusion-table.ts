// Which labels are taken for which.
import { breakable, clipped, type Html, html, percentText, thousands } from "../../report/html.js";
import type { ClassificationScores } from "./scores.js";

/** More labels than this get a list of the most frequent confusions in place of the matrix. */
const largestMatrix = 20;
const longestList = 25;
/** With more labels the heads of the matrix stand upright. */
const widestHeads = 8;

export function confusionTable(scores: ClassificationScores): Html {
  return scores.classes.length > largestMatrix ? confusionList(scores) : confusionMatrix(scores);
}

function confusionMatrix({ classes, confusion }: ClassificationScores): Html {
  const labels = classes.map(({ label }) => label);
  const counts = new Map(confusion.map(({ truth, predicted, rows }) => [JSON.stringify([truth, predicted]), rows]));
  const heads = labels.map((label) => html`<th scope="col"><span>${clipped(label, 24)}</span></th>`);
  const rows = classes.map(({ label, rows: total }) => {
    const cells = labels.map((predicted) => {
      const count = counts.get(JSON.stringify([label, predicted])) ?? 0;
      const share = total > 0 ? count / total : 0;
      if (count === 0) return html`<td class="none">0</td>`;
      return html`<td style="background: rgba(var(--mark), ${(0.45 * share).toFixed(3)})">${count}</td>`;
    });
    return html`<tr><th scope="row">${breakable(label, 40)}</th>${cells}</tr>
`;
  });
  return html`<p class="soft small">Rows: true label. Columns: predicted label.</p>
<div class="scroll" tabindex="0"><table class="confusion ${labels.length > widestHeads && "narrow"}"><thead><tr><th></th>${heads}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function confusionList({ classes, confusion }: ClassificationScores): Html {
  const wrong = confusion.filter(({ truth, predicted }) => truth !== predicted);
  if (wrong.length === 0) return html`<p>Every held-out row is predicted correctly.</p>`;
  const totals = new Map(classes.map(({ label, rows }) => [label, rows]));
  const rows = wrong.slice(0, longestList).map(({ truth, predicted, rows }) => {
    const total = totals.get(truth) ?? rows;
    return html`<tr><td class="label">${breakable(truth, 100)}</td><td class="label">${breakable(predicted, 100)}</td>
<td class="number">${rows} of ${thousands(total)}</td><td class="number">${percentText(rows / total)}</td></tr>
`;
  });
  const shown = Math.min(longestList, wrong.length);
  return html`<p class="soft small">The ${shown} most frequent confusions${wrong.length > shown && ` of ${thousands(wrong.length)}`}, with their share of the true label’s rows.</p>
<div class="scroll"><table class="pairs"><thead><tr><th>True label</th><th>Predicted</th><th class="number">Rows</th><th class="number">Share</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}
