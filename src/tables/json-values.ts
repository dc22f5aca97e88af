// The grammar of JSON over one object's text: where each field's value stands, letter by letter, and which type would hold
// all values of a field without loss. Numbers keep their spelling, since nothing is converted. NaN and Infinity are read
// as Python writes them. Knows no files and no tables.

/** What the values of one field are, as bits of `kinds`; lists and objects go on below. */
export interface JsonShape {
  kinds: number;
  items?: JsonShape;
  /** Of objects that all have the same names in the same order. */
  names?: string[];
  members?: JsonShape[];
}

export const jsonKinds = {
  null: 1,
  boolean: 2,
  text: 4,
  /** Up to 2^53, which doubles hold too. */
  small: 8,
  smallNegative: 16,
  /** 64 bits, with a sign (a negative one is smallNegative too) and without. */
  signed: 32,
  unsigned: 64,
  /** Up to 38 digits. */
  decimal: 128,
  /** A number whose digits a double gives back. */
  double: 256,
  list: 512,
  object: 1024,
  /** Only the text itself holds it. */
  loose: 2048,
} as const;

export const emptyShape = (): JsonShape => ({ kinds: 0 });

/** A field of an object: its name and where its value stands. */
export type OnField = (name: string, start: number, end: number) => void;

/** What is wrong with a text, at a place in it. */
export class JsonFault extends Error {
  override name = "JsonFault";
}

const longestStruct = 200;
const deepest = 500;
/** Types nested further are SQL that DuckDB does not plan. */
const deepestType = 50;

/**
 * Reads the object that is all of `text`.
 *
 * @param shapeOf where the shapes of a field's values are gathered
 * @throws JsonFault when it is none
 */
export function scanObject(text: string, shapeOf: (name: string) => JsonShape, onField: OnField): void {
  let at = 0;
  skipBlanks();
  if (text[at] !== "{") throw fault("expected an object");
  fields((name) => {
    const shape = shapeOf(name);
    const start = at;
    value(shape, 1);
    onField(name, start, at);
  });
  skipBlanks();
  if (at < text.length) throw fault("there is text after the object");

  function fault(reason: string): JsonFault {
    const there = at < text.length ? `'${text.slice(at, at + 20)}'` : "its end";
    return new JsonFault(`${reason} at ${there}, position ${at}`);
  }

  function skipBlanks(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      at++;
    }
  }

  /** From an opening brace past the closing one; `read` reads one value. */
  function fields(read: (name: string) => void): void {
    at++;
    skipBlanks();
    if (text[at] === "}") {
      at++;
      return;
    }
    for (;;) {
      if (text[at] !== '"') throw fault("expected a field name in quotes");
      const start = at;
      const isPlain = string();
      const name = isPlain ? text.slice(start + 1, at - 1) : (JSON.parse(text.slice(start, at)) as string);
      skipBlanks();
      if (text[at] !== ":") throw fault("expected a colon");
      at++;
      skipBlanks();
      read(name);
      if (closes("}")) return;
    }
  }

  /** After a value: true past the closing bracket, false before the next value. */
  function closes(bracket: string): boolean {
    skipBlanks();
    const char = text[at++];
    if (char === bracket) return true;
    if (char !== ",") {
      at--;
      throw fault(`expected a comma or ${bracket}`);
    }
    skipBlanks();
    return false;
  }

  /** Past a text in quotes; whether it has no escapes. */
  function string(): boolean {
    const start = at++;
    for (;;) {
      const end = text.indexOf('"', at);
      if (end < 0) {
        at = start;
        throw fault("a quote is not closed");
      }
      let slashes = 0;
      while (text.charCodeAt(end - 1 - slashes) === 92) slashes++;
      at = end + 1;
      if (slashes % 2 === 0) break;
    }
    const inside = text.slice(start + 1, at - 1);
    const reason = textFault(inside);
    if (reason === undefined) return !inside.includes("\\");
    at = start;
    throw fault(reason);
  }

  function value(shape: JsonShape | undefined, depth: number): void {
    if (depth > deepest) throw fault("it is nested too deeply");
    const char = text.charCodeAt(at);
    if (char === 34) {
      string();
      add(shape, jsonKinds.text);
    } else if (char === 123) object(shape, depth);
    else if (char === 91) list(shape, depth);
    else scalar(shape);
  }

  function scalar(shape: JsonShape | undefined): void {
    scalars.lastIndex = at;
    const word = scalars.exec(text)?.[0];
    if (word === undefined) throw fault("expected a value");
    at += word.length;
    if (shape) shape.kinds |= kindOf(word);
  }

  function list(shape: JsonShape | undefined, depth: number): void {
    add(shape, jsonKinds.list);
    if (shape && !shape.items) shape.items = emptyShape();
    at++;
    skipBlanks();
    if (text[at] === "]") {
      at++;
      return;
    }
    do value(shape?.items, depth + 1);
    while (!closes("]"));
  }

  function object(shape: JsonShape | undefined, depth: number): void {
    add(shape, jsonKinds.object);
    const own = shape && !(shape.kinds & jsonKinds.loose) ? shape : undefined;
    const isFirst = own?.names === undefined;
    const names = own && isFirst ? [] : own?.names;
    const members: JsonShape[] = own && isFirst ? [] : (own?.members ?? []);
    let place = 0;
    let same = own !== undefined;
    fields((name) => {
      let member: JsonShape | undefined;
      if (same && names) {
        if (isFirst) {
          names.push(name);
          member = emptyShape();
          members.push(member);
        } else if (names[place] === name) member = members[place];
        else same = false;
        place++;
      }
      value(member, depth + 1);
    });
    if (!own || !names) return;
    if (isFirst) {
      own.names = names;
      own.members = members;
      same = isStruct(names);
    }
    if (same && place === own.names!.length) return;
    // Other fields than before: their names and types are given up, so that memory does not grow with them.
    own.kinds |= jsonKinds.loose;
    own.names = undefined;
    own.members = undefined;
  }
}

/** DuckDB's structs have names that differ in more than case; an object with numbers for names is a map. */
function isStruct(names: readonly string[]): boolean {
  const bare = new Set(names.map((name) => name.toLowerCase()));
  const fits = names.length > 0 && names.length <= longestStruct && bare.size === names.length;
  return fits && !names.some((name) => /^\d*$/.test(name));
}

function add(shape: JsonShape | undefined, kind: number): void {
  if (shape) shape.kinds |= kind;
}

/** What is wrong with a text, by what stands between its quotes. */
function textFault(inside: string): string | undefined {
  if (controls.test(inside)) return "a string with a line break or another control character";
  for (let at = inside.indexOf("\\"); at >= 0; at = inside.indexOf("\\", at + 2))
    if (!'"\\/bfnrt'.includes(inside[at + 1]) && !/^u[0-9a-fA-F]{4}$/.test(inside.slice(at + 1, at + 6)))
      return "a string with an unknown escape";
  if (/\\u[dD][89a-fA-F]/.test(inside) && /\p{Surrogate}/u.test(JSON.parse(`"${inside}"`) as string))
    return "a string with half of a surrogate pair (\\ud800 to \\udfff), which is not a character,";
  return undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a text.
const controls = /[\u0000-\u001f]/;
const scalars = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity)(?![\w.+-])/y;

function kindOf(word: string): number {
  if (word === "null") return jsonKinds.null;
  if (word === "true" || word === "false") return jsonKinds.boolean;
  if (/^-?\d+$/.test(word) && word !== "-0") return integerKind(word);
  return isExact(word) ? jsonKinds.double : jsonKinds.loose;
}

function integerKind(word: string): number {
  if (word.length < 16) return word[0] === "-" ? jsonKinds.smallNegative : jsonKinds.small;
  const number = BigInt(word);
  if (number >= -(2n ** 53n) && number <= 2n ** 53n) return number < 0 ? jsonKinds.smallNegative : jsonKinds.small;
  if (BigInt.asIntN(64, number) === number)
    return number < 0 ? jsonKinds.signed | jsonKinds.smallNegative : jsonKinds.signed;
  if (BigInt.asUintN(64, number) === number) return jsonKinds.unsigned;
  return word.replace("-", "").length <= 38 ? jsonKinds.decimal : jsonKinds.loose;
}

/** Whether a double gives back the digits. */
function isExact(word: string): boolean {
  if (/[NI]/.test(word)) return true;
  const digits = digitsOf(word);
  const number = Number(word);
  if (!Number.isFinite(number) || (number === 0 && digits !== "")) return false;
  return digits === digitsOf(String(number));
}

/** Without sign, point, exponent and the zeros at both ends. */
const digitsOf = (word: string) =>
  word
    .replace(/[eE].*$/, "")
    .replace(/[-.]/g, "")
    .replace(/^0+|0+$/g, "");

/**
 * DuckDB's type that holds all values of a shape without loss, with the structure that from_json takes; nothing where
 * only JSON text does.
 */
export function typeOf({ kinds: all, items, names, members }: JsonShape, depth = 0): JsonType | undefined {
  if (depth > deepestType) return undefined;
  const found = all & ~jsonKinds.null;
  const within = (...some: number[]) => found !== 0 && (found & ~some.reduce((a, b) => a | b)) === 0;
  const { small, smallNegative, signed, unsigned, decimal, double } = jsonKinds;
  if (found === jsonKinds.boolean) return "BOOLEAN";
  if (found === jsonKinds.text) return "VARCHAR";
  if (within(small, smallNegative, signed)) return "BIGINT";
  if (within(small, signed, unsigned)) return "UBIGINT";
  if (within(small, smallNegative, signed, unsigned, decimal)) return "DECIMAL(38,0)";
  if (within(small, smallNegative, double)) return "DOUBLE";
  if (found === jsonKinds.list) {
    const item = items && typeOf(items, depth + 1);
    return item === undefined ? undefined : [item];
  }
  if (found === jsonKinds.object && names && members) {
    const types = members.map((member) => typeOf(member, depth + 1));
    if (types.some((type) => type === undefined)) return undefined;
    return Object.fromEntries(names.map((name, i) => [name, types[i] as JsonType]));
  }
  return undefined;
}

/** A type by name, a list of one, an object of some. */
export type JsonType = string | [JsonType] | { [name: string]: JsonType };
