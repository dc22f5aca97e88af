// The look of the report. No fonts, scripts or pictures from elsewhere.
import { Html } from "./html.js";

export const style = new Html(`
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5d6670; --line: #dfe3e8; --paper: #ffffff; --panel: #f6f8fa;
  --accent: #2459c4; --accent-soft: #b9cdf5; --wrong: #b3402c; --mark: 36, 89, 196; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --soft: #9aa4af; --line: #343b44; --paper: #14181d;
  --panel: #1c2229; --accent: #8ab0ff; --accent-soft: #35507f; --wrong: #ff9a85; --mark: 138, 176, 255; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: break-word;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .75rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 2.75rem 0 .5rem; }
p { margin: .4rem 0 .9rem; max-width: 44rem; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.lead { font-size: 1.1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .925rem; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0;
  white-space: nowrap; }
td { border-bottom: 1px solid var(--line); padding: .4rem .8rem .4rem 0; vertical-align: top; }
td.bar { vertical-align: middle; }
td:last-child, th:last-child { padding-right: 0; }
.label { min-width: 7rem; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
td.share { background: linear-gradient(var(--accent-soft), var(--accent-soft)) no-repeat left bottom; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: .925rem; }
tr.chosen td { font-weight: 600; }
svg { display: block; max-width: 100%; }
.axis { stroke: var(--line); vector-effect: non-scaling-stroke; }
.range { fill: var(--accent-soft); }
.point { fill: var(--accent); }
.curve { fill: none; stroke: var(--accent); stroke-width: 1.8; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.curve.second { stroke: var(--wrong); stroke-dasharray: 5 3; }
.dot { stroke: var(--accent); stroke-width: 8; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.key { display: inline-block; width: 1.4em; border-top: 2px solid var(--accent); vertical-align: middle; }
.key.second { border-top: 2px dashed var(--wrong); }
.chart { display: grid; grid-template-columns: 2.6rem 1fr; column-gap: .5rem; font-size: .75rem; line-height: 1; color: var(--soft);
  font-variant-numeric: tabular-nums; padding-top: .5rem; }
.chart svg { width: 100%; overflow: visible; }
.ticks { position: relative; }
.ticks span { position: absolute; right: 0; transform: translateY(-50%); white-space: nowrap; }
.ends { grid-column: 2; display: flex; justify-content: space-between; padding-top: .5rem; }
.places { grid-column: 2; position: relative; height: 1.6em; margin-top: .5rem; }
.places span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.points { stroke: var(--accent); stroke-opacity: .35; stroke-width: 5; stroke-linecap: round; }
.points path { vector-effect: non-scaling-stroke; }
.points.all { stroke-opacity: 1; stroke-width: 8; }
.plot { position: relative; }
.plot span { position: absolute; padding: 0 .5rem; transform: translateY(-120%); white-space: nowrap; color: var(--ink); }
.plot span.chosen { font-weight: 600; }
figure { margin: .5rem 0; max-width: 44rem; }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem 2rem; max-width: 44rem; }
figcaption { font-size: .875rem; color: var(--soft); padding: .3rem 0 0 3.1rem; }
table.confusion { width: auto; }
table.confusion td, table.confusion th { border: 1px solid var(--line); padding: .35rem .6rem; text-align: right; }
table.confusion tbody th { position: sticky; left: 0; background: var(--paper); text-align: left; min-width: 6rem; max-width: 11rem;
  white-space: normal; overflow-wrap: anywhere; font-weight: 400; color: var(--ink); }
table.confusion .none { color: var(--soft); opacity: .6; }
table.confusion.narrow thead th { vertical-align: bottom; }
table.confusion.narrow thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 11rem; }
table.confusion.narrow td, table.confusion.narrow thead th { padding: .35rem .4rem; text-align: center; }
.mistake { border: 1px solid var(--line); border-radius: 6px; background: var(--panel); padding: .7rem .9rem; margin: .6rem 0; }
.mistake blockquote { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .925rem; }
.wrong { color: var(--wrong); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: .5rem 0; font-size: .925rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media screen and (max-width: 44rem) {
  main { padding: 1.5rem 1.1rem 3rem; }
  h1 { font-size: 1.45rem; }
  table { font-size: .85rem; }
  th, td { padding-right: .6rem; }
  .pairs .label { min-width: 5.5rem; }
  table.confusion thead th { vertical-align: bottom; }
  table.confusion thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 11rem; }
  table.confusion td, table.confusion thead th { padding: .35rem .4rem; text-align: center; }
  table.confusion tbody th { max-width: 7.5rem; }
  .stacked thead { position: absolute; clip-path: inset(50%); }
  .stacked tr { display: grid; grid-template-columns: 1fr 1.3fr 1fr; gap: .35rem 1rem;
    padding: .8rem 0; border-bottom: 1px solid var(--line); }
  .stacked td { display: block; border: 0; padding: 0; text-align: left; }
  .stacked td:empty { display: none; }
  .stacked td::before { content: attr(data-name); display: block; font-size: .75rem; font-weight: 400; color: var(--soft); }
  .stacked .name, .stacked .bar { grid-column: 1 / -1; }
  .stacked .name { font-size: 1rem; overflow-wrap: anywhere; }
  .stacked .bar svg { width: 100%; height: auto; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
@media print { main { padding: 0; max-width: none; } body { font-size: 10.5pt; } .mistake, figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; } summary { display: none; } }
`);
