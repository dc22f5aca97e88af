// report.html: what was trained and how good it is, in one file that opens offline. Text from the data is escaped. What a
// task says of its own answers comes as sections.
import { type ComparedModel, comparisonTable } from "./comparison-table.js";
import { type Figure, loweredTitle, showFigure, showInterval } from "./figure.js";
import { breakable, Html, html, thousands } from "./html.js";
import { learningCurves, type TrainedEpochs } from "./learning-curves.js";
import { renderPage } from "./page.js";
import { qualityTime, type TimedModel } from "./quality-time.js";
import { style } from "./style.js";

export interface ModelPage {
  title: string;
  /** What was read, under the title. */
  source: string;
  /** The first sentences: what the model does and how well. */
  summary: Html;
  /** What the chosen threshold comes to. */
  decision?: { sentence: string };
  warnings: readonly string[];
  models: readonly (ComparedModel & TrainedEpochs & Pick<TimedModel, "secondsPerRow">)[];
  /** The one that the folder holds. */
  family: string;
  /** Its name, where it is not that of the family. */
  chosen?: string;
  /** What models were chosen by, where it was asked for. */
  metric?: Omit<Figure, "value" | "interval">;
  /** Of a search: why this one. */
  search?: { reason: string; moreRows?: { sentence: string } };
  baselines: readonly { name: string; figures: readonly Figure[] }[];
  /** Behind the comparison of the models. */
  sections: Html;
  rows: {
    training: number;
    validation: number;
    heldOut: number;
    skippedEmptyText: number;
    skippedEmptyLabel: number;
    sharedWithTest: number;
  };
  heldOutSource: string;
  choice?: { folds: number; rows: number };
  outOfFold?: { folds: number; rows: number; figures: readonly Figure[] };
  /** Columns that the rows were divided by. */
  split?: { group?: string; time?: string };
  /** More of the data: names and values. */
  data: readonly (readonly [name: string, value: string | Html])[];
  /** Names and values for the last section. */
  settings: readonly (readonly [name: string, value: string])[];
}

/** A whole HTML document. */
export function renderModelPage(page: ModelPage): string {
  const { title, source, summary, warnings, models, family, chosen = family, metric, baselines, sections } = page;
  const { rows, heldOutSource } = page;
  const [one, other] = models[0].figures;
  const judged = metric ?? one;
  const figures = `${one.title} and ${loweredTitle(other.title)}`;
  const body = html`<main>
<p class="soft small">${breakable(source)}</p>
<h1>${breakable(title)}</h1>
${summary}
${page.decision && html`<p>${page.decision.sentence}</p>`}
${warnings.map(
  (warning) => html`<p class="small"><span class="wrong">Note.</span> ${warning}</p>
`,
)}
<h2>Models compared</h2>
${
  page.search &&
  html`<p>${page.search.reason} ${page.search.moreRows?.sentence}</p>
`
}${comparisonTable(models, baselines, chosen, metric, page.choice)}
<p class="soft small">${figures} are measured on ${thousands(rows.heldOut)} held-out rows (${heldOutSource}), which
training never touched. Bars show the 95 % interval: where two overlap widely, the difference may be due to chance.
${page.choice ? `The choice is based on the ${page.choice.rows} other rows, in ${page.choice.folds} folds.` : "The choice is based on the validation rows alone."}</p>
${page.outOfFold && outOfFold(page.outOfFold)}
${sections}
${
  page.search &&
  qualityTime(
    models.map((model) => timed(model, judged)),
    chosen,
    judged,
  )
}${learningCurves(models)}
<h2>Data</h2>
${definitions([
  ["Training rows", thousands(rows.training)],
  ["Validation rows", thousands(rows.validation)],
  ["Held-out rows", `${thousands(rows.heldOut)} (${heldOutSource})`],
  ["Left out", `${rows.skippedEmptyText} without text, ${rows.skippedEmptyLabel} without label`],
  ...(rows.sharedWithTest > 0
    ? [["Left out of training", `${rows.sharedWithTest} with the text of a test row`] as const]
    : []),
  ...(page.split?.group === undefined ? [] : [["Kept together", `rows with the same ${page.split.group}`] as const]),
  ...(page.split?.time === undefined
    ? []
    : [["Divided by time", `${page.split.time}: the newest rows are held out`] as const]),
  ...page.data,
])}
<h2>Settings</h2>
${definitions(page.settings)}
</main>`;
  return renderPage({ title, style, body });
}

function outOfFold({ folds, rows, figures }: NonNullable<ModelPage["outOfFold"]>): Html {
  return html`<h2>Out-of-fold answers</h2>
<p class="soft small">Each of the ${thousands(rows)} training and validation rows, answered by a model of the same family that
learned from other rows (${folds} folds). Behind each figure, its 95 % interval.</p>
${definitions(
  figures.map(({ title, value, interval, isShare }) => [
    title,
    showFigure(value, isShare) + (interval ? ` (${showInterval(interval, isShare)})` : ""),
  ]),
)}`;
}

function timed(model: ModelPage["models"][number], { name }: Pick<Figure, "name">): TimedModel {
  const { family, name: own = family, validation, trainingSeconds, secondsPerRow } = model;
  return { name: own, value: validation[name], trainingSeconds, secondsPerRow };
}

function definitions(entries: readonly (readonly [string, string | Html])[]): Html {
  return html`<dl>${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value instanceof Html ? value : breakable(value)}</dd>`)}</dl>`;
}
