// Labels in a report: precision, recall and F1 of each, and their rows.
import { breakable, type Html, html, percentText, thousands } from "../../report/html.js";

export interface LabelScores {
  label: string;
  /** That have it. */
  rows: number;
  precision: number;
  recall: number;
  f1: number;
}

const shortTable = 20;
const longestList = 25;

/** Where labels are many, the ones that need work come first and the others are folded away. */
export function labelTable(labels: readonly LabelScores[]): Html {
  if (labels.length <= shortTable) return tableOf(labels);
  const worstFirst = [...labels].sort((a, b) => a.f1 - b.f1);
  const rest = worstFirst.length - longestList;
  return html`<p class="soft small">Lowest F1 first.</p>
${tableOf(worstFirst.slice(0, longestList))}${
  rest > 0 &&
  html`<details><summary>${rest} more ${rest === 1 ? "label" : "labels"}, all with an F1 of at least ${percentText(worstFirst[longestList].f1)}</summary>
${tableOf(worstFirst.slice(longestList))}</details>`
}`;
}

function tableOf(labels: readonly LabelScores[]): Html {
  const rows = labels.map(
    ({
      label,
      rows,
      precision,
      recall,
      f1,
    }) => html`<tr><td class="label">${breakable(label, 200)}</td><td class="number">${thousands(rows)}</td>
<td class="number">${percentText(precision)}</td><td class="number">${percentText(recall)}</td>
<td class="number share" style="background-size: ${(100 * f1).toFixed(1)}% 3px">${percentText(f1)}</td></tr>
`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Label</th><th class="number">Rows</th><th class="number">Precision</th>
<th class="number">Recall</th><th class="number">F1</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}

/** "spam (12), ham (3) and 7 more": rows of each label, the most frequent ones. */
export function labelList(labels: readonly string[]): Html {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const shown = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 40);
  const rest = counts.size - shown.length;
  return breakable(
    shown.map(([label, rows]) => `${label} (${rows})`).join(", ") + (rest > 0 ? ` and ${rest} more` : ""),
  );
}
