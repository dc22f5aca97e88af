// The 100 novels, five of them held out: what the language-model benches train and measure on. Not part of the project.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export interface Texts {
  training: { texts: string[] };
  /** The last five. */
  heldOut: { texts: string[]; titles: string[]; bytes: number; characters: number };
}

const heldOutCount = 5;

/** @param path JSON lines with title and text, zipped */
export function readNovels(path: string): Texts {
  const rows = gunzipSync(readFileSync(path))
    .toString("utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { title: string; text: string });
  const heldOut = rows.splice(-heldOutCount);
  const texts = heldOut.map(({ text }) => text);
  const all = texts.join("");
  return {
    training: { texts: rows.map(({ text }) => text) },
    heldOut: {
      texts,
      titles: heldOut.map(({ title }) => title),
      bytes: Buffer.byteLength(all),
      characters: [...all].length,
    },
  };
}
