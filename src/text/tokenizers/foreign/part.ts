// Reads one part of a tokenizer.json, field by field. What is not asked for is refused by name: a field that nobody has shown
// to be computed as in Python must not change ids in silence.
import { UserError } from "../../../base/errors.js";
import { isDeeperThan } from "../../../base/json-depth.js";

export interface Part {
  /** Where it stands in the file, for messages: `pre_tokenizer.pretokenizers[0]`. */
  where: string;
  type: string;
  /** Each of these marks the field as known. Without `otherwise` the field is required. */
  flag(name: string, otherwise?: boolean): boolean;
  text(name: string, otherwise?: string): string;
  /** A text that stands before, after or in place of others: as long as tokens are. */
  short(name: string, otherwise?: string): string;
  whole(name: string, least: number, otherwise?: number): number;
  oneOf<Value extends string>(name: string, values: readonly Value[], otherwise?: Value): Value;
  parts(name: string): Part[];
  any(name: string): unknown;
  /** Refuses fields that nobody asked for. */
  end(): void;
}

/** Lists and objects of a file within each other: known ones have 7. Parts of a sequence, with those of sequences in it. */
const deepest = 32;
const mostParts = 100;

/** @throws UserError for a file that is nested so deep that reading it would not come to its end */
export function checkDepth(file: unknown): void {
  if (isDeeperThan(deepest, file)) refuse("the file", `is nested more than ${deepest} levels deep`);
}

/** The same list. @throws UserError where it is too long to be applied to every text */
export function checkedParts<Value>(parts: Value[], where: string): Value[] {
  if (parts.length > mostParts) refuse(where, `has ${parts.length} parts, more than ${mostParts}`);
  return parts;
}

/** Fields of the file, null where there is none. */
export type Json = Record<string, unknown>;

/** @throws UserError that says which part of the file is not computed here as in Python. */
export function refuse(where: string, what: string): never {
  throw new UserError(
    `This tokenizer.json cannot be used: ${where} ${what}. Use a tokenizer.json without it, or create the ids with ` +
      "Python's tokenizers.",
  );
}

/** @param type - of a part that does not say it. */
export function readPart(value: unknown, where: string, type?: string): Part {
  if (!isRecord(value)) refuse(where, `is ${shown(value)}, not an object with a type`);
  const known = new Set(["type"]);
  const said = type ?? value.type;
  if (typeof said !== "string") refuse(where, `has the type ${shown(said)}`);
  const field = <Value>(name: string, otherwise: Value | undefined, is: (found: unknown) => found is Value): Value => {
    known.add(name);
    const found = value[name];
    if (is(found)) return found;
    if ((found === undefined || found === null) && otherwise !== undefined) return otherwise;
    return refuse(where, `(${said}) has the ${name} ${shown(found)}`);
  };
  return {
    where,
    type: said,
    flag: (name, otherwise) => field(name, otherwise, (found) => typeof found === "boolean"),
    text: (name, otherwise) => field(name, otherwise, isText),
    short: (name, otherwise) => {
      const text = field(name, otherwise, isText);
      if (text.length > longestToken) refuse(where, `(${said}) has the ${name} ${shown(text)}, ${tooLong(text)}`);
      return text;
    },
    whole: (name, least, otherwise) =>
      field(name, otherwise, (found): found is number => Number.isSafeInteger(found) && (found as number) >= least),
    oneOf: <Value extends string>(name: string, values: readonly Value[], otherwise?: Value) =>
      field(name, otherwise, (found): found is Value => values.includes(found as Value)),
    parts: (name) =>
      checkedParts(field<unknown[]>(name, undefined, Array.isArray), where).map((part, i) =>
        readPart(part, `${where}.${name}[${i}]`),
      ),
    any: (name) => {
      known.add(name);
      return value[name];
    },
    end() {
      const unknown = Object.keys(value).find((name) => !known.has(name));
      if (unknown !== undefined) refuse(where, `(${said}) has the unknown field ${unknown}: ${shown(value[unknown])}`);
    },
  };
}

/** UTF-16 units of a token that is looked for unit by unit; known tokenizers have up to 128. */
export const longestToken = 512;

export function tooLong(text: string): string {
  return `of ${text.length} characters, more than ${longestToken}`;
}

/** A part of a type that is not in the table of those that are computed here. */
export function unknownType({ where, type }: Part): never {
  return refuse(where, `is of the type ${type}, which does not give the same result as in Python`);
}

/** Half surrogates make no token in Python. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && !/\p{Cs}/u.test(value);
}

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function shown(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
