// Long texts in stretches that a network's context holds.

/** A stretch of one text: ids before and at each place, and which of the places count. */
export interface TextWindow {
  text: number;
  /** Place of the first target in the text. */
  from: number;
  length: number;
  /** Targets before it were scored by the window before. */
  countFrom: number;
}

/** Windows of the context's length, each half of one further: a token has at least half a context before it. Short ones first. */
export function textWindows(texts: readonly Int32Array[], contextLength: number): TextWindow[] {
  const stride = Math.max(1, Math.floor(contextLength / 2));
  const windows: TextWindow[] = [];
  for (const [text, { length }] of texts.entries()) {
    let counted = 0;
    for (let from = 0; counted < length; from += stride) {
      const size = Math.min(contextLength, length - from);
      windows.push({ text, from, length: size, countFrom: counted - from });
      counted = from + size;
    }
  }
  return windows.sort((a, b) => a.length - b.length);
}

/** Texts that are scored together, at most. */
export const rowsAtOnce = 32;

/** Windows in their order, so many together that all rows, as long as the longest, have at most `tokensAtOnce` tokens. */
export function* windowBatches(windows: readonly TextWindow[], tokensAtOnce: number): Generator<TextWindow[]> {
  for (let first = 0; first < windows.length; ) {
    let last = first + 1;
    while (
      last < windows.length &&
      last - first < rowsAtOnce &&
      (last + 1 - first) * windows[last].length <= tokensAtOnce
    )
      last++;
    yield windows.slice(first, last);
    first = last;
  }
}
