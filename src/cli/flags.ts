// From an option schema to commander's flags, and from what was typed back to checked options.
import { type Command, Option } from "commander";
import type { z } from "zod";
import { UserError } from "../base/errors.js";
import { spellOptions } from "../base/option.js";
import { didYouMean } from "../base/suggest.js";
import { flagOf } from "./flag-of.js";

interface Flag {
  key: string;
  /** --time-budget */
  name: string;
  kind: "boolean" | "number" | "string" | "array" | "enum";
  choices: string[];
  default?: unknown;
  isRequired: boolean;
  description: string;
  value: string;
  expects: string;
}

export function addFlags(command: Command, schema: z.ZodObject): void {
  for (const flag of flagsOf(schema)) {
    const notation = flag.kind === "boolean" ? flag.name : `${flag.name} <${flag.value}>`;
    const choices = flag.kind === "enum" ? `: ${flag.choices.join(", ")}` : "";
    const isTold =
      /\S/.test(String(flag.default ?? "")) && flag.kind !== "boolean" && !/default/.test(flag.description);
    const note = flag.isRequired ? " (required)" : isTold ? ` (default: ${flag.default})` : "";
    const option = new Option(notation, `${flag.description}${choices}${note}`);
    if (flag.kind === "array") option.argParser((value: string, previous: string[] = []) => [...previous, value]);
    command.addOption(option);
  }
}

/** @throws UserError that names the flag, what it got and what it wants */
export function readFlags<Schema extends z.ZodObject>(
  schema: Schema,
  typed: Record<string, unknown>,
  command: string,
): z.output<Schema> {
  const flags = flagsOf(schema);
  const values: Record<string, unknown> = {};
  for (const flag of flags) {
    const value = typed[flag.key];
    if (value === undefined && flag.isRequired)
      throw new UserError(
        `${command} needs ${flag.name} <${flag.value}>: ${flag.description}. Try: columnist ${command} --help`,
      );
    if (value !== undefined)
      values[flag.key] = flag.kind === "number" && /\S/.test(String(value)) ? Number(value) : value;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const key = String(parsed.error.issues[0].path[0]);
  const flag = flags.find((one) => one.key === key);
  if (!flag) throw new Error(parsed.error.message);
  const got = Array.isArray(typed[key]) ? typed[key].join(" ") : String(typed[key]);
  const wanted = flag.kind === "enum" ? `one of ${flag.choices.join(", ")}` : flag.expects;
  const hint = flag.kind === "enum" ? didYouMean(got, flag.choices) : "";
  throw new UserError(`${flag.name} must be ${wanted}, not '${got}'.${hint}`);
}

function flagsOf(schema: z.ZodObject): Flag[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, field]) => {
    const meta = field.meta() ?? {};
    let inner = field;
    let isRequired = true;
    let preset: unknown;
    for (let def = defOf(inner); def.type === "optional" || def.type === "default"; def = defOf(inner)) {
      isRequired = false;
      preset ??= def.defaultValue;
      inner = def.innerType!;
    }
    const { type, entries = {} } = defOf(inner);
    return {
      key,
      name: flagOf(key),
      kind: type as Flag["kind"],
      choices: Object.values(entries),
      default: preset,
      isRequired,
      description: spellOptions(meta.description ?? "", flagOf),
      value: String(meta.value ?? "value"),
      expects: String(meta.expects ?? `a ${type}`),
    };
  });
}

interface Definition {
  type: string;
  innerType?: z.ZodType;
  defaultValue?: unknown;
  entries?: Record<string, string>;
}

function defOf(field: z.ZodType): Definition {
  return field.def as Definition;
}
