// A tuned encoder, ready to answer: the vectors of texts as `embed` computes them, and the last layer on them.
import type { ModelFiles } from "../../folders/index.js";
import {
  type EncoderWeights,
  eightBitBuild,
  encoderTable,
  openTextEncoder,
  parameterCount,
  quantizeEncoder,
  type TextEncoder,
} from "../../networks/encoders/index.js";
import {
  type AnswerForm,
  type NetworkWeights,
  type OpenedNetwork,
  quantizedTensors,
  textNetworkOnnx,
} from "../../networks/index.js";
import { answersOnnx, type LowRank, type TunedEncoderShape, tunedEncoder } from "../../networks/tuned-encoder/index.js";
import { openSession } from "../../runtime/index.js";
import { loadFramedTokenizer, neutralToken } from "../../text/tokenizers/index.js";
import type { BaseReference } from "./base-reference.js";
import type { TextModel } from "./family.js";
import { inEightBits } from "./in-eight-bits.js";

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
export function openVectors({ shape, reading }: TunedKind, weights: EncoderWeights, threads: number): TextEncoder {
  const { encoder, vector, maxLength } = shape;
  const { weights: floats, quantized } = weights;
  return openTextEncoder(
    { shape: encoder, vector, weights: floats, quantized, maxLength, ...reading, encodesEmpty: true },
    threads,
  );
}

/**
 * @param whole - the weights of the whole network, with updates merged
 * @param open - vectors of them, if they are open; the model closes them, but not where this throws
 */
export async function openTunedEncoder(
  kind: TunedKind,
  whole: EncoderWeights,
  threads: number,
  update?: KeptUpdate,
  open?: TextEncoder,
): Promise<TextModel> {
  const {
    family,
    shape: { width },
    form,
    reading,
  } = kind;
  const lastOnnx = answersOnnx(whole.weights, form);
  const vectors = open ?? openVectors(kind, whole, threads);
  const last = await openSession(lastOnnx, { threads: 1 }).catch(async (error) => {
    if (!open) await vectors.close();
    throw error;
  });
  const prompted = (texts: readonly string[]) =>
    reading.prompt === "" ? texts : texts.map((text) => reading.prompt + text);
  const encode = async (texts: readonly string[]) => (await vectors.encode(prompted(texts))).vectors;
  /** Made when it is first asked for: its tokenizer may be large. */
  let opened: OpenedNetwork | undefined;
  return {
    family,
    width,
    parameters: parameterCount(whole),
    encoder: { dim: vectors.dim, encode },
    exported: exportedOf(kind, whole),
    ...(!whole.quantized && {
      network() {
        opened ??= openedNetwork(kind, whole.weights);
        return opened;
      },
    }),
    flops: async (texts) => (await vectors.flops(prompted(texts))) + 2 * texts.length * vectors.dim * width,
    async predict(texts) {
      if (texts.length === 0) return new Float32Array();
      const data = await encode(texts);
      const outputs = await last.run({ vectors: { data, shape: [texts.length, vectors.dim], type: "float32" } });
      return outputs[form.output].data as Float32Array;
    },
    async files() {
      if (!update) return wholeFiles(kind, whole);
      const { base, lowRank, weights: tensors } = update;
      return { config: { ...configOf(kind), update: { base, ...lowRank } }, tensors };
    },
    async quantize() {
      if (whole.quantized) throw inEightBits();
      return wholeFiles(kind, quantizeEncoder(whole));
    },
    async close() {
      await vectors.close();
      await last.close();
    },
  };
}

function openedNetwork({ family, shape, form, reading }: TunedKind, weights: NetworkWeights): OpenedNetwork {
  const { prompt, lowercase, tokenizerJson } = reading;
  const [pooling] = shape.vector.pooling;
  const { tokenizer, frame, encode } = loadFramedTokenizer(tokenizerJson, { lowercase });
  return {
    network: tunedEncoder(shape, family),
    weights,
    form,
    table: encoderTable,
    pooled: pooling === "cls" ? "first" : pooling === "lasttoken" ? "last" : undefined,
    reading: {
      idsOf: (text) => encode(prompt + text, shape.maxLength),
      pieces: (text) => tokenizer.encode(text),
      before: frame.before.length,
      after: frame.after.length,
      prompt,
      unknown: tokenizer.roles.unknown,
      baseline: neutralToken(tokenizer),
    },
  };
}

/** In float32 alone: other libraries know nothing of these 8 bits. */
function exportedOf({ family, shape, form, reading }: TunedKind, { weights, quantized }: EncoderWeights) {
  if (quantized) return undefined;
  const { encoder, vector, width, maxLength } = shape;
  return {
    network: { encoder, vector, weights, maxLength, ...reading, head: { form, width } },
    onnx: () => textNetworkOnnx(tunedEncoder(shape, family), form, weights),
  };
}

function configOf({ family, shape, form, reading: { prompt, lowercase } }: TunedKind) {
  return { family, ...shape, prompt, lowercase, ...(form.amounts && { amounts: form.amounts }) };
}

function wholeFiles(kind: TunedKind, { weights, quantized }: EncoderWeights): ModelFiles {
  const { family, shape, form, reading } = kind;
  const network = tunedEncoder(shape, family);
  if (!quantized)
    return {
      config: configOf(kind),
      tensors: weights,
      onnx: textNetworkOnnx(network, form, weights),
      tokenizer: reading.tokenizerJson,
    };
  return {
    config: { ...configOf(kind), bits: 8 },
    tensors: new Map([...weights, ...quantizedTensors(quantized)]),
    onnx: textNetworkOnnx(network, form, weights, (build) => eightBitBuild(build, quantized)),
    tokenizer: reading.tokenizerJson,
  };
}
