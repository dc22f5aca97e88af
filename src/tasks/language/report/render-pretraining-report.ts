// report.html of a language model: how the loss fell, and what it came to. One file that opens offline.
import { breakable, type Html, html } from "../../../report/html.js";
import { curveKeys } from "../../../report/learning-curves.js";
import { lineChart, type Point } from "../../../report/line-chart.js";
import { renderPage } from "../../../report/page.js";
import { style } from "../../../report/style.js";

export interface PretrainingReport {
  title: string;
  family: string;
  parameters: number;
  vocabSize: number;
  validation: { heldOut: string; loss?: number; perplexity?: number; bitsPerByte?: number };
  tokens: number;
  trainingTokens: number;
  seconds: number;
  history: readonly {
    step: number;
    trainingLoss: number;
    validationLoss?: number;
    seconds: number;
    sample?: string;
  }[];
  /** Names and values for the last section. */
  settings: readonly (readonly [name: string, value: string])[];
}

/** The last samples are shown, the others folded away. */
const shownSamples = 3;

/** A whole HTML document. */
export function renderPretrainingReport(report: PretrainingReport): string {
  const { title, family, parameters, vocabSize, validation, tokens, trainingTokens, seconds, history } = report;
  const number = (value: number) => value.toLocaleString("en");
  const { loss, perplexity, bitsPerByte, heldOut } = validation;
  const samples = history.filter(({ sample }) => sample !== undefined && sample.trim() !== "");
  const earlier = samples.slice(0, -shownSamples);
  const body = html`<main>
<h1>${breakable(title)}</h1>
<p class="lead">${loss === undefined ? "" : html`Loss <b>${loss.toFixed(3)}</b> nats per token on held-out text (${heldOut})`}${
    bitsPerByte !== undefined && perplexity !== undefined
      ? html`: a perplexity of <b>${perplexity.toFixed(1)}</b>, <b>${bitsPerByte.toFixed(3)}</b> bits per byte.`
      : "."
  }</p>
${
  history.length > 1 &&
  html`<h2>Loss</h2>
<p class="soft small">Nats per token over ${number(history[history.length - 1].step)} steps: ${curveKeys}.</p>
<figure>${chart(history)}</figure>`
}
${
  samples.length > 0 &&
  html`<h2>Samples during training</h2>
${samples.slice(-shownSamples).map(written)}${
  earlier.length > 0 &&
  html`<details><summary>${earlier.length} earlier ${earlier.length === 1 ? "sample" : "samples"}</summary>
${earlier.map(written)}</details>`
}`
}
<h2>The model</h2>
<dl>${definitions([
    ["Family", family],
    ["Parameters", number(parameters)],
    ["Vocabulary", `${number(vocabSize)} tokens`],
    ["Text", `${number(trainingTokens)} tokens; ${number(tokens)} processed in training`],
    [
      "Training time",
      `${(seconds / 60).toFixed(1)} minutes, ${number(Math.round(tokens / Math.max(seconds, 1e-9)))} tokens per second`,
    ],
    ...report.settings,
  ])}</dl>
</main>`;
  return renderPage({ title, style, body });
}

function written({ step, sample }: PretrainingReport["history"][number]): Html {
  return html`<div class="mistake"><div class="small">after step ${step.toLocaleString("en")}</div><blockquote dir="auto">${sample?.trim()}</blockquote></div>
`;
}

function definitions(entries: readonly (readonly [string, string])[]): Html[] {
  return entries.map(([name, value]) => html`<dt>${name}</dt><dd>${breakable(value)}</dd>`);
}

function chart(history: PretrainingReport["history"]): Html {
  const training = history.map(({ step, trainingLoss }): Point => [step, trainingLoss]);
  const validation = history.flatMap(({ step, validationLoss }): Point[] =>
    validationLoss === undefined ? [] : [[step, validationLoss]],
  );
  return lineChart({
    lines: [training, validation],
    ends: [`step ${history[0].step}`, history[history.length - 1].step.toLocaleString("en")],
    label: (value) => value.toFixed(1),
    height: 260,
    title: "Loss of training and validation by step",
  });
}
