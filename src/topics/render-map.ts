// The map as one HTML file that needs no network: rows as dots on a canvas, moved and zoomed by mouse, finger or keys.
import { Html, html, jsonBlock, renderPage } from "../report/index.js";
import { mapScript } from "./map-script.js";

export interface MapColumn {
  name: string;
  /** A value for each dot. */
  values: readonly (string | null)[];
  /** What is told of a value when it is chosen. */
  details?: ReadonlyMap<string, MapDetail>;
}

export interface MapDetail {
  /** What stands on the map in place of the value. */
  short: string;
  examples: readonly string[];
  /** Shares of it in the groups of `MapPage.by`, from 0 to 1. */
  shares?: readonly (readonly [group: string, share: number])[];
}

export interface MapPage {
  title: string;
  texts: readonly string[];
  /** x and y of each dot, side by side. */
  places: Float64Array;
  /** What dots can be coloured by; the first one is shown at the start. */
  columns: readonly MapColumn[];
  /** The column that shares are by. */
  by?: string;
}

const longestText = 240;
const longestName = 28;
const mostValues = 200;

/** Stands near the beginning of every map, by which one is known that may be replaced. */
export const mapMark = '<meta name="generator" content="columnist topics">';

/**
 * @example
 * writeFileSync("topics.html", renderMap({ title: "tickets.csv", texts, places, columns }));
 */
export function renderMap({ title, texts, places, columns, by }: MapPage): string {
  const data = {
    texts: texts.map((text) => cut(text, longestText)),
    places: Array.from(drawnIn(places), (value) => Math.round(value * 1000) / 1000),
    columns: columns.map(described),
    by,
  };
  const body = html`<main><canvas id="map" tabindex="0" role="img" aria-label="Map of the rows: dots near each other are similar. Arrow keys move the map, + and - zoom, 0 shows everything. The list of topics gives the same information in words."></canvas>
<div id="tools"><button id="closer" type="button" aria-label="Zoom in">+</button><button id="farther" type="button" aria-label="Zoom out">−</button><button id="whole" type="button" aria-label="Show all">⤢</button></div></main>
<aside><h1>${title}</h1><label>Colour by <select id="by"></select></label>
<input id="find" type="search" placeholder="Find words in rows" aria-label="Find words in rows">
<p id="count" role="status"></p><section id="detail" aria-live="polite" hidden></section><ol id="legend"></ol></aside>
<div id="tip" hidden></div>
${jsonBlock("data", data)}`;
  return renderPage({ title, style, body, script: mapScript, generator: "columnist topics" });
}

/** Dots within these quantiles of an axis, and a tenth as far again on either side, stay where they are. */
const quantiles = [0.02, 0.98];
/** Those beyond are drawn in towards the edge, so that a few outliers do not shrink the cloud: at most by so much of its width. */
const rim = 0.1;

function drawnIn(places: Float64Array): Float64Array {
  const drawn = places.slice();
  for (const axis of [0, 1]) {
    const values = places.filter((_, i) => i % 2 === axis).sort();
    if (values.length === 0) continue;
    const [low, high] = quantiles.map((quantile) => values[Math.round(quantile * (values.length - 1))]);
    const margin = (high - low) / 10;
    const edge = rim * (high - low) || 1;
    for (let i = axis; i < drawn.length; i += 2) {
      const over = Math.max(0, drawn[i] - high - margin) - Math.max(0, low - margin - drawn[i]);
      drawn[i] += edge * Math.tanh(over / edge) - over;
    }
  }
  return drawn;
}

/** Values as numbers of a list, most frequent first; the rarest ones become one. */
function described({ name, values, details }: MapColumn) {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const order = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, mostValues);
  const ids = new Map(order.map(([value], id) => [value, id]));
  return {
    name,
    names: order.map(([value]) => cut(value, longestText)),
    short: order.map(([value]) => cut(details?.get(value)?.short ?? value, longestName)),
    counts: order.map(([, count]) => count),
    of: values.map((value) => (value === null ? -1 : (ids.get(value) ?? -1))),
    details: details && order.map(([value]) => detailOf(details.get(value))),
  };
}

function detailOf(detail: MapDetail | undefined) {
  if (!detail) return null;
  return { examples: detail.examples.map((text) => cut(text, longestText)), shares: detail.shares };
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${[...text].slice(0, longest).join("")}…` : text;
}

const style = new Html(`
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5d6670; --line: #dfe3e8; --paper: #fff; --panel: #f6f8fa;
  --mark: #3b6fd4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --soft: #9aa4af; --line: #343b44; --paper: #14181d;
  --panel: #1c2229; --mark: #7aa5ff; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; display: grid;
  grid-template: 100% / minmax(0, 1fr) 21rem; overflow: hidden; }
main { position: relative; min-width: 0; min-height: 0; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; cursor: grab; touch-action: none; }
canvas:active { cursor: grabbing; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: -2px; }
#tools { position: absolute; left: .75rem; top: .75rem; display: flex; flex-direction: column; border: 1px solid var(--line);
  border-radius: 6px; overflow: hidden; background: var(--panel); }
#tools button { width: 2.25rem; height: 2.25rem; border: 0; background: none; color: inherit; font: 1.1rem/1 system-ui, sans-serif;
  cursor: pointer; }
#tools button + button { border-top: 1px solid var(--line); }
#tools button:hover { background: var(--line); }
aside { min-width: 0; min-height: 0; padding: 1rem; overflow: auto; background: var(--panel); border-left: 1px solid var(--line); }
h1 { font-size: 1rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
label, input { display: block; width: 100%; margin-bottom: .5rem; }
select, input { font: inherit; padding: .4rem .5rem; border: 1px solid var(--line); border-radius: 5px; width: 100%;
  background: var(--paper); color: inherit; }
#count { margin: .25rem 0 .5rem; font-variant-numeric: tabular-nums; }
#detail { border: 1px solid var(--line); border-radius: 6px; background: var(--paper); padding: .6rem .7rem; margin-bottom: .75rem; }
h2 { font-size: .95rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
h3 { font-size: .8rem; margin: .6rem 0 .2rem; color: var(--soft); font-weight: 600; }
blockquote { margin: 0 0 .4rem; padding-left: .6rem; border-left: 3px solid var(--line); color: var(--soft); overflow-wrap: anywhere; }
.bar { display: grid; grid-template-columns: minmax(0, 7rem) minmax(0, 1fr) 3.6rem; gap: .5rem; align-items: center; font-size: .85rem; }
.bar span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar u { background: var(--line); height: .5rem; border-radius: 3px; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--mark); }
.bar b { font-weight: normal; text-align: right; font-variant-numeric: tabular-nums; }
ol { list-style: none; margin: 0; padding: 0; }
li button { display: flex; gap: .5rem; align-items: baseline; width: 100%; padding: .25rem .35rem; border: 0; border-radius: 4px;
  background: none; color: inherit; font: inherit; text-align: left; cursor: pointer; }
li button:hover, li button[aria-pressed=true] { background: var(--line); }
li i { flex: none; width: .7rem; height: .7rem; border-radius: 50%; }
li span { flex: 1; min-width: 0; overflow-wrap: anywhere; }
li b, #count { color: var(--soft); font-weight: normal; font-variant-numeric: tabular-nums; }
#tip { position: fixed; max-width: min(26rem, calc(100vw - 1rem)); padding: .5rem .7rem; background: var(--panel);
  border: 1px solid var(--line); border-radius: 6px; box-shadow: 0 4px 16px #0003; pointer-events: none; white-space: pre-wrap;
  overflow-wrap: anywhere; }
#tip b { display: block; color: var(--soft); font-weight: 600; }
@media (max-width: 700px) {
  body { grid-template: 56% minmax(0, 1fr) / 100%; }
  aside { border-left: 0; border-top: 1px solid var(--line); padding: .75rem; }
  li button { padding-block: .45rem; }
}
`);
