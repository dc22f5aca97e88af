// A network as a language model: scores, a generator, its files.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { wrongModel } from "../../folders/index.js";
import type { ModelFiles } from "../../folders/model-files.js";
import { firstNotFinite } from "../../formats/finite.js";
import type { Decoder } from "../../generate/index.js";
import {
  type DecoderPrecision,
  type DecoderWeights,
  type LanguageNetworkShape,
  languageNetworkOnnx,
  languageNetworkShapeSchema,
  lstmDecoder,
  type NetworkWeights,
  openKeptScorer,
  openScorer,
  parameterSpecs,
  roundWeights,
  scoringFlops,
  type TransformerShape,
  takeWeights,
  transformerDecoder,
} from "../../networks/language/index.js";
import type { Tokenizer } from "../../text/tokenizers/index.js";
import type { LanguageModel, OpenLanguageModelOptions } from "./language-model.js";
import { noPrecision } from "./no-precision.js";

/** @throws UserError when the tokenizer's ids differ from the network's */
export async function networkLanguageModel(
  shape: LanguageNetworkShape,
  weights: NetworkWeights,
  tokenizer: Tokenizer,
  options: OpenLanguageModelOptions,
): Promise<LanguageModel> {
  if (tokenizer.vocabSize > shape.vocabSize)
    throw new UserError(
      `the tokenizer has ${tokenizer.vocabSize} tokens, but the model has ${shape.vocabSize}: they belong to different models`,
    );
  const rounded = roundedWeights(shape, weights, options.precision);
  const scorer = rounded
    ? await openKeptScorer(rounded.shape, rounded.weights, options)
    : await openScorer(shape, weights, options);
  return {
    family: shape.family,
    tokenizer,
    vocabSize: shape.vocabSize,
    parameters: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
    contextLength: shape.family === "transformer" ? shape.contextLength : undefined,
    flops: (batch) => scoringFlops(shape, batch),
    async logProbabilities(batch) {
      if (shape.objective === "masked")
        throw new UserError(
          `the model was pretrained to predict masked tokens (${option("objective")} masked), so it cannot compute ` +
            `the probability of a text. Pretrain one with ${option("objective")} next-token.`,
        );
      for (const id of batch.flatMap((ids) => [...ids]))
        if (!(id >= 0 && id < shape.vocabSize))
          throw new UserError(`${id} is not the id of any of the ${shape.vocabSize} tokens.`);
      const scored = await scorer.score(batch, tokenizer.roles.endOfText ?? 0);
      for (const values of scored) checkFiniteAnswer(values, "log-probability");
      return scored;
    },
    ...(shape.objective === "next-token" && {
      openDecoder: () => networkDecoder(shape, rounded?.weights ?? weights, tokenizer, options),
    }),
    close: () => scorer.close(),
  };
}

/** Weights can be finite and still make answers that are not. */
export function checkFiniteAnswer(values: Float32Array, what: string): void {
  const at = firstNotFinite(values);
  if (at >= 0)
    throw new UserError(
      `the model gives ${values[at]} as a ${what}: it is damaged or was changed. Copy the folder again or train again.`,
    );
}

function roundedWeights(
  shape: LanguageNetworkShape,
  weights: NetworkWeights,
  precision: DecoderPrecision = "float32",
): { shape: TransformerShape; weights: DecoderWeights } | undefined {
  if (precision === "float32") return undefined;
  if (shape.family === "lstm") throw noPrecision("an LSTM", precision);
  if (shape.objective === "masked") throw noPrecision("a model that predicts masked tokens", precision);
  return { shape, weights: roundWeights(weights, precision) };
}

/** A network as a generator. */
export async function networkDecoder(
  shape: LanguageNetworkShape,
  weights: DecoderWeights,
  { roles }: Tokenizer,
  { threads }: { threads: number },
): Promise<Decoder> {
  const options = { threads, beginId: roles.endOfText ?? 0 };
  const open =
    shape.family === "lstm"
      ? lstmDecoder(shape, weights as NetworkWeights, options)
      : transformerDecoder(shape, weights, options);
  return finiteDecoder(await open);
}

/** The same decoder, which throws where it gives a logit that is not finite. */
export function finiteDecoder(decoder: Decoder): Decoder {
  const checked = (logits: Float32Array) => {
    checkFiniteAnswer(logits, "logit");
    return logits;
  };
  return {
    ...decoder,
    start: async (prompts) => checked(await decoder.start(prompts)),
    step: async (tokens) => checked(await decoder.step(tokens)),
  };
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
  return [shape.data, takeWeights(() => parameterSpecs(shape.data), tensors)];
}
