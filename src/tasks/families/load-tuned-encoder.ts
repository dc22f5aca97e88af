// A tuned encoder from the files of its folder.
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { type ModelFiles, wrongModel } from "../../folders/index.js";
import { type EncoderWeights, eightBitSpecs, isEightBit } from "../../networks/encoders/index.js";
import {
  type AnswerForm,
  type NetworkWeights,
  networkParameters,
  outputName,
  type TextNetwork,
  takeQuantized,
  textNetworkWeights,
} from "../../networks/index.js";
import {
  isLowRankPart,
  lowRankSchema,
  mergeLowRank,
  type TunedEncoderShape,
  tunedEncoder,
  tunedEncoderSchema,
} from "../../networks/tuned-encoder/index.js";
import { loadFramedTokenizer } from "../../text/tokenizers/index.js";
import { baseReferenceSchema, findReferred } from "./base-reference.js";
import type { TextModel } from "./family.js";
import { formWithAmounts, requireTokenizer } from "./network-model.js";
import { openTunedEncoder } from "./tuned-encoder-model.js";

export type TunedFamilyName = "full" | "lora" | "pairs";

/** @throws UserError when the files do not belong to such a model */
export async function loadTunedEncoder(
  name: TunedFamilyName,
  form: AnswerForm,
  { config, tensors, tokenizer }: ModelFiles,
  threads: number,
): Promise<TextModel> {
  const { shape, prompt, lowercase, update, bits } = readConfig(config, name);
  const base = update && (await findReferred(update.base));
  const tokenizerJson = base?.tokenizerJson ?? requireTokenizer(tokenizer);
  checkTokenizer(tokenizerJson, lowercase, shape);
  const kind = {
    family: name,
    shape,
    form: formWithAmounts(form, config),
    reading: { prompt, lowercase, tokenizerJson },
  };
  if (!base) {
    const whole = tunedEncoder(shape, name);
    return openTunedEncoder(
      kind,
      bits ? eightBitWeights(whole, tensors) : { weights: textNetworkWeights(whole, tensors) },
      threads,
    );
  }
  const network = tunedEncoder(shape, name, update);
  const weights = textNetworkWeights(network, new Map([...base.weights, ...tensors]));
  const kept = { base: update.base, lowRank: update, weights: learntParts(weights) };
  return openTunedEncoder(kind, { weights: mergeLowRank(weights, update) }, threads, kept);
}

function eightBitWeights(network: TextNetwork, tensors: ModelFiles["tensors"]): EncoderWeights {
  const weights = textNetworkWeights(network, tensors, (name) => !isEightBit(name));
  return { weights, quantized: takeQuantized(eightBitSpecs(networkParameters(network)), tensors) };
}

/** What an update of low rank learns: it, and the last layer. */
export function learntParts(weights: NetworkWeights): NetworkWeights {
  return new Map([...weights].filter(([name]) => isLowRankPart(name) || name.startsWith(`${outputName}/`)));
}

const readingSchema = z.object({
  family: z.string(),
  prompt: z.string().max(2 ** 16),
  lowercase: z.boolean(),
  /** Of the matrices of the encoder, where they are fewer than 32. */
  bits: z.literal(8).optional(),
  update: lowRankSchema.extend({ base: baseReferenceSchema }).optional(),
});

function readConfig(config: unknown, family: TunedFamilyName) {
  const [reading, shape] = [readingSchema.safeParse(config), tunedEncoderSchema.safeParse(config)];
  if (reading.success && shape.success && reading.data.family === family)
    return { shape: shape.data satisfies TunedEncoderShape, ...reading.data };
  const error = reading.error ?? shape.error;
  const what = error ? z.prettifyError(error) : `it describes a model of the family ${reading.data?.family}`;
  throw wrongModel(`it has no valid fine-tuned encoder under 'model': ${what}`);
}

function checkTokenizer(json: string, lowercase: boolean, { encoder, maxLength }: TunedEncoderShape): void {
  const { tokenizer, frame } = loadFramedTokenizer(json, { lowercase });
  const largest = Math.max(tokenizer.vocabSize - 1, ...frame.before, ...frame.after);
  if (largest >= encoder.vocabSize)
    throw new UserError(
      `tokenizer.json gives ids up to ${largest}, but the network has vectors for ${encoder.vocabSize} tokens: the files ` +
        "belong to different models. Copy the whole folder again.",
    );
  if (maxLength <= frame.before.length + frame.after.length)
    throw wrongModel(`its texts of ${maxLength} tokens have no room beside the special ones of tokenizer.json`);
}
