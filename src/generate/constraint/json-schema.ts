// JSON schemas to patterns: every string that the pattern matches is JSON that the schema holds for.
// Source: JSON Schema 2020-12, of which the part that describes a finite shape is known.
import { UserError } from "../../base/errors.js";
import { isDeeperThan } from "../../base/json-depth.js";
import { option } from "../../base/option.js";
import { jsonStringPattern, stringCharacter } from "./json-strings.js";
import { mostRepetitions, parseRegex } from "./parse-regex.js";
import { either, literalPattern, nothing, oneOfTexts, optional, type Pattern, repeated, sequence } from "./pattern.js";

type Schema = Readonly<Record<string, unknown>>;

/** Say nothing of the value. */
const annotations = ["$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default"].concat([
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);
const keywordsOf: Record<string, readonly string[]> = {
  object: ["properties", "required", "additionalProperties"],
  array: ["items", "minItems", "maxItems"],
  string: ["pattern", "minLength", "maxLength", "format"],
  number: [],
  integer: [],
  boolean: [],
  null: [],
};
const typeNames = Object.keys(keywordsOf);

/** Where nothing is said of a value, it is nested at most so often. */
const anyDepth = 2;
/** Digits before the point: integers stay exact in a double. */
const mostDigits = 15;

/** At most one space or line break between the parts: a model must not lose itself in white space. */
const gap = optional(pattern("[ \\n]"));
const formats: Record<string, string> = {
  date: "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8])",
  time: "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)",
  "date-time":
    "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)",
  uuid: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
};
const integer = pattern(`-?(0|[1-9]\\d{0,${mostDigits - 1}})`);
const number = sequence(integer, pattern(`(\\.\\d{1,${mostDigits}})?([eE][+-]?\\d{1,2})?`));
const boolean = pattern("true|false");

/**
 * Properties come in the order of the schema, others are not written. Strings, arrays and texts without a bound may be as
 * long as there are tokens. Known: type, properties, required, additionalProperties, items, minItems, maxItems, pattern,
 * minLength, maxLength, format (date, time, date-time, uuid), enum, const, anyOf, $ref into the document itself. A schema
 * that contains itself has no end and is refused.
 *
 * @throws UserError that names the place in the schema and what is not known there
 * @example
 * const pattern = jsonSchemaPattern({ type: "object", properties: { stars: { enum: [1, 2, 3] } }, required: ["stars"] });
 */
export function jsonSchemaPattern(schema: unknown): Pattern {
  if (isDeeperThan(deepestDocument, schema))
    throw fault({ path: "#" }, `it is nested more than ${deepestDocument} levels deep`);
  return valuePattern(schema, { root: schema, path: "#", refs: [], known: new Map(), count: { schemas: 0 } });
}

/** Lists and objects within each other; schemas that are followed, and those within each other. */
const deepestDocument = 400;
const mostSchemas = 50_000;
const deepestSchema = 100;

interface Place {
  root: unknown;
  /** For messages: "#/properties/stars". */
  path: string;
  /** References that are being followed. */
  refs: readonly string[];
  /** What references became: each is built once. */
  known: Map<string, Pattern>;
  count: { schemas: number };
  depth?: number;
}

function valuePattern(schema: unknown, place: Place): Pattern {
  const { depth = 0, count } = place;
  if (depth > deepestSchema) throw fault(place, `it is more than ${deepestSchema} schemas deep`);
  if (++count.schemas > mostSchemas) throw fault(place, `there are more than ${mostSchemas} schemas`);
  if (schema === true) return anyValue(anyDepth);
  if (schema === false) throw fault(place, "false allows no value at all");
  if (!isRecord(schema)) throw fault(place, `a schema is an object, not ${shown(schema)}`);
  if (schema.$ref !== undefined) return referencePattern(schema, place);
  if (schema.const !== undefined || schema.enum !== undefined) return fixedValues(schema, place);
  if (schema.anyOf !== undefined) {
    only(schema, ["anyOf"], place);
    const options = listOf(schema, "anyOf", place);
    return either(options.map((option, i) => valuePattern(option, below(place, `anyOf/${i}`))));
  }
  const types = typesOf(schema, place);
  if (!types) {
    only(schema, [], place);
    return anyValue(anyDepth);
  }
  only(schema, ["type", ...types.flatMap((type) => keywordsOf[type])], place);
  return either(types.map((type) => typedPattern(type, schema, place)));
}

function typedPattern(type: string, schema: Schema, place: Place): Pattern {
  if (type === "object") return objectPattern(schema, place);
  if (type === "array") return arrayPattern(schema, place);
  if (type === "string") return stringPattern(schema, place);
  if (type === "number") return number;
  if (type === "integer") return integer;
  return type === "boolean" ? boolean : literalPattern("null");
}

function objectPattern(schema: Schema, place: Place): Pattern {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (!isRecord(properties)) throw fault(place, `properties is an object, not ${shown(properties)}`);
  if (!Array.isArray(required)) throw fault(place, `required is a list of names, not ${shown(required)}`);
  const names = Object.keys(properties);
  const isRequired = new Set(required);
  for (const name of required)
    if (!Object.hasOwn(properties, String(name)))
      throw fault(place, `required names ${shown(name)}, which is not among the properties`);
  if (names.length === 0 && additionalProperties !== false) {
    const value =
      additionalProperties === undefined
        ? anyValue(anyDepth - 1)
        : valuePattern(additionalProperties, below(place, "additionalProperties"));
    return enclosed("{", repeated(sequence(jsonString(), colon, value), 0, Infinity, comma), "}");
  }
  const members = names.map((name) => ({
    isRequired: isRequired.has(name),
    pattern: sequence(
      literalPattern(JSON.stringify(name)),
      colon,
      valuePattern(properties[name], below(place, `properties/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)),
    ),
  }));
  return enclosed("{", { kind: "members", members, separator: comma }, "}");
}

function arrayPattern(schema: Schema, place: Place): Pattern {
  const least = countOf(schema, "minItems", 0, place);
  const most = countOf(schema, "maxItems", Infinity, place);
  if (least > most) throw fault(place, `minItems ${least} is more than maxItems ${most}`);
  const item = schema.items === undefined ? anyValue(anyDepth - 1) : valuePattern(schema.items, below(place, "items"));
  return enclosed("[", repeated(item, least, most, comma), "]");
}

function stringPattern(schema: Schema, place: Place): Pattern {
  const { pattern: source, format } = schema;
  const least = countOf(schema, "minLength", 0, place);
  const most = countOf(schema, "maxLength", Infinity, place);
  if (least > most) throw fault(place, `minLength ${least} is more than maxLength ${most}`);
  const hasLength = least > 0 || most < Infinity;
  if ([source !== undefined, format !== undefined, hasLength].filter(Boolean).length > 1)
    throw fault(place, "pattern, format and lengths cannot be combined; put the length into the pattern");
  if (format !== undefined) {
    if (!Object.hasOwn(formats, String(format)))
      throw fault(place, `format ${shown(format)} is not supported; supported are ${Object.keys(formats).join(", ")}`);
    return quoted(pattern(formats[String(format)]));
  }
  if (source === undefined) return jsonString(least, most);
  if (typeof source !== "string") throw fault(place, `pattern is a string, not ${shown(source)}`);
  const { pattern: parsed, fromStart, toEnd } = inPlace(place, () => parseRegex(source));
  const anything = repeated(stringCharacter, 0, Infinity);
  return quoted(sequence(fromStart ? nothing : anything, jsonStringPattern(parsed), toEnd ? nothing : anything));
}

function fixedValues(schema: Schema, place: Place): Pattern {
  only(schema, ["const", "enum", "type"], place);
  const values = schema.const !== undefined ? [schema.const] : listOf(schema, "enum", place);
  const types = typesOf(schema, place);
  const kept = values.filter((value) => !types || types.some((type) => isOfType(value, type)));
  if (kept.length === 0) throw fault(place, "no value of the enum has the type");
  return oneOfTexts(kept.map((value) => JSON.stringify(value)));
}

function referencePattern(schema: Schema, place: Place): Pattern {
  only(schema, ["$ref"], place);
  const ref = String(schema.$ref);
  if (!ref.startsWith("#"))
    throw fault(place, `$ref ${shown(ref)} points outside the document; put the definition into $defs`);
  if (place.refs.includes(ref))
    throw fault(place, `$ref ${shown(ref)} refers to itself; write out as many levels as you need`);
  const known = place.known.get(ref);
  if (known) return known;
  let target: unknown = place.root;
  for (const step of ref.slice(1).split("/").slice(1)) {
    const key = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    const inner = (isRecord(target) || Array.isArray(target)) && Object.hasOwn(target, key);
    if (!inner) throw fault(place, `$ref ${shown(ref)} does not exist`);
    target = (target as Record<string, unknown>)[key];
  }
  const found = valuePattern(target, { ...below(place, ""), path: ref, refs: [...place.refs, ref] });
  place.known.set(ref, found);
  return found;
}

/** Percent signs that are none of a URI's stand for themselves. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function anyValue(depth: number): Pattern {
  const plain = either([jsonString(), number, boolean, literalPattern("null")]);
  if (depth === 0) return plain;
  const inner = anyValue(depth - 1);
  const member = sequence(jsonString(), colon, inner);
  return either([
    plain,
    enclosed("[", repeated(inner, 0, Infinity, comma), "]"),
    enclosed("{", repeated(member, 0, Infinity, comma), "}"),
  ]);
}

const colon = sequence(literalPattern(":"), gap);
const comma = sequence(literalPattern(","), gap);

function enclosed(open: string, inner: Pattern, close: string): Pattern {
  return sequence(literalPattern(open), gap, inner, gap, literalPattern(close));
}

function jsonString(least = 0, most = Infinity): Pattern {
  return quoted(repeated(stringCharacter, least, most));
}

function quoted(inner: Pattern): Pattern {
  return sequence(literalPattern('"'), inner, literalPattern('"'));
}

function pattern(source: string): Pattern {
  return parseRegex(source).pattern;
}

function typesOf({ type }: Schema, place: Place): string[] | undefined {
  if (type === undefined) return undefined;
  const types = Array.isArray(type) ? type : [type];
  for (const one of types)
    if (!typeNames.includes(one)) throw fault(place, `type ${shown(one)} is not one of ${typeNames.join(", ")}`);
  if (types.length === 0) throw fault(place, "type is an empty list");
  return types;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isRecord(value);
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

function countOf(schema: Schema, name: string, preset: number, place: Place): number {
  const value = schema[name] ?? preset;
  if (value === preset) return preset;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > mostRepetitions)
    throw fault(place, `${name} is a whole number from 0 to ${mostRepetitions}, not ${shown(value)}`);
  return value;
}

function listOf(schema: Schema, name: string, place: Place): readonly unknown[] {
  const value = schema[name];
  if (!Array.isArray(value) || value.length === 0)
    throw fault(place, `${name} is a list of at least one item, not ${shown(value)}`);
  return value;
}

/** Every other keyword would be a promise that is not kept. */
function only(schema: Schema, known: readonly string[], place: Place): void {
  for (const keyword of Object.keys(schema))
    if (!known.includes(keyword) && !annotations.includes(keyword)) {
      const here = known.length > 0 ? `; supported here are ${[...new Set(known)].join(", ")}` : "; add a type";
      throw fault(place, `the keyword ${shown(keyword)} is not supported${here}`);
    }
}

function below(place: Place, step: string): Place {
  return { ...place, path: `${place.path}/${step}`, depth: (place.depth ?? 0) + 1 };
}

function inPlace<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw fault(place, error.spelled(option));
    throw error;
  }
}

function fault({ path: whole }: Pick<Place, "path">, what: string): UserError {
  const path = whole.length > 200 ? `${whole.slice(0, 200)}…` : whole;
  return new UserError(`The JSON schema cannot be used at ${path}: ${what}.`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
