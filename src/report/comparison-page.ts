// A comparison of models on the same rows as a page that is read offline.
import { bar, scaleOf, showRound } from "./comparison-table.js";
import { type Figure, showFigure, showInterval } from "./figure.js";
import { breakable, html, thousands } from "./html.js";
import { renderPage } from "./page.js";
import { style } from "./style.js";

export interface ComparisonPage {
  labelColumn: string;
  source: string;
  rows: number;
  group?: string;
  metric: Omit<Figure, "value" | "interval">;
  /** Best first. */
  models: readonly { model: string; family: string; value: number; interval: { low: number; high: number } }[];
  pairs: readonly {
    better: string;
    worse: string;
    difference: number;
    interval: { low: number; high: number };
    test: "mcnemar" | "bootstrap";
    probability: number;
    isShown: boolean;
    sentence: string;
  }[];
  warnings: readonly string[];
}

const space = "\u00a0";

/** A whole HTML document. */
export function renderComparisonPage(page: ComparisonPage): string {
  const { labelColumn, source, rows, group, metric, models, pairs, warnings } = page;
  const { title, isShare } = metric;
  const { from, to } = scaleOf(
    models.map(({ value, interval }) => ({ ...metric, value, interval })),
    [],
  );
  const x = (value: number) => 4 + ((value - from) / (to - from || 1)) * 212;
  const scale = isShare
    ? `${showRound(from, true)} to 100${space}%`
    : `${showRound(from, false)} to ${showRound(to, false)}`;
  const modelRows = models.map(
    (
      { model, family, value, interval },
      i,
    ) => html`<tr class="${i === 0 ? "chosen" : ""}"><td class="name">${breakable(model, 80)}</td>
<td data-name="Family">${family}</td><td class="number" data-name="${title}">${showFigure(value, isShare, space)}</td>
<td class="number" data-name="95 % interval">${showInterval(interval, isShare, space)}</td>
<td class="bar" data-name="${scale}">${bar({ ...metric, value }, interval, x)}</td></tr>
`,
  );
  const points = (value: number) => (isShare ? (100 * value).toFixed(1) : showFigure(value, false));
  const pairRows = pairs.map(
    ({
      better,
      worse,
      difference,
      interval,
      test,
      probability,
      isShown,
    }) => html`<tr class="${isShown ? "chosen" : ""}">
<td class="label">${breakable(better, 80)}</td><td class="label">${breakable(worse, 80)}</td>
<td class="number">${points(difference)}</td><td class="number">${points(interval.low)} to ${points(interval.high)}</td>
<td class="number">${showProbability(probability)}</td><td>${test === "mcnemar" ? "McNemar" : "bootstrap"}</td></tr>
`,
  );
  const body = html`<main>
<p class="soft small">${breakable(source)}</p>
<h1>${models.length} models compared by ${title} on ${breakable(labelColumn)}</h1>
${pairs.map(({ sentence, isShown }) => html`<p class="${isShown ? "lead" : ""}">${sentence}</p>`)}
${warnings.map((warning) => html`<p class="small"><span class="wrong">Note.</span> ${warning}</p>`)}
<h2>Models</h2>
<div class="scroll" tabindex="0"><table class="stacked"><thead><tr><th>Model</th><th>Family</th><th class="number">${title}</th>
<th class="number">95 % interval</th><th>${scale}</th></tr></thead><tbody>
${modelRows}</tbody></table></div>
<p class="soft small">Measured on the same ${thousands(rows)} rows${group !== undefined && html`, whose intervals are those of the values of ${breakable(group)}`}.
Intervals of two models may overlap although one is better: what is hard for one is hard for the other too. The differences below
take this into account.</p>
<h2>Differences</h2>
<div class="scroll" tabindex="0"><table class="pairs"><thead><tr><th>Better</th><th>Worse</th><th class="number">${isShare ? "Points" : title}</th>
<th class="number">95 % interval</th><th class="number">p</th><th>Test</th></tr></thead><tbody>
${pairRows}</tbody></table></div>
<p class="soft small">p: the probability of such a difference if there were none, corrected for ${pairs.length === 1 ? "one pair" : `${pairs.length} pairs`}
(Holm). Bold where it is below 0.05.</p>
</main>`;
  return renderPage({ title: `${title} of ${models.length} models`, style, body });
}

function showProbability(probability: number): string {
  return probability < 0.001 ? "< 0.001" : probability.toFixed(3);
}
