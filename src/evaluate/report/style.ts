// The look of the report. No fonts, scripts or pictures from elsewhere.
import { Html } from "./html.js";

export const style = new Html(`
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5d6670; --line: #dfe3e8; --paper: #ffffff; --panel: #f6f8fa;
  --accent: #2459c4; --accent-soft: #b9cdf5; --wrong: #b3402c; --mark: 36, 89, 196; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --soft: #9aa4af; --line: #343b44; --paper: #14181d;
  --panel: #1c2229; --accent: #8ab0ff; --accent-soft: #35507f; --wrong: #ff9a85; --mark: 138, 176, 255; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
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
td { border-bottom: 1px solid var(--line); padding: .4rem .8rem .4rem 0; vertical-align: top; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
td.share { background: linear-gradient(var(--accent-soft), var(--accent-soft)) no-repeat left bottom; }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: .925rem; }
tr.chosen td { font-weight: 600; }
svg { display: block; max-width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.axis { stroke: var(--line); }
.range { fill: var(--accent-soft); }
.point { fill: var(--accent); }
.curve { fill: none; stroke: var(--accent); stroke-width: 1.8; }
.curve.second { stroke: var(--wrong); stroke-dasharray: 5 3; }
.curves { display: flex; flex-wrap: wrap; gap: 1.5rem; }
.curves figure { margin: .5rem 0; }
figcaption { font-size: .875rem; color: var(--soft); }
table.confusion { width: auto; }
table.confusion td, table.confusion th { border: 1px solid var(--line); padding: .35rem .7rem; text-align: right; }
table.confusion th { max-width: 10rem; overflow: hidden; text-overflow: ellipsis; }
table.confusion tbody th { text-align: left; }
.mistake { border: 1px solid var(--line); border-radius: 6px; background: var(--panel); padding: .7rem .9rem; margin: .6rem 0; }
.mistake blockquote { margin: .3rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .925rem; }
.wrong { color: var(--wrong); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: .5rem 0; font-size: .925rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media print { main { padding: 0; } .mistake { break-inside: avoid; } }
`);
