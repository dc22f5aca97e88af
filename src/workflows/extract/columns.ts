// The columns that the properties of a JSON schema become, and their types. The schema is one that `jsonSchemaPattern` took.
import { UserError } from "../../base/errors.js";
import type { NewColumn } from "../../tables/index.js";

type Schema = Readonly<Record<string, unknown>>;

export interface FieldColumn extends NewColumn {
  /** As it stands in the table, before DuckDB gives it its type. */
  written(value: unknown): string | null;
}

/** What becomes one column, however it is nested. */
const json = "JSON";

/**
 * A column for each property: texts, numbers, booleans, dates and UUIDs have their types, objects and lists are STRUCT and LIST where
 * all their values have a type, and JSON where they have several.
 *
 * @throws UserError where the schema is not that of an object with properties
 * @example
 * fieldColumns({ type: "object", properties: { stars: { type: "integer" } } }); // [{ name: "stars", writtenAs: "BIGINT", … }]
 */
export function fieldColumns(schema: unknown): FieldColumn[] {
  const top = resolved(schema, schema);
  const properties = top.properties as Schema | undefined;
  if (top.type !== "object" || !properties || Object.keys(properties).length === 0)
    throw new UserError(
      'The JSON schema describes no columns: it must be that of an object with properties, such as {"type": "object", ' +
        '"properties": {"city": {"type": "string"}}, "required": ["city"]}.',
    );
  return Object.entries(properties).map(([name, property]) => {
    const type = typeOf(property, schema) ?? "VARCHAR";
    const isWhole = type === json || /[[(]/.test(type);
    return {
      name,
      type: "VARCHAR",
      ...(type !== "VARCHAR" && { writtenAs: type }),
      written(value) {
        if (value === undefined || value === null) return null;
        if (isWhole) return JSON.stringify(value);
        // A date that the schema allows, but the calendar does not have.
        return type === "DATE" && String(value).startsWith("0000") ? null : String(value);
      },
    };
  });
}

/** DuckDB's type; undefined for null alone. */
function typeOf(given: unknown, root: unknown): string | undefined {
  const schema = resolved(given, root);
  if (schema.const !== undefined || schema.enum !== undefined)
    return common((schema.const !== undefined ? [schema.const] : (schema.enum as unknown[])).map(typeOfValue));
  if (schema.anyOf !== undefined) return common((schema.anyOf as unknown[]).map((one) => typeOf(one, root)));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  return types.length === 0 ? json : common(types.map((type) => typeOfKind(type as string, schema, root)));
}

function typeOfKind(kind: string, schema: Schema, root: unknown): string | undefined {
  if (kind === "null") return undefined;
  if (kind === "integer") return "BIGINT";
  if (kind === "number") return "DOUBLE";
  if (kind === "boolean") return "BOOLEAN";
  if (kind === "string") return schema.format === "date" ? "DATE" : schema.format === "uuid" ? "UUID" : "VARCHAR";
  if (kind === "array") {
    const item = schema.items === undefined ? json : typeOf(schema.items, root);
    return item === undefined || item === json ? json : `${item}[]`;
  }
  const fields = Object.entries((schema.properties ?? {}) as Schema);
  const types = fields.map(([, field]) => typeOf(field, root) ?? "VARCHAR");
  // For DuckDB names that differ in case alone are the same.
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  if (fields.length === 0 || types.includes(json) || names.size < fields.length || names.has("")) return json;
  return `STRUCT(${fields.map(([name], i) => `"${name.replaceAll('"', '""')}" ${types[i]}`).join(", ")})`;
}

function typeOfValue(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) ? "BIGINT" : "DOUBLE";
  return typeof value === "string" ? "VARCHAR" : typeof value === "boolean" ? "BOOLEAN" : json;
}

function common(all: readonly (string | undefined)[]): string | undefined {
  const types = new Set(all.filter((type) => type !== undefined));
  if (types.size < 2) return [...types][0];
  return [...types].every((type) => type === "BIGINT" || type === "DOUBLE") ? "DOUBLE" : json;
}

/** What a reference within the document means. */
function resolved(schema: unknown, root: unknown): Schema {
  if (typeof schema !== "object" || schema === null) return {};
  const { $ref: ref } = schema as Schema;
  if (typeof ref !== "string") return schema as Schema;
  let target: unknown = root;
  for (const step of ref.slice(1).split("/").slice(1)) {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    target = (target as Record<string, unknown>)[key];
  }
  return resolved(target, root);
}
