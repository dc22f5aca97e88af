// Exchanged words on the page of an audit.
import { showFigure, showInterval, showNumber } from "../report/figure.js";
import { breakable, type Html, html, thousands } from "../report/index.js";
import type { GroupSwap, SwapAudit, WordSwap } from "./by-swaps.js";
import { swapLead } from "./sentences.js";

const space = "\u00a0";

export function swapSections(audit: SwapAudit): Html {
  const { list, source, swaps, words, areShares } = audit;
  const inRows = swaps.filter(({ where }) => where === "rows");
  const around = swaps.filter(({ where }) => where === "sentences");
  return html`<h2>Words exchanged: ${breakable(list, 80)}</h2>
<p>${swapLead(audit)}</p>
${inRows.length > 0 && swapTable("In the rows", inRows, areShares)}
${swapTable("In sentences around rows", around, areShares)}
${words.length > 0 && wordTable(words, areShares)}
<p class="soft small">Words: ${source}. Shift: what the answer moves by on average with words of the second group rather than of the first.
p: of so large a shift if its direction were chance, corrected for all swaps of the list (Holm). Bold where it is below 0.05 and, of a single word or a few, the shift is more than small.</p>`;
}

function swapTable(title: string, swaps: readonly GroupSwap[], areShares: boolean): Html {
  const rows = swaps.map(
    (swap) =>
      html`<tr class="${swap.isShown ? "chosen" : ""}"><td class="label">${breakable(swap.second, 40)} rather than ${breakable(swap.first, 40)}</td>${cells(swap, areShares)}</tr>\n`,
  );
  return table(title, swaps[0], rows);
}

function wordTable(words: readonly WordSwap[], areShares: boolean): Html {
  const rows = words.map(
    (word) =>
      html`<tr class="${word.isShown ? "chosen" : ""}"><td class="label">${breakable(word.word, 40)} <span class="soft">(${breakable(word.group, 40)})</span></td>${cells(word, areShares)}</tr>\n`,
  );
  return table("Words, rather than their counterparts", words[0], rows);
}

function table(title: string, { flips }: GroupSwap | WordSwap, rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>${title}</th><th class="number">Texts</th>
${flips && html`<th class="number">Answers that change</th><th class="number">95 %</th>`}<th>Of</th><th class="number">Shift</th><th class="number">95 %</th>
<th class="number">p</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function cells({ texts, flips, column, shift, interval, probability }: GroupSwap | WordSwap, areShares: boolean): Html {
  const show = (value: number) => (areShares ? (100 * value).toFixed(1) : showNumber(value));
  return html`<td class="number">${thousands(texts)}</td>
${flips && html`<td class="number">${showFigure(flips.share, true, space)}</td><td class="number">${showInterval(flips.interval, true, space)}</td>`}
<td class="label">${breakable(column, 40)}</td><td class="number">${show(shift)}</td><td class="number">${show(interval.low)} to ${show(interval.high)}</td>
<td class="number">${probability < 0.001 ? "< 0.001" : probability.toFixed(3)}</td>`;
}
