// Texts in another language than most of a table. Told one by one, so only where it is sure: by the script, or where a text of some
// length has no function word of the language of most and franc is sure of another.
import { detectLanguages, stopWords } from "./stop-words.js";

export interface RowLanguages {
  /** The language of most, in English; undefined where it is not told. */
  main?: string;
  /** For each text the language or script that it seems to be in, in English, where that is another. */
  others: (string | undefined)[];
}

const scripts: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["Latin", /\p{sc=Latin}/gu],
  ["Cyrillic", /\p{sc=Cyrillic}/gu],
  ["Greek", /\p{sc=Greek}/gu],
  ["Arabic", /\p{sc=Arabic}/gu],
  ["Hebrew", /\p{sc=Hebrew}/gu],
  ["Devanagari", /\p{sc=Devanagari}/gu],
  ["Bengali", /\p{sc=Bengali}/gu],
  ["Tamil", /\p{sc=Tamil}/gu],
  ["Thai", /\p{sc=Thai}/gu],
  ["Korean", /\p{sc=Hangul}/gu],
  // One script for the languages that mix them.
  ["Chinese or Japanese", /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/gu],
];
const beyondLatin = /[^\p{sc=Latin}\P{L}]/u;

/** Letters from which a script is told, and the share that it must have. */
const fewestLetters = 4;
const leastOfScript = 0.6;
/** Words without any function word of the main language, from which another one is asked about. */
const fewestWords = 4;
const longestRead = 600;
/** Texts that the main language is told from. */
const mostSampled = 2000;

/**
 * @example
 * const { main, others } = await findOtherLanguages(texts);
 * others[3]; // "German"
 */
export async function findOtherLanguages(texts: readonly string[]): Promise<RowLanguages> {
  const own = texts.map((text) => scriptOf(text.slice(0, longestRead)));
  const counts = new Map<string, number>();
  for (const script of own) if (script !== undefined) counts.set(script, (counts.get(script) ?? 0) + 1);
  const mainScript = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  const others: (string | undefined)[] = own.map((script) =>
    script !== undefined && script !== mainScript
      ? script === "Latin"
        ? "one in Latin script"
        : scriptLanguage(script)
      : undefined,
  );
  const step = Math.max(1, Math.ceil(texts.length / mostSampled));
  const sample = texts.filter((_, i) => i % step === 0 && own[i] === mainScript);
  const [main] = await detectLanguages(sample, { share: 0.3 });
  if (main === undefined || mainScript === undefined || mainScript === "Chinese or Japanese")
    return { ...(mainScript !== undefined && { main: scriptLanguage(mainScript) }), others };
  const usual = await stopWords(main);
  if (usual.size === 0) return { main: nameOf(main), others };
  const { francAll } = await import("franc");
  for (const [row, text] of texts.entries()) {
    if (own[row] !== mainScript) continue;
    const read = text.slice(0, longestRead);
    const words = read.toLowerCase().replaceAll("’", "'").match(word) ?? [];
    if (words.length < fewestWords || words.some((one) => usual.has(one))) continue;
    // A text in a language has function words of it: of the likeliest languages the one with most.
    let [language, most] = ["", 0];
    for (const [code] of francAll(read, { minLength: 10 }).slice(0, candidates)) {
      if (code === main || code === "und") continue;
      const known = await stopWords(code);
      const hits = words.filter((one) => one.length > 1 && known.has(one)).length;
      if (hits > most) [language, most] = [code, hits];
    }
    if (most >= fewestFunction && most >= leastFunction * words.length) others[row] = nameOf(language);
  }
  return { main: nameOf(main), others };
}

const word = /[\p{L}\p{M}]+(?:'\p{L}+)?/gu;
/** Function words of a text: in running text about a half. */
const fewestFunction = 2;
const leastFunction = 0.25;
/** Languages that franc holds the likeliest: of short texts it is often wrong about the first. */
const candidates = 5;

function scriptOf(text: string): string | undefined {
  if (!beyondLatin.test(text))
    return (text.match(/\p{sc=Latin}/gu)?.length ?? 0) >= fewestLetters ? "Latin" : undefined;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters < fewestLetters) return undefined;
  return scripts.find(([, pattern]) => (text.match(pattern)?.length ?? 0) >= leastOfScript * letters)?.[0];
}

/** Scripts of one language in most tables are called by it. */
const scriptLanguage = (script: string) =>
  ["Greek", "Hebrew", "Thai", "Tamil", "Bengali", "Korean", "Chinese or Japanese"].includes(script)
    ? script
    : `one in ${script} script`;

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** ISO 639-3 in English. */
function nameOf(code: string): string {
  const short = (
    { cmn: "zh", arb: "ar", ekk: "et", lvs: "lv", pes: "fa", nob: "nb", swh: "sw", zlm: "ms", npi: "ne" } as Record<
      string,
      string
    >
  )[code];
  return names.of(short ?? code) ?? code;
}
