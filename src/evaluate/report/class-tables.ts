// Per label: precision, recall and F1, and which labels are taken for which.
import type { Scores } from "../comparison.js";
import { type Html, html, percent, shortened } from "./html.js";

/** More labels than this get a list of the most frequent confusions in place of the matrix. */
const largestMatrix = 20;
const longestList = 30;

export function classTable({ classes }: Scores): Html {
  const rows = classes.map(
    ({
      label,
      rows,
      precision,
      recall,
      f1,
    }) => html`<tr><td>${shortened(label, 200)}</td><td class="number">${rows}</td>
<td class="number">${percent(precision)}</td><td class="number">${percent(recall)}</td><td class="number">${percent(f1)}</td></tr>
`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Label</th><th class="number">Rows</th><th class="number">Precision</th>
<th class="number">Recall</th><th class="number">F1</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}

export function confusionTable(scores: Scores): Html {
  return scores.classes.length > largestMatrix ? confusionList(scores) : confusionMatrix(scores);
}

function confusionMatrix({ classes, confusion }: Scores): Html {
  const labels = classes.map(({ label }) => label);
  const counts = new Map(confusion.map(({ truth, predicted, rows }) => [JSON.stringify([truth, predicted]), rows]));
  const heads = labels.map((label) => html`<th>${shortened(label, 40)}</th>`);
  const rows = classes.map(({ label, rows: total }) => {
    const cells = labels.map((predicted) => {
      const count = counts.get(JSON.stringify([label, predicted])) ?? 0;
      const share = total > 0 ? count / total : 0;
      return html`<td style="background: rgba(var(--mark), ${(0.45 * share).toFixed(3)})">${count}</td>`;
    });
    return html`<tr><th>${shortened(label, 40)}</th>${cells}</tr>
`;
  });
  return html`<p class="soft small">Rows of the table: the true label. Columns: the model’s answer.</p>
<div class="scroll"><table class="confusion"><thead><tr><th></th>${heads}</tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function confusionList({ confusion }: Scores): Html {
  const wrong = confusion.filter(({ truth, predicted }) => truth !== predicted);
  const rows = wrong.slice(0, longestList).map(
    ({ truth, predicted, rows }) => html`<tr><td>${truth}</td><td>${predicted}</td><td class="number">${rows}</td></tr>
`,
  );
  return html`<p class="soft small">The ${Math.min(longestList, wrong.length)} most frequent confusions.</p>
<div class="scroll"><table><thead><tr><th>True label</th><th>Answer</th><th class="number">Rows</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}
