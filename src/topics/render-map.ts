// The map as one HTML file that needs no network: rows as dots on a canvas, moved and zoomed by mouse or finger.
import { mapScript } from "./map-script.js";

export interface MapColumn {
  name: string;
  /** A value for each dot. */
  values: readonly (string | null)[];
}

export interface MapPage {
  title: string;
  texts: readonly string[];
  /** x and y of each dot, side by side. */
  places: Float64Array;
  /** What dots can be coloured by; the first one is shown at the start. */
  columns: readonly MapColumn[];
}

const longestText = 240;
const mostValues = 200;

/**
 * @example
 * writeFileSync("topics.html", renderMap({ title: "tickets.csv", texts, places, columns }));
 */
export function renderMap({ title, texts, places, columns }: MapPage): string {
  const data = {
    texts: texts.map((text) => (text.length > longestText ? `${[...text].slice(0, longestText).join("")}…` : text)),
    places: Array.from(places, (value) => Math.round(value * 1000) / 1000),
    columns: columns.map(({ name, values }) => ({ name, ...numbered(values) })),
  };
  // "<" never stands in the data, so no text can end the script.
  const json = JSON.stringify(data).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${style}</style></head>
<body><canvas id="map"></canvas>
<aside><h1>${escaped(title)}</h1><label>Colour <select id="by"></select></label>
<input id="find" type="search" placeholder="Find words in rows" aria-label="Find words in rows">
<p id="count"></p><ol id="legend"></ol></aside>
<div id="tip" hidden></div>
<script type="application/json" id="data">${json}</script><script>${mapScript}</script></body></html>
`;
}

/** Values as numbers of a list, most frequent first; the rarest ones become one. */
function numbered(values: readonly (string | null)[]): { names: string[]; counts: number[]; of: number[] } {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const order = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, mostValues);
  const ids = new Map(order.map(([name], id) => [name, id]));
  return {
    names: order.map(([name]) => name),
    counts: order.map(([, count]) => count),
    of: values.map((value) => (value === null ? -1 : (ids.get(value) ?? -1))),
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5d6670; --line: #dfe3e8; --paper: #fff; --panel: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --soft: #9aa4af; --line: #343b44; --paper: #14181d;
  --panel: #1c2229; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.45 system-ui, sans-serif; overflow: hidden; }
canvas { position: fixed; inset: 0 20rem 0 0; width: calc(100vw - 20rem); height: 100vh; cursor: grab; touch-action: none; }
aside { position: fixed; right: 0; top: 0; bottom: 0; width: 20rem; padding: 1rem; overflow: auto; background: var(--panel);
  border-left: 1px solid var(--line); }
h1 { font-size: 1rem; margin: 0 0 .75rem; overflow-wrap: anywhere; }
label, input { display: block; width: 100%; margin-bottom: .5rem; }
select, input { font: inherit; padding: .3rem .5rem; border: 1px solid var(--line); border-radius: 5px; width: 100%;
  background: var(--paper); color: inherit; }
ol { list-style: none; margin: 0; padding: 0; }
li { display: flex; gap: .5rem; align-items: baseline; padding: .15rem .3rem; border-radius: 4px; cursor: pointer; }
li:hover, li.on { background: var(--line); }
li i { flex: none; width: .7rem; height: .7rem; border-radius: 50%; }
li span { flex: 1; overflow-wrap: anywhere; }
li b, #count { color: var(--soft); font-weight: normal; }
#tip { position: fixed; max-width: 26rem; padding: .5rem .7rem; background: var(--panel); border: 1px solid var(--line);
  border-radius: 6px; box-shadow: 0 4px 16px #0003; pointer-events: none; white-space: pre-wrap; overflow-wrap: anywhere; }
#tip b { display: block; color: var(--soft); font-weight: 600; }
`;
