// The encoders of others that are read: one table, by the model_type of their config.json.
import { UserError } from "../../base/errors.js";
import type { EncoderArchitecture } from "./architecture.js";
import { bert, roberta, xlmRoberta } from "./bert.js";
import { distilbert } from "./distilbert.js";
import { modernbert } from "./modernbert.js";
import { mpnet } from "./mpnet.js";

export const encoderArchitectures = {
  bert,
  distilbert,
  roberta,
  "xlm-roberta": xlmRoberta,
  mpnet,
  modernbert,
} satisfies Record<string, EncoderArchitecture>;

export type EncoderType = keyof typeof encoderArchitectures;
export const encoderTypes = Object.keys(encoderArchitectures) as EncoderType[];

/** Types that write texts, to say so; the most common ones. */
const decoders =
  /^(gpt\w*|llama\w*|mistral\w*|mixtral\w*|qwen\w*|gemma\w*|phi\w*|falcon\w*|opt|bloom|smollm\w*|starcoder\w*|olmo\w*|granite\w*|deepseek\w*|cohere\w*|mamba\w*|stablelm|t5|mt5|bart|mbart|pegasus|marian)$/;

/** @throws UserError for a type that is not in the table */
export function encoderArchitecture(
  type: unknown,
  folder: string,
): { type: EncoderType; architecture: EncoderArchitecture } {
  if (typeof type === "string" && Object.hasOwn(encoderArchitectures, type))
    return { type: type as EncoderType, architecture: encoderArchitectures[type as EncoderType] };
  const shown = typeof type === "string" ? `'${type.slice(0, 60)}'` : "missing";
  const what =
    typeof type === "string" && decoders.test(type)
      ? `'${folder}' is a model that writes texts (its model_type is ${shown}), but an encoder is needed here`
      : `'${folder}' is a model of a type that is not supported (its model_type is ${shown})`;
  throw new UserError(`${what}. Supported encoders: ${encoderTypes.join(", ")}.`);
}
