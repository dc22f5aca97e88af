// Figures one below the other, each with its interval and what it means.
import { type Figure, showFigure, showInterval } from "./figure.js";
import { type Html, html } from "./html.js";

const space = "\u00a0";

export function figureTable(figures: readonly (Figure & { meaning: string })[]): Html {
  const rows = figures.map(
    ({
      title,
      value,
      interval,
      isShare,
      meaning,
    }) => html`<tr><td>${title}</td><td class="number">${showFigure(value, isShare, space)}</td>
<td class="number">${interval && showInterval(interval, isShare, space)}</td><td class="soft">${meaning}</td></tr>
`,
  );
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>Figure</th><th class="number">Value</th><th class="number">95 %</th><th></th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}
