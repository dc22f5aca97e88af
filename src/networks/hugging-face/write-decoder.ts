// A language model of ours as a folder in Hugging Face's layout, where transformers have a class that computes the same.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { writeSafetensors } from "../../formats/safetensors-file.js";
import type { Tokenizer } from "../../text/tokenizers/index.js";
import type { LanguageNetworkShape, TransformerShape } from "../language/shape.js";
import type { NetworkWeights } from "../network-weights.js";
import type { DecoderArchitecture } from "./architecture.js";
import { type DecoderType, decoderArchitectures } from "./decoder-architectures.js";
import { plainFrequencies } from "./rotary-frequencies.js";
import { jsonText, tokenizerFiles, writeTexts } from "./tokenizer-config.js";
import { theirWeights } from "./write-weights.js";

export interface DecoderToWrite {
  shape: LanguageNetworkShape;
  weights: NetworkWeights;
  tokenizer: Tokenizer;
}

/**
 * @param folder - there, and empty
 * @throws UserError where no architecture of transformers computes the same
 */
export function writeDecoder(folder: string, { shape, weights, tokenizer }: DecoderToWrite): { type: DecoderType } {
  const { type, config } = architectureOf(shape);
  const architecture: DecoderArchitecture = decoderArchitectures[type];
  const end = tokenizer.roles.endOfText;
  const ends = end === undefined ? {} : { bos_token_id: end, eos_token_id: end };
  const reading = { tokenizerJson: tokenizer.toJson(), lowercase: false, maxLength: shape.contextLength };
  const files = tokenizerFiles(reading);
  const named = end === undefined ? undefined : tokenizer.idToToken(end);
  const settings = { ...JSON.parse(files.get("tokenizer_config.json")!), bos_token: named, eos_token: named };
  files.set("tokenizer_config.json", jsonText(settings));
  files.set(
    "config.json",
    jsonText({ architectures: [architecture.className], model_type: type, ...config, ...ends, dtype: "float32" }),
  );
  files.set("generation_config.json", jsonText(ends));
  writeTexts(folder, files);
  const { prefix } = architecture.names;
  // The head stands beside what has the prefix.
  const tensors = [...theirWeights(weights, architecture.names)].map(
    ([name, tensor]) => [name.startsWith("lm_head.") ? name : prefix + name, tensor] as const,
  );
  writeSafetensors(join(folder, "model.safetensors"), new Map(tensors), { format: "pt" });
  return { type };
}

/** The architecture that reads this shape, told by trying. @throws UserError where there is none */
function architectureOf(shape: LanguageNetworkShape): { type: DecoderType; config: object } {
  if (shape.family === "transformer" && shape.objective === "next-token") {
    const whole = plainly(withDefaults(shape));
    for (const [type, architecture] of Object.entries(decoderArchitectures) as [DecoderType, DecoderArchitecture][]) {
      try {
        const config = plainly(architecture.config?.(whole as TransformerShape)) as object;
        const read = withDefaults(architecture.shape(config, "config.json"));
        if (isDeepStrictEqual(plainly({ ...read, dropout: shape.dropout }), whole)) return { type, config };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
  }
  const what =
    shape.family === "lstm" ? "An LSTM" : shape.objective === "masked" ? "A masked model" : "This arrangement";
  throw new UserError(
    `${what} is no architecture of transformers, so there is no config.json for it. Pretrain with ${option("arrangement")} llama or ` +
      "gpt2 for a model that Python opens; any ONNX runtime opens the folder's model.onnx.",
  );
}

/** What is left out, spelt out. */
function withDefaults(shape: TransformerShape): TransformerShape {
  const { width, heads, useBias, positions, headWidth = width / heads } = shape;
  return {
    ...shape,
    headWidth,
    attentionBias: shape.attentionBias ?? { input: useBias, output: useBias },
    epsilon: shape.epsilon ?? 1e-5,
    isUntied: shape.isUntied ?? false,
    ...(positions === "rotary" && {
      rotaryFrequencies: shape.rotaryFrequencies ?? plainFrequencies(10_000, headWidth),
      rotaryPairs: shape.rotaryPairs ?? "halves",
    }),
  };
}

const plainly = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
