// Ends a text before the first of several strings, while the text comes piece by piece. Knows no tokens.

export interface StopScan {
  /** Text that is certain to be before any stop string. */
  text: string;
  stopped: boolean;
}

export interface StopScanner {
  push(piece: string): StopScan;
  /** What was held back, once nothing comes any more. */
  end(): string;
}

/**
 * What could be the beginning of a stop string is held back until it is clear. The stop string itself is left out. The
 * one that is whole first counts, however the text was cut into pieces; of two that end together, the longer one.
 *
 * @example
 * const scanner = stopScanner(["END"]);
 * scanner.push("the E"); // { text: "the ", stopped: false }
 * scanner.push("ND of"); // { text: "", stopped: true }
 */
export function stopScanner(stops: readonly string[]): StopScanner {
  const wanted = stops.filter((stop) => stop !== "");
  let held = "";
  return {
    push(piece) {
      held += piece;
      const found = wanted
        .map((stop) => ({ from: held.indexOf(stop), length: stop.length }))
        .filter(({ from }) => from >= 0)
        .sort((a, b) => a.from + a.length - (b.from + b.length) || a.from - b.from);
      if (found.length > 0) {
        const text = held.slice(0, found[0].from);
        held = "";
        return { text, stopped: true };
      }
      const safe = held.length - longestBeginning(held, wanted);
      const text = held.slice(0, safe);
      held = held.slice(safe);
      return { text, stopped: false };
    },
    end() {
      const text = held;
      held = "";
      return text;
    },
  };
}

/** Length of the longest end of `text` that a stop string begins with. */
function longestBeginning(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--)
      if (text.endsWith(stop.slice(0, length))) longest = length;
  return longest;
}
