// A network as a language model: scores, a generator, its files.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { wrongModel } from "../../folders/index.js";
import type { ModelFiles } from "../../folders/model-files.js";
import type { Decoder } from "../../generate/index.js";
import {
  type LanguageNetworkShape,
  languageNetworkOnnx,
  languageNetworkShapeSchema,
  lstmDecoder,
  type NetworkWeights,
  openScorer,
  parameterSpecs,
  transformerDecoder,
} from "../../networks/language/index.js";
import type { Tokenizer } from "../../text/tokenizers/index.js";
import type { LanguageModel } from "./language-model.js";

/** @throws UserError when the tokenizer's ids differ from the network's */
export async function networkLanguageModel(
  shape: LanguageNetworkShape,
  weights: NetworkWeights,
  tokenizer: Tokenizer,
  options: { threads: number },
): Promise<LanguageModel> {
  if (tokenizer.vocabSize > shape.vocabSize)
    throw new UserError(
      `the tokenizer has ${tokenizer.vocabSize} tokens, but the model has ${shape.vocabSize}: they belong to different models`,
    );
  const scorer = await openScorer(shape, weights, options);
  return {
    family: shape.family,
    tokenizer,
    vocabSize: shape.vocabSize,
    parameters: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
    contextLength: shape.family === "transformer" ? shape.contextLength : undefined,
    async logProbabilities(batch) {
      if (shape.objective === "masked")
        throw new UserError(
          `the model was pretrained to predict masked tokens (${option("objective")} masked), so it cannot compute ` +
            `the probability of a text. Pretrain one with ${option("objective")} next-token.`,
        );
      for (const id of batch.flatMap((ids) => [...ids]))
        if (!(id >= 0 && id < shape.vocabSize))
          throw new UserError(`${id} is not the id of any of the ${shape.vocabSize} tokens.`);
      return scorer.score(batch, tokenizer.roles.endOfText ?? 0);
    },
    ...(shape.objective === "next-token" && {
      openDecoder: () => networkDecoder(shape, weights, tokenizer, options),
    }),
    close: () => scorer.close(),
  };
}

/** A network as a generator. */
export function networkDecoder(
  shape: LanguageNetworkShape,
  weights: NetworkWeights,
  { roles }: Tokenizer,
  { threads }: { threads: number },
): Promise<Decoder> {
  const options = { threads, beginId: roles.endOfText ?? 0 };
  return shape.family === "lstm" ? lstmDecoder(shape, weights, options) : transformerDecoder(shape, weights, options);
}

export function networkFiles(shape: LanguageNetworkShape, weights: NetworkWeights, tokenizer: Tokenizer): ModelFiles {
  return {
    config: shape,
    tensors: new Map(weights),
    tokenizer: tokenizer.toJson(),
    onnx: languageNetworkOnnx(shape, weights),
  };
}

/** @throws UserError when the description or the weights do not belong to a network */
export function readNetwork(config: unknown, tensors: ModelFiles["tensors"]): [LanguageNetworkShape, NetworkWeights] {
  const shape = languageNetworkShapeSchema.safeParse(config);
  if (!shape.success) {
    const [issue] = shape.error.issues;
    throw wrongModel(`model.${issue.path.join(".")}: ${issue.message}`);
  }
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const { name, shape: size } of parameterSpecs(shape.data)) {
    const tensor = tensors.get(name);
    if (!tensor || tensor.shape.join() !== size.join() || !(tensor.data instanceof Float32Array))
      throw new UserError(`weights.safetensors has no '${name}' of shape [${size}] in 32-bit floats. Copy it again.`);
    weights.set(name, { shape: size, data: tensor.data });
  }
  return [shape.data, weights];
}
