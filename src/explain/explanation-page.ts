// Explanations as a page that is read offline: texts with coloured words, what drives the labels, attention as a picture.
import { packageVersion } from "../base/package-version.js";
import {
  breakable,
  clipped,
  Html,
  html,
  jsonBlock,
  percentText,
  renderPage,
  style,
  thousands,
} from "../report/index.js";
import { attentionPicture, attentionScript } from "./attention-picture.js";
import type { DrivingTerm, DrivingTerms } from "./driving-words.js";
import type { Explanation, WordShare } from "./explain-rows.js";
import type { NearRow } from "./nearest-rows.js";
import type { Trust } from "./trust.js";
import { trustSentences } from "./trust-sentences.js";

export interface ExplanationsPage {
  model: string;
  /** The table, where the texts come from one. */
  source?: string;
  method: string;
  how: string;
  unit: string;
  explanations: readonly Explanation[];
  trust?: Trust;
  global?: readonly DrivingTerms[];
  nearest?: { for: readonly NearRow[]; against: readonly NearRow[] };
  change?: { words: readonly { word: string }[]; text: string; answer: object } | null;
}

/** A whole HTML document. */
export function renderExplanations(page: ExplanationsPage): string {
  const { model, source, how, unit, explanations, trust, global, nearest, change } = page;
  const [first] = explanations;
  const isOne = source === undefined && first !== undefined;
  const title = isOne ? `Why ${headOf(first)}` : `Why ${clipped(model, 60)} answers as it does`;
  const attention = isOne ? first.attention : undefined;
  const body = html`<main>
<p class="soft small">${breakable(model)}${source !== undefined && html`, ${breakable(source)}`}</p>
<h1>${breakable(title, 200)}</h1>
<p>A word's share of the ${unit}: by ${how}. ${
    page.method === "attention"
      ? "The bluer a word, the more it is looked at."
      : html`<mark class="for">Blue</mark> words speak for the answer, <mark class="against">red</mark> ones against it.`
  }</p>
${isOne ? textSection(first) : global?.map(drivingSection)}
${isOne && change !== undefined && changeSection(change)}
${isOne && nearest && nearestSection(nearest)}
${
  attention &&
  attentionPicture(
    first.words.slice(0, attention.words).map(({ word }) => word),
    attention,
  )
}
${trust && html`<h2>How far to trust this</h2>\n${trustSentences(trust).map((sentence) => html`<p>${sentence}</p>`)}`}
${!isOne && explanations.length > 0 && html`<h2>${explanations.length === 1 ? "The first row" : `The first ${thousands(explanations.length)} rows`}</h2>\n${explanations.map(rowSection)}`}
</main>${attention && jsonBlock("attention", pictured(attention))}`;
  return renderPage({
    title: clipped(title, 100),
    style: new Html(style.source + ownStyle),
    body,
    generator: `columnist-explain ${packageVersion()}`,
    ...(attention && { script: attentionScript }),
  });
}

const ownStyle = `
mark { color: inherit; background: none; border-radius: 3px; padding: 0 .1em; }
mark.for { background: rgba(var(--mark), var(--part)); }
mark.against { background: color-mix(in srgb, var(--wrong) calc(100% * var(--part)), transparent); }
.told { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 1.1rem; line-height: 1.9; max-width: none; }
.picture rect { fill: var(--accent); }
.picture text { fill: var(--ink); font: 12px system-ui, sans-serif; }
label select { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .2rem .4rem; }
`;

function headOf({ target, against, answer }: Explanation): string {
  const { value } = answer as { value?: number };
  if (value !== undefined) return `${target} is ${value}`;
  return against === undefined ? target : `${target} rather than ${against}`;
}

const strongestShown = 25;

function textSection(explanation: Explanation): Html {
  const { words, score, base } = explanation;
  const order = [...words].sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  return html`<p class="told">${coloured(explanation)}</p>
${base !== undefined && html`<p class="soft small">${score.toFixed(3)} = ${base.toFixed(3)} for a text without its words + the shares of the words</p>`}
<h2>Words</h2>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Word</th><th scope="col" class="number">Share</th></tr></thead><tbody>
${order.slice(0, strongestShown).map(({ word, share }) => html`<tr><td class="label">${breakable(word, 60)}</td><td class="number">${signed(share)}</td></tr>\n`)}
</tbody></table></div>
${order.length > strongestShown && html`<p class="soft small">and ${thousands(order.length - strongestShown)} more</p>`}`;
}

function rowSection(explanation: Explanation): Html {
  return html`<div class="mistake"><p class="small soft">${breakable(headOf(explanation), 100)}</p>
<blockquote>${coloured(explanation)}</blockquote></div>
`;
}

/** The strongest of a text has the full colour; weak ones have none. */
function coloured({ text, words }: Explanation): Html[] {
  const most = words.reduce((largest, { share }) => Math.max(largest, Math.abs(share)), Number.MIN_VALUE);
  let at = 0;
  const parts = words.map(({ start, end, share }: WordShare) => {
    const part = Math.abs(share) / most;
    const before = text.slice(at, start);
    at = end;
    const word = text.slice(start, end);
    if (part < 0.05) return html`${before}${word}`;
    return html`${before}<mark class="${share > 0 ? "for" : "against"}" style="--part:${(0.5 * part).toFixed(2)}" title="${signed(share)}">${word}</mark>`;
  });
  return [...parts, html`${text.slice(at)}`];
}

function drivingSection({ target, rows, for: speaking, against }: DrivingTerms): Html {
  const table = (
    terms: readonly DrivingTerm[],
  ) => html`<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Words</th>
<th scope="col" class="number">Mean share</th><th scope="col" class="number">95 % interval</th><th scope="col" class="number">Rows</th></tr></thead><tbody>
${terms.map(({ term, mean, interval, rows: own }) => html`<tr><td class="label">${breakable(term, 60)}</td><td class="number">${signed(mean)}</td><td class="number">${signed(interval.low)} to ${signed(interval.high)}</td><td class="number">${thousands(own)}</td></tr>\n`)}
</tbody></table></div>`;
  return html`<h2>What drives ${breakable(target, 80)}</h2>
<p class="soft small">${thousands(rows)} rows with this answer; words in five of them or more, the most driving first.</p>
${speaking.length > 0 ? table(speaking) : html`<p>No words speak for it in enough rows.</p>`}
${against.length > 0 && html`<details><summary>What speaks against it</summary>${table(against)}</details>`}`;
}

function changeSection(change: NonNullable<ExplanationsPage["change"]> | null): Html {
  if (change === null)
    return html`<h2>What would turn the answer</h2><p>No few words whose absence turns it were found.</p>`;
  const { label, labels } = change.answer as { label?: string; labels?: string[] };
  return html`<h2>What would turn the answer</h2>
<p>Without ${change.words.map(({ word }, i) => html`${i > 0 && ", "}<strong>${word}</strong>`)} it is ${label ?? (labels?.join(", ") || "no label")}.</p>`;
}

function nearestSection({ for: alike, against }: NonNullable<ExplanationsPage["nearest"]>): Html {
  const list = (rows: readonly NearRow[]) =>
    rows.map(
      ({
        text,
        label,
        similarity,
      }) => html`<div class="mistake"><p class="small soft">${breakable(label, 80)}, ${percentText(similarity)} alike</p>
<blockquote>${clipped(text, 600)}</blockquote></div>
`,
    );
  return html`<h2>Training rows that are most like it to the model</h2>
<p class="soft small">By the cosine of what the last layer reads. They show what the model takes for alike, not what it learned the answer from.</p>
${list(alike)}
${against.length > 0 && html`<details><summary>With another label</summary>${list(against)}</details>`}`;
}

/** Weights in hundredths. */
function pictured({ rollOut, layers }: NonNullable<Explanation["attention"]>) {
  const rounded = (weights: readonly number[]) => weights.map((weight) => Math.round(100 * weight));
  return { rollOut: rounded(rollOut), layers: layers.map((heads) => heads.map(rounded)) };
}

const signed = (share: number) => `${share < 0 ? "−" : "+"}${Math.abs(share).toFixed(3)}`;
