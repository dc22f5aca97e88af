// Turns options into a layer: checks them, fills in defaults, makes the description callable.
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import type { CustomKinds, Layer, LayerCall, LayerKind, LayerTensor } from "./layer.js";

/** Every layer takes a name; without one the model names it after its kind. */
export interface LayerOptions {
  /** Name of the layer in its model, which prefixes its parameters. */
  name?: string;
}

export function makeLayer(
  kind: LayerKind,
  schema: z.ZodObject,
  options: object,
  initial?: Layer["initial"],
  custom?: CustomKinds,
): Layer {
  const { name, rest } = splitName(kind, options);
  return layerOf({ kind, config: readOptions(kind, schema, rest), name, initial, custom });
}

/** The name, which every layer takes, apart from the options that only its kind knows. */
export function splitName(kind: string, options: object): { name: string; rest: Record<string, unknown> } {
  const { name = "", ...rest } = readOptions(kind, z.looseObject({ name: z.string().optional() }), options);
  return { name, rest };
}

const noKinds: CustomKinds = new Map();

/** A layer from a description that is known to be right. */
export function layerOf({
  kind,
  config,
  name,
  initial = {},
  custom = noKinds,
}: Pick<Layer, "kind" | "config" | "name"> & Partial<Pick<Layer, "initial" | "custom">>): Layer {
  const layer = (inputs: LayerTensor | readonly LayerTensor[]): LayerTensor => {
    const list = "source" in inputs ? [inputs] : [...inputs];
    for (const input of list)
      if (typeof input !== "object" || input === null || !("source" in input))
        throw new UserError(
          `${kind} is called on tensors of a model, such as input({ shape: [10] }), not on ${describe(input)}; pass data to model.fit or model.predict.`,
        );
    const call: LayerCall = { layer: layer as Layer, inputs: list };
    return { source: call, output: "result" };
  };
  for (const [key, value] of Object.entries({ kind, config, name, initial, custom }))
    Object.defineProperty(layer, key, { value, enumerable: true });
  return layer as unknown as Layer;
}

/** The options in full, or an error that names the one that is wrong. */
export function readOptions<S extends z.ZodType>(what: string, schema: S, options: unknown): z.output<S> {
  const read = schema.safeParse(options);
  if (read.success) return read.data;
  // A misspelt option also leaves the right one out: the misspelling is the better news.
  const issue = read.error.issues.find(({ code }) => code === "unrecognized_keys") ?? read.error.issues[0];
  if (issue.code === "unrecognized_keys") {
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const [key] = issue.keys;
    throw new UserError(
      `${what} has no option '${key}'; it has ${known.join(", ") || "none"}.${didYouMean(key, known)}`,
    );
  }
  let received: unknown = options;
  for (const key of issue.path) received = (received as Record<PropertyKey, unknown> | undefined)?.[key];
  const option = issue.path.length > 0 ? `'${issue.path.join(".")}' of ${what}` : `the options of ${what}`;
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const hint = typeof received === "string" ? didYouMean(received, values) : "";
    throw new UserError(`${option} is ${values.join(" or ")}, got ${describe(received)}.${hint}`);
  }
  const message = issue.message.replace(/^Invalid input: /, "").replace(/, received .*$/, "");
  throw new UserError(`${option}: ${message}, got ${describe(received)}.`);
}

/** A value as an error names it, cut short. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export const positiveInteger = z.int().positive();
export const rateSchema = z.number().min(0).lt(1);
