// How much longer parts of a tokenizer.json may make a text: as long as any script needs, but not by doubling it forty times.
import { UserError } from "../../../base/errors.js";
import type { Finder } from "./pattern.js";

/** One character becomes at most 18 by NFKC, and each of those 3 bytes. */
const growth = 64;
const ofAny = 4096;

/** UTF-16 units that a text of so many may become. */
export function mostUnits(length: number): number {
  return growth * length + ofAny;
}

export function totalLength(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

/** @throws UserError where a text has grown beyond `most` */
export function checkGrowth(length: number, most: number, where: string): void {
  if (length <= most) return;
  throw new UserError(
    `The ${where} of this tokenizer.json makes a text more than ${growth} times as long. Use a tokenizer.json without the ` +
      "parts that do so.",
  );
}

/** Each place that is found becomes `content`. */
export function replaced(text: string, find: Finder, content: string, most: number, where: string): string {
  const stretches = find(text);
  let length = 0;
  for (const { from, to, isFound } of stretches) length += isFound ? content.length : to - from;
  checkGrowth(length, most, where);
  return stretches.map(({ from, to, isFound }) => (isFound ? content : text.slice(from, to))).join("");
}
