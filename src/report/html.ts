// HTML as tagged templates: every value is escaped, unless it is HTML already.

export class Html {
  constructor(readonly source: string) {}
  toString(): string {
    return this.source;
  }
}

type Value = string | number | Html | readonly Value[] | undefined | false;

/**
 * @example
 * html`<b>${"a < b"}</b>`.source; // "<b>a &lt; b</b>"
 */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + shown(values[i - 1]) + part));
}

function shown(value: Value): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.source;
  if (Array.isArray(value)) return value.map(shown).join("");
  return escapeText(String(value));
}

/** Control characters other than line breaks and tabs are not allowed in HTML; they become visible. */
export function escapeText(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g, "\ufffd")
      .replace(/\p{Surrogate}/gu, "\ufffd")
  );
}

export function percentText(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}\u00a0%`;
}

/** 12,345 */
export function thousands(count: number): string {
  return count.toLocaleString("en");
}

export function shortDuration(seconds: number): string {
  const whole = Math.round(seconds);
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Long names may break behind their own joints: card_payment / fee. At most `length` characters. */
export function breakable(text: string, length = Number.POSITIVE_INFINITY): Html {
  return new Html(
    escapeText(clipped(text, length)).replace(/[_/\\]+(?=\w)|(?<=[A-Za-z])[.:-](?=[A-Za-z])/g, "$&<wbr>"),
  );
}

/** At most `length` characters; never half a character. */
export function clipped(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…`;
}
