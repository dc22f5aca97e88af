// Texts that are none, or not what people wrote: empty, very long, made by machines, with broken characters. Looked at one by one.
import { hashOf } from "../tasks/index.js";
import { type Check, type FindingFacts, percentOf, rowsText, shown, verb } from "./check.js";
import type { CheckedRows } from "./checked-rows.js";
import { breathe } from "./same-texts.js";

export const emptyTexts: Check = {
  kind: "empty-texts",
  async run(data) {
    const { training, test } = data;
    const blank = training.skippedEmptyText + (test?.skippedEmptyText ?? 0);
    const wordless = await rowsThat(data, isWordless);
    const rows = blank + wordless.length;
    if (rows === 0) return [];
    const parts = [
      blank > 0 && `${rowsText(blank)} without text`,
      wordless.length > 0 && `${rowsText(wordless.length)} without a word or sign that says something`,
    ].filter(Boolean);
    return [
      {
        rows,
        message: parts.join(", "),
        examples: wordless.slice(0, shown).map((row) => data.example(row)),
        advice:
          "Leave them out, or find out why they are empty. Training leaves out rows without text; new ones get no answer",
        effect: await without(data, wordless),
        details: { blank, wordless: wordless.length },
      },
    ];
  },
};

/** Nothing but marks of sentences, and what forms have where nothing was filled in. Smileys say something. */
function isWordless(text: string): boolean {
  if (text.length > 40) return false;
  return (
    !/[\p{L}\p{N}\p{S}\p{Emoji_Presentation}]/u.test(text.replace(/[:;=8x][-^'o]?[)(\][dp3/\\|]+/giu, "A")) ||
    placeholder.test(text)
  );
}
const placeholder =
  /^\W*(?:n\/?a|null|none|nan|nil|undefined|no text|\(?empty\)?|\[?deleted\]?|\[?removed\]?|#n\/a|#value!|#ref!|missing)\W*$/i;

/** Characters from which a text is very long, where most are not. */
const leastLong = 5000;
const timesUsual = 20;

export const longTexts: Check = {
  kind: "long-texts",
  async run(data) {
    const { texts } = data;
    const lengths = Float64Array.from(texts, (text) => text.length).sort();
    const usual = lengths[lengths.length >> 1];
    const limit = Math.max(leastLong, timesUsual * usual);
    const long = await rowsThat(data, (text) => text.length > limit);
    if (long.length === 0) return [];
    const longest = lengths[lengths.length - 1];
    return [
      {
        rows: long.length,
        message: `${rowsText(long.length)} ${verb(long.length, "is", "are")} far longer than the others: up to ${longest.toLocaleString("en")} characters (median ${usual.toLocaleString("en")})`,
        examples: long.slice(0, shown).map((row) => data.example(row)),
        advice:
          "See whether each is one text: a quote that is not closed joins rows. Of long texts networks read the beginning alone",
        effect: await without(data, long),
        details: { limit, longest, median: usual },
      },
    ];
  },
};

/** What a machine wrote, by its look. */
const machineKinds: readonly (readonly [name: string, test: (text: string) => boolean])[] = [
  ["JSON", (text) => /^\s*[[{].*[\]}]\s*$/s.test(text) && isJson(text)],
  [
    "HTML or XML",
    (text) =>
      (text.match(/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/gi)?.length ?? 0) >= 4 || /<!doctype html|<\?xml/i.test(text),
  ],
  ["a log", (text) => logLine.test(text)],
  [
    "a stack trace",
    (text) => /^\s*at [\w.$<>]+\(.*:\d+\)|Traceback \(most recent call last\)|Exception in thread/m.test(text),
  ],
  [
    "encoded data",
    (text) =>
      /(?<![\w/])(?=\S*\d)(?=\S*[A-Z])(?=\S*[a-z])[A-Za-z0-9+/=]{80,}/.test(text) || /(?<!\w)[0-9a-f]{64,}/i.test(text),
  ],
  ["an automatic reply", (text) => autoReply.test(text)],
];
const logLine = /^\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.{0,40}?\b(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE|FATAL)\b/m;
const autoReply =
  /\b(?:do not reply to this (?:e-?)?mail|this is an (?:automated|automatic|auto-generated) (?:message|e-?mail|reply|response|notification)|out of office|auto(?:matic)?[- ]reply|automatische (?:antwort|abwesenheits)|réponse automatique|respuesta automática|diese e-?mail wurde automatisch)/i;

/** Texts that differ in their numbers alone, of so many words, so many of them. */
const templateWords = 4;
const templateRows = 10;

export const machineMadeTexts: Check = {
  kind: "machine-made-texts",
  async run(data) {
    const { texts } = data;
    const kinds = new Map<string, number[]>();
    const templates = new Map<number, number[]>();
    const { exact } = await data.copies();
    await rowsThat(data, (text, row) => {
      const sample = text.slice(0, 5000);
      const kind = machineKinds.find(([, test]) => test(sample))?.[0];
      if (kind !== undefined) add(kinds, kind, row);
      // Only texts with numbers, each once.
      else if (exact[row] === row && text.length < 1000 && /\d/.test(text)) {
        const key = hashTemplate(text);
        if (key !== undefined) add(templates, key, row);
      }
      return false;
    });
    const filled = [...templates.values()].filter((rows) => rows.length >= templateRows);
    if (filled.length > 0) kinds.set("a template with other numbers", filled.flat());
    const told = [...kinds].filter(([, rows]) => rows.length >= 3).sort(([, a], [, b]) => b.length - a.length);
    const rows = told.flatMap(([, own]) => own);
    if (rows.length === 0) return [];
    return [
      {
        rows: rows.length,
        message: `${rowsText(rows.length)} (${percentOf(rows.length / texts.length)}) look made by a machine: ${told.map(([kind, own]) => `${kind} ${own.length.toLocaleString("en")}`).join(", ")}`,
        examples: told.map(([, own]) => data.example(own[0])).slice(0, shown + 1),
        advice:
          "If they are not what the model is for, leave them out; otherwise see that it does not learn the machine's wording instead of the matter",
        effect: await without(data, rows),
        details: { kinds: Object.fromEntries(told.map(([kind, own]) => [kind, own.length])) },
      },
    ];
  },
};

function add<Key>(groups: Map<Key, number[]>, key: Key, row: number): void {
  const own = groups.get(key);
  if (own) own.push(row);
  else groups.set(key, [row]);
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

/** A hash of the text with each number as one digit; nothing for texts of few words. */
function hashTemplate(text: string): number | undefined {
  const shape = text.replace(/\p{N}+(?:[.,:/-]\p{N}+)*/gu, "0");
  if (shape.split(/\s+/).filter((one) => /\p{L}{2}/u.test(one)).length < templateWords) return undefined;
  return hashOf(shape);
}

export const brokenCharacters: Check = {
  kind: "broken-characters",
  async run(data) {
    const broken = await rowsThat(data, (text) => mojibake.test(text));
    if (broken.length < 2) return [];
    return [
      {
        rows: broken.length,
        message: `${rowsText(broken.length)} (${percentOf(broken.length / data.texts.length)}) have broken characters, as of a file that was read in another encoding`,
        examples: broken.slice(0, shown).map((row) => data.example(row)),
        advice:
          "Read the file again in its own encoding (UTF-8 if in doubt): a broken word is another word for the model",
        effect: await without(data, broken),
        details: {},
      },
    ];
  },
};
/** The sign for a character that is lost, and UTF-8 read as Latin-1, Windows-1252 or Mac Roman. */
const mojibake =
  /\ufffd|Ã[\u0080-\u00bf¡-¿ƒ„†‡‰Šš‹›Œœ€™]|Â[\u0080-\u00bf]|â€[\u0080-\u00bf™œšž¦“”˜\u009d]|ðŸ|‰Û|√[©±∂º®]/;

async function rowsThat(data: CheckedRows, test: (text: string, row: number) => boolean): Promise<number[]> {
  const rows: number[] = [];
  for (const [row, text] of data.texts.entries()) {
    if (row % 20_000 === 0) await breathe(data.watch, "reading texts", row, data.texts.length);
    if (test(text, row)) rows.push(row);
  }
  return rows;
}

async function without(data: CheckedRows, rows: readonly number[]): Promise<FindingFacts["effect"]> {
  if (rows.length === 0) return undefined;
  const own = new Set(rows);
  return (await data.quick())?.withoutRows((row) => own.has(row));
}
