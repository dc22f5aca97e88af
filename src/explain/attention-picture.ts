// Attention as a picture: each word's row shows which words it looks at. The page's script shows another layer or head.
import { clipped, type Html, html } from "../report/index.js";
import type { WordAttention } from "./method.js";

const cell = 18;
const room = 120;
const longestName = 14;

export function attentionPicture(words: readonly string[], { rollOut, layers }: WordAttention): Html {
  const size = room + cell * words.length;
  const names = words.map((word) => clipped(word, longestName));
  const middle = (i: number) => room + cell * (i + 0.7);
  const cells = words.map((_, row) =>
    words.map(
      (_, column) =>
        html`<rect x="${room + cell * column}" y="${room + cell * row}" width="${cell - 1}" height="${cell - 1}" fill-opacity="${opacity(rollOut[row * words.length + column])}"/>`,
    ),
  );
  return html`<h2>Where it looks</h2>
<p>Each row is a word, and the darker a field, the more it looks at the word of the column. This says what is mixed into what, not what
speaks for the answer.</p>
<p><label>Layer and head <select id="head"><option value="">all layers (roll-out)</option>
${layers.map((heads, layer) => heads.map((_, head) => html`<option value="${layer} ${head}">layer ${layer + 1}, head ${head + 1}</option>`))}</select></label></p>
<div class="scroll" tabindex="0"><svg class="picture" id="picture" width="${size}" height="${size}" style="max-width:none" role="img" aria-label="Attention between the words of the text">
${names.map((name, i) => html`<text x="${room - 6}" y="${middle(i)}" text-anchor="end">${name}</text><text transform="translate(${middle(i)} ${room - 6}) rotate(-90)">${name}</text>`)}
${cells}</svg></div>`;
}

/** Small weights are told apart better. */
const opacity = (weight: number) => Math.min(1, Math.sqrt(weight)).toFixed(2);

export const attentionScript = `"use strict";
const data = JSON.parse(document.getElementById("attention").textContent);
const cells = document.querySelectorAll("#picture rect");
document.getElementById("head").addEventListener("change", ({ target: { value } }) => {
  const [layer, head] = value.split(" ").map(Number);
  const weights = value === "" ? data.rollOut : data.layers[layer][head];
  cells.forEach((cell, i) => cell.setAttribute("fill-opacity", Math.min(1, Math.sqrt(weights[i] / 100)).toFixed(2)));
});
`;
