// Random small tables for the fuzz test, each with what must come out of it. Knows no command.
import { createRandom, type Random } from "../../src/base/random.js";

/** What a value is in its source: as DuckDB shall read it, and as it must stand in CSV and in JSON. */
export interface Cell {
  /** In a CSV file, undefined for a missing one. */
  csv?: string;
  /** In JSON; undefined for an absent field. */
  json?: string;
  /** A DuckDB expression. */
  sql: string;
}

export interface FuzzTable {
  format: "csv" | "tsv" | "jsonl" | "json" | "parquet";
  names: string[];
  text: string;
  label: string;
  labels: string[];
  /** A DuckDB type for each column, for Parquet. */
  types: string[];
  rows: Cell[][];
  random: Random;
}

const letters = [..."abcxyz ,;\t\"'\\|#%{}[]:/äßéñ日本語한국어ไทย😀👩‍👩‍👧\u200b\ufeffא\u0301´`~$^"];
const oddNames = [
  "",
  " id",
  "ID",
  "a,b",
  'q"uote',
  "naïve",
  "日本",
  "select",
  "line\nbreak",
  "row",
  "bytes",
  "c0",
  "n0",
  "r",
  "x'y",
  "a.b",
  "column0",
  "😀",
];

function word(random: Random, most = 12): string {
  return Array.from({ length: random.integer(most + 1) }, () => letters[random.integer(letters.length)]).join("");
}

const quoteSql = (text: string) => `'${text.replaceAll("'", "''")}'`;
const one = <T>(random: Random, list: readonly T[]) => list[random.integer(list.length)];

const textCell = (text: string): Cell => ({ csv: text, json: JSON.stringify(text), sql: quoteSql(text) });
const plain = (text: string, type: string): Cell => ({
  csv: text,
  json: text,
  sql: `CAST(${quoteSql(text)} AS ${type})`,
});

type Make = (random: Random) => Cell;

/** Columns of one type; null and absent values come between. */
const typed: Record<string, Make> = {
  VARCHAR: (random) => textCell(word(random)),
  BIGINT: (random) =>
    plain(one(random, ["0", "-5", "9007199254740993", "-9223372036854775808", "9223372036854775807"]), "BIGINT"),
  UBIGINT: (random) => plain(one(random, ["7", "18446744073709551615"]), "UBIGINT"),
  "DECIMAL(38,0)": (random) => plain(one(random, ["1", "-99999999999999999999999999999999999999"]), "DECIMAL(38,0)"),
  "DECIMAL(9,2)": (random) => plain(one(random, ["1.50", "-0.10", "1234567.89"]), "DECIMAL(9,2)"),
  DOUBLE: (random) => plain(one(random, ["0.1", "1e+300", "-2.5", "1e-07", "123456789.125"]), "DOUBLE"),
  BOOLEAN: (random) => plain(one(random, ["true", "false"]), "BOOLEAN"),
};

/** Types that JSON has no value for; their Parquet comes back as it was. */
const columnar: Record<string, (random: Random) => string> = {
  DATE: (random) => one(random, ["DATE '2026-01-31'", "DATE '0044-03-15 (BC)'"]),
  TIMESTAMP: () => "TIMESTAMP '2026-01-31 12:00:00.123456'",
  "TIMESTAMP WITH TIME ZONE": () => "TIMESTAMPTZ '2026-01-31 12:00:00.5+02'",
  UUID: () => "UUID 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
  BLOB: () => "'\\xAB\\x00'::BLOB",
  "INTEGER[]": (random) => one(random, ["[1, NULL, 3]", "[]"]),
  'STRUCT(a BIGINT, "b c" VARCHAR)': (random) => `{'a': 9007199254740993, 'b c': ${quoteSql(word(random))}}`,
  "MAP(VARCHAR, DECIMAL(9,2))": () => "MAP {'k': 1.50::DECIMAL(9,2)}",
};

/** One field of several types: JSON alone has it. */
const mixed = [
  "1",
  '"1"',
  "[1]",
  '{"z":1}',
  "null",
  "1.0",
  "1e5",
  "0.10",
  "-0",
  "12345678901234567890.123456789",
  '{"ü":[{"a":0.10}],"a":1,"a":2}',
  "[]",
  "{}",
  "true",
  '"\\u00e4\\ud83d\\ude00"',
  "99999999999999999999999999999999999999999999",
];

export function fuzzTable(seed: number): FuzzTable {
  const random = createRandom(seed);
  const format = one(random, ["csv", "tsv", "jsonl", "json", "parquet"] as const);
  const isJson = format === "jsonl" || format === "json";
  const names = ["text", "label"];
  const bare = (name: string) => name.toLowerCase();
  for (let i = random.integer(6); i > 0; i--) {
    const name = one(random, oddNames);
    const taken =
      format === "parquet" ? names.some((other) => bare(other) === bare(name)) || name === "" : names.includes(name);
    if (!taken) names.push(name);
  }
  random.shuffle(names);
  const labelType = one(random, isJson || format === "parquet" ? ["VARCHAR", "BIGINT", "BOOLEAN"] : ["VARCHAR"]);
  const labels = { VARCHAR: ["good", 'bad, "so"'], BIGINT: ["1", "2"], BOOLEAN: ["true", "false"] }[labelType]!;
  const kinds = names.map((name) => {
    if (name === "text") return "text";
    if (name === "label") return "label";
    if (isJson && random.float() < 0.5) return "mixed";
    if (format === "parquet" && random.float() < 0.5) return one(random, Object.keys(columnar));
    return one(random, Object.keys(typed));
  });
  const types = kinds.map((kind) => (kind === "text" ? "VARCHAR" : kind === "label" ? labelType : kind));
  const missing = (): Cell => ({ csv: undefined, json: random.float() < 0.5 ? "null" : undefined, sql: "NULL" });
  const rows = Array.from({ length: 16 + random.integer(40) }, (_, i) => {
    const label = labels[i % 2];
    return kinds.map((kind): Cell => {
      if (kind === "text") {
        const mood = i % 2 === 0 ? "lovely great fine" : "awful dull poor";
        return textCell(`${i} ${mood} ${random.float() < 0.3 ? "line\r\nbreak " : ""}${word(random, 30)}.`);
      }
      if (kind === "label") return labelType === "VARCHAR" ? textCell(label) : plain(label, labelType);
      if (kind === "mixed") {
        const json = random.float() < 0.2 ? undefined : one(random, mixed);
        return { json, sql: "NULL" };
      }
      if (random.float() < 0.2) return missing();
      if (kind in columnar) return { sql: columnar[kind](random) };
      return typed[kind](random);
    });
  });
  return { format, names, text: "text", label: "label", labels, types, rows, random };
}

const csvField = (cell: string | undefined, delimiter: string, random: Random): string => {
  if (cell === undefined) return "";
  const must = cell === "" || cell.includes(delimiter) || /["\r\n\\]|^\s|\s$/.test(cell);
  return must || random.float() < 0.2 ? `"${cell.replaceAll('"', '""')}"` : cell;
};

export function csvOf({ names, rows, random }: FuzzTable, delimiter: string): string {
  const head = names.map((name) => (name === "" ? "" : csvField(name, delimiter, random)));
  const body = rows.map((row) => row.map(({ csv }) => csvField(csv, delimiter, random)).join(delimiter));
  return `${[head.join(delimiter), ...body].join("\n")}\n`;
}

/** Every object in a line of its own, with blanks between its parts. */
export function jsonLinesOf({ names, rows, random }: FuzzTable): string[] {
  return rows.map((row) => {
    const fields = row.flatMap(({ json }, i) => {
      const colon = one(random, [":", ": ", " :\t"]);
      return json === undefined ? [] : [`${JSON.stringify(names[i])}${colon}${json}`];
    });
    return `{${fields.join(one(random, [",", ", "]))}}`;
  });
}
