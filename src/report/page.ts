// The frame of every page that is written: what stands in its head, and what a browser lets it do. Knows no content.
import { createHash } from "node:crypto";
import { Html, html } from "./html.js";

export interface Page {
  title: string;
  style: Html;
  body: Html;
  /** Run at the end of the page; it reads data from blocks of JSON in the body. */
  script?: string;
  /** What wrote the page. */
  generator?: string;
}

/**
 * A whole HTML document. Its content security policy allows its own script and style by their hashes and nothing else: what
 * a text of the data might bring in is not run, and nothing is fetched or sent. (The values of style attributes are numbers of
 * ours; browsers that do not tell them from style elements take `style-src`.)
 *
 * @example
 * renderPage({ title: "Reviews", style, body: html`<h1>${name}</h1>` });
 */
export function renderPage({ title, style, body, script, generator }: Page): string {
  const policy = [
    "default-src 'none'",
    `script-src ${script === undefined ? "'none'" : hashOf(script)}`,
    "style-src 'unsafe-inline'",
    `style-src-elem ${hashOf(style.source)}`,
    "style-src-attr 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${generator !== undefined && html`<meta name="generator" content="${generator}">\n`}<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="referrer" content="no-referrer">
<title>${title}</title><style>${style}</style></head><body>${body}${script !== undefined && new Html(`<script>${script}</script>`)}</body></html>
`.source;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Data for the page's script; no text in it can end the element. */
export function jsonBlock(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028");
  return new Html(`<script type="application/json" id="${id}">${json}</script>`);
}
