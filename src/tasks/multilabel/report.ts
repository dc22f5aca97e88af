// The report's sections on a model of sets of labels.
import { clipped, type Html, html, percentText, thousands } from "../../report/html.js";
import { labelList, labelTable } from "../labels/label-table.js";
import type { ReportFacts, ReportSections } from "../task.js";
import { type SetMistake, worstSets } from "./mistakes.js";
import type { SetScores } from "./scores.js";
import { type SetSpace, speltSets } from "./space.js";

export function setReport(facts: ReportFacts<SetSpace, SetScores>): ReportSections {
  const { space, scores, family, heldOut, answers, labels, baselines } = facts;
  const { rows, exact, micro, microF1Interval, labelRanking, hammingLoss } = scores;
  const sets = speltSets(labels, space);
  const without = sets.filter(({ length }) => length === 0).length;
  const [always] = baselines;
  return {
    summary: html`<p class="lead">The <b>${family}</b> model reaches a micro F1 of <b>${percentText(micro.f1)}</b> on ${thousands(rows)} held-out rows,
with 95 % confidence between ${percentText(microF1Interval.low)} and ${percentText(microF1Interval.high)}: of the labels that it gives
${percentText(micro.precision)} are right, and it finds ${percentText(micro.recall)} of those that the rows have. Always giving
“${always.name.replace(/^always /, "")}” would reach ${percentText(always.figures[0].value)}.</p>
<p><b>${thousands(exact)}</b> rows (${percentText(exact / rows)}) get exactly their labels. Of all pairs of a row and a label,
${percentText(hammingLoss)} are wrong (Hamming loss); label ranking average precision is ${percentText(labelRanking)}.</p>`,
    sections: html`<h2>Averages</h2>
${averages(scores)}
<h2>Each label</h2>
${labelTable(scores.labels)}
${mistakeList(worstSets(heldOut.texts, heldOut.labels, answers, space))}`,
    data: [
      ["Labels", labelList(sets.flat())],
      ["Labels a row", (sets.flat().length / Math.max(1, sets.length)).toFixed(2)],
      ["Rows without a label", thousands(without)],
    ],
  };
}

function averages({ micro, macro, samples, ...scores }: SetScores): Html {
  const kinds = [
    ["Micro", micro, scores.microF1Interval],
    ["Macro", macro, scores.macroF1Interval],
    ["Samples", samples, scores.samplesF1Interval],
  ] as const;
  const rows = kinds.map(
    ([name, { precision, recall, f1 }, { low, high }]) => html`<tr><td>${name}</td>
<td class="number">${percentText(precision)}</td><td class="number">${percentText(recall)}</td><td class="number">${percentText(f1)}</td>
<td class="number">${(100 * low).toFixed(1)} – ${percentText(high)}</td></tr>
`,
  );
  return html`<p class="soft small">Micro: all labels of all rows together. Macro: every label counts the same. Samples: every row counts
the same.</p>
<div class="scroll"><table><thead><tr><th>Average</th><th class="number">Precision</th><th class="number">Recall</th>
<th class="number">F1</th><th class="number">95 %</th></tr></thead><tbody>
${rows}</tbody></table></div>`;
}

function mistakeList(mistakes: readonly SetMistake[]): Html {
  if (mistakes.length === 0) return html`<h2>Mistakes</h2><p>None on the held-out rows.</p>`;
  return html`<h2>The most confident mistakes</h2>
<p class="soft small">Labels that were given or left out with the greatest confidence, and wrongly: often the quickest way to find
wrong labels in the data and kinds of text missing from the training rows.</p>
${mistakes.map(
  ({ text, truth, predicted, label, kind, probability }) => html`<div class="mistake"><div class="small">
labelled ${set(truth, kind === "missing" ? label : undefined)}, predicted ${set(predicted, kind === "wrong" ? label : undefined)};
<span class="wrong">${label}</span> ${kind === "missing" ? "was left out" : "was given"} with ${percentText(probability)}</div>
<blockquote dir="auto">${clipped(text.trim(), 600)}</blockquote></div>
`,
)}`;
}

/** Labels with the one in question marked. */
function set(labels: readonly string[], marked: string | undefined): Html {
  if (labels.length === 0) return html`<b>nothing</b>`;
  return html`${labels.map(
    (label, i) =>
      html`${i > 0 && ", "}${label === marked ? html`<span class="wrong">${label}</span>` : html`<b>${label}</b>`}`,
  )}`;
}
