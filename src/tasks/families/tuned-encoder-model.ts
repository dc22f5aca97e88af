// A tuned encoder, ready to answer: the vectors of texts as `embed` computes them, and the last layer on them.
import { openTextEncoder } from "../../networks/encoders/index.js";
import { type AnswerForm, type NetworkWeights, textNetworkOnnx } from "../../networks/index.js";
import { answersOnnx, type TunedEncoderShape, tunedEncoder } from "../../networks/tuned-encoder/index.js";
import { openSession } from "../../runtime/index.js";
import type { TextModel } from "./family.js";

export interface TunedKind {
  family: string;
  shape: TunedEncoderShape;
  form: AnswerForm;
  /** How texts are read: what stands before each, and the tokenizer. */
  reading: { prompt: string; lowercase: boolean; tokenizerJson: string };
}

/** @param weights - of the whole network */
export async function openTunedEncoder(kind: TunedKind, weights: NetworkWeights, threads: number): Promise<TextModel> {
  const { family, shape, form, reading } = kind;
  const { encoder, vector, width, maxLength } = shape;
  const vectors = openTextEncoder(
    { shape: encoder, vector, weights, maxLength, ...reading, encodesEmpty: true },
    threads,
  );
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
    files: async () => ({
      config: {
        family,
        ...shape,
        prompt: reading.prompt,
        lowercase: reading.lowercase,
        ...(form.amounts && { amounts: form.amounts }),
      },
      tensors: weights,
      onnx: textNetworkOnnx(tunedEncoder(shape, family), form, weights),
      tokenizer: reading.tokenizerJson,
    }),
    async close() {
      await vectors.close();
      await last.close();
    },
  };
}
