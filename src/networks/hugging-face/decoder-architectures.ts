// The decoders of others that are read: one table, by the model_type of their config.json.
import { UserError } from "../../base/errors.js";
import type { DecoderArchitecture } from "./architecture.js";
import { encoderTypes } from "./encoder-architectures.js";
import { gpt2 } from "./gpt2.js";
import { llama, mistral, qwen2, qwen3 } from "./llama.js";

export const decoderArchitectures = { gpt2, llama, mistral, qwen2, qwen3 } satisfies Record<
  string,
  DecoderArchitecture
>;

export type DecoderType = keyof typeof decoderArchitectures;
export const decoderTypes = Object.keys(decoderArchitectures) as DecoderType[];

/** @throws UserError for a type that is not in the table */
export function decoderArchitecture(
  type: unknown,
  folder: string,
): { type: DecoderType; architecture: DecoderArchitecture } {
  if (typeof type === "string" && Object.hasOwn(decoderArchitectures, type))
    return { type: type as DecoderType, architecture: decoderArchitectures[type as DecoderType] };
  const shown = typeof type === "string" ? `'${type.slice(0, 60)}'` : "missing";
  const what = (encoderTypes as readonly unknown[]).includes(type)
    ? `'${folder}' is an encoder (its model_type is ${shown}), but a model that writes texts is needed here`
    : `'${folder}' is a model of a type that is not supported (its model_type is ${shown})`;
  throw new UserError(`${what}. Supported models that write texts: ${decoderTypes.join(", ")}.`);
}
