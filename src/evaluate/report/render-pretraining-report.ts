// report.html of a language model: how the loss fell, and what it came to. One file that opens offline.
import { type Html, html } from "./html.js";
import { style } from "./style.js";

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

/** A whole HTML document. */
export function renderPretrainingReport(report: PretrainingReport): string {
  const { title, family, parameters, vocabSize, validation, tokens, trainingTokens, seconds, history } = report;
  const number = (value: number) => value.toLocaleString("en");
  const { loss, perplexity, bitsPerByte, heldOut } = validation;
  const samples = history.filter(({ sample }) => sample !== undefined);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head><body><main>
<h1>${title}</h1>
<p class="lead">${loss === undefined ? "" : html`Loss <b>${loss.toFixed(3)}</b> nats a token on text that training never saw (${heldOut})`}${
    bitsPerByte !== undefined && perplexity !== undefined
      ? html`: a perplexity of <b>${perplexity.toFixed(1)}</b>, <b>${bitsPerByte.toFixed(3)}</b> bits per byte.`
      : "."
  }</p>
${
  history.length > 1 &&
  html`<h2>How the loss fell</h2>
<p class="soft small">Training as a line, validation dashed, over ${number(history[history.length - 1].step)} steps.</p>
<figure>${chart(history)}</figure>`
}
${
  samples.length > 0 &&
  html`<h2>What it wrote</h2>${samples.map(
    ({
      step,
      sample,
    }) => html`<div class="mistake"><div class="small">after step ${number(step)}</div><blockquote dir="auto">${sample}</blockquote></div>
`,
  )}`
}
<h2>The model</h2>
<dl>${definitions([
    ["Family", family],
    ["Numbers learned", number(parameters)],
    ["Vocabulary", `${number(vocabSize)} tokens`],
    ["Text", `${number(trainingTokens)} tokens; ${number(tokens)} were read in training`],
    [
      "Training time",
      `${(seconds / 60).toFixed(1)} minutes, ${number(Math.round(tokens / Math.max(seconds, 1e-9)))} tokens a second`,
    ],
    ...report.settings,
  ])}</dl>
</main></body></html>
`;
  return page.source;
}

function definitions(entries: readonly (readonly [string, string])[]): Html[] {
  return entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
}

const [width, height, left, bottom] = [640, 280, 46, 24];

function chart(history: PretrainingReport["history"]): Html {
  const values = history.flatMap(({ trainingLoss, validationLoss }) => [trainingLoss, validationLoss ?? trainingLoss]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const last = history[history.length - 1].step;
  const x = (step: number) => (left + ((width - left - 8) * step) / last).toFixed(1);
  const y = (value: number) => (8 + (height - bottom - 14) * (1 - (value - low) / (high - low || 1))).toFixed(1);
  const line = (points: readonly (readonly [number, number])[]) =>
    points.map(([step, value]) => `${x(step)},${y(value)}`).join(" ");
  const training = history.map(({ step, trainingLoss }) => [step, trainingLoss] as const);
  const validation = history.flatMap(({ step, validationLoss }) =>
    validationLoss === undefined ? [] : [[step, validationLoss] as const],
  );
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<line class="axis" x1="${left}" x2="${left}" y1="4" y2="${height - bottom}"/><line class="axis" x1="${left}" x2="${width - 4}" y1="${height - bottom}" y2="${height - bottom}"/>
<text x="${left - 4}" y="${Number(y(high)) + 4}" text-anchor="end">${high.toFixed(2)}</text><text x="${left - 4}" y="${Number(y(low)) + 4}" text-anchor="end">${low.toFixed(2)}</text>
<text x="${left}" y="${height - 6}">step 0</text><text x="${width - 8}" y="${height - 6}" text-anchor="end">${last}</text>
<polyline class="curve" points="${line(training)}"/><polyline class="curve second" points="${line(validation)}"/></svg>`;
}
