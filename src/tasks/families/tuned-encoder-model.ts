// A tuned encoder, ready to answer: the vectors of texts as `embed` computes them, and the last layer on them.
import { openTextEncoder, type TextEncoder } from "../../networks/encoders/index.js";
import { type AnswerForm, type NetworkWeights, textNetworkOnnx } from "../../networks/index.js";
import { answersOnnx, type LowRank, type TunedEncoderShape, tunedEncoder } from "../../networks/tuned-encoder/index.js";
import { openSession } from "../../runtime/index.js";
import type { BaseReference } from "./base-reference.js";
import type { TextModel } from "./family.js";

export interface TunedKind {
  family: string;
  shape: TunedEncoderShape;
  form: AnswerForm;
  /** How texts are read: what stands before each, and the tokenizer. */
  reading: { prompt: string; lowercase: boolean; tokenizerJson: string };
}

/** What a folder keeps instead of the whole network: what was learned beside a base that it names. */
export interface KeptUpdate {
  base: BaseReference;
  lowRank: LowRank;
  /** The updates and the last layer. */
  weights: NetworkWeights;
}

/** What the last layer reads: vectors of texts. @param weights - of the encoder, at least */
export function openVectors({ shape, reading }: TunedKind, weights: NetworkWeights, threads: number): TextEncoder {
  const { encoder, vector, maxLength } = shape;
  return openTextEncoder({ shape: encoder, vector, weights, maxLength, ...reading, encodesEmpty: true }, threads);
}

/**
 * @param weights - of the whole network, with updates merged
 * @param vectors - of them, if they are open; the model closes them
 */
export async function openTunedEncoder(
  kind: TunedKind,
  weights: NetworkWeights,
  threads: number,
  update?: KeptUpdate,
  vectors = openVectors(kind, weights, threads),
): Promise<TextModel> {
  const { family, shape, form, reading } = kind;
  const { width } = shape;
  const last = await openSession(answersOnnx(weights, form), { threads: 1 });
  const encode = async (texts: readonly string[]) =>
    (await vectors.encode(reading.prompt === "" ? texts : texts.map((text) => reading.prompt + text))).vectors;
  return {
    family,
    width,
    parameters: [...weights.values()].reduce((sum, { data }) => sum + data.length, 0),
    encoder: { dim: vectors.dim, encode },
    async predict(texts) {
      if (texts.length === 0) return new Float32Array();
      const data = await encode(texts);
      const outputs = await last.run({ vectors: { data, shape: [texts.length, vectors.dim], type: "float32" } });
      return outputs[form.output].data as Float32Array;
    },
    async files() {
      const { prompt, lowercase, tokenizerJson } = reading;
      const config = { family, ...shape, prompt, lowercase, ...(form.amounts && { amounts: form.amounts }) };
      if (update) {
        const { base, lowRank, weights: tensors } = update;
        return { config: { ...config, update: { base, ...lowRank } }, tensors };
      }
      const onnx = textNetworkOnnx(tunedEncoder(shape, family), form, weights);
      return { config, tensors: weights, onnx, tokenizer: tokenizerJson };
    },
    async close() {
      await vectors.close();
      await last.close();
    },
  };
}
