// An encoder of ours as a folder in Hugging Face's layout, which transformers and sentence-transformers open: config.json,
// model.safetensors, tokenizer.json, modules.json. A last layer becomes the last of the modules, so that what is encoded are its
// answers; where transformers have a class with such a head, it stands in model.safetensors too.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../base/errors.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { writeSafetensors } from "../../formats/safetensors-file.js";
import type { EncoderShape, TextVectorShape, VectorActivation } from "../encoders/index.js";
import { moduleName } from "../encoders/text-vector.js";
import type { AnswerForm } from "../head.js";
import { outputBiasName, outputKernelName } from "../network.js";
import type { NetworkWeights } from "../network-weights.js";
import { transposed } from "../transposed.js";
import type { EncoderArchitecture } from "./architecture.js";
import { type EncoderType, encoderArchitectures } from "./encoder-architectures.js";
import { jsonText, type TextReading, tokenizerFiles, writeTexts } from "./tokenizer-config.js";
import { moduleFiles } from "./write-modules.js";
import { theirWeights } from "./write-weights.js";

export interface EncoderToWrite extends TextReading {
  encoder: EncoderShape;
  vector: TextVectorShape;
  /** Of the encoder, the vector and the last layer. */
  weights: NetworkWeights;
  /** What stands before every text. */
  prompt: string;
  /** The last layer; without it, vectors are what is encoded. */
  head?: { form: AnswerForm; width: number; labels?: readonly string[] };
}

export interface WrittenEncoder {
  type: EncoderType;
  /** The class of transformers that gives the answers, where there is one with such a head. */
  headClass?: string;
}

/**
 * @param folder - there, and empty
 * @throws UserError where no architecture of transformers computes the same
 */
export function writeEncoder(folder: string, model: EncoderToWrite): WrittenEncoder {
  const { encoder, weights, head, prompt, maxLength } = model;
  const { type, config } = architectureOf(encoder, model.tokenizerJson);
  const architecture: EncoderArchitecture = encoderArchitectures[type];
  const matching = head && matchingHead(architecture, model.vector, encoder.width);
  const { vector, weights: own } = head ? withHead(model.vector, weights, head) : model;
  const modules = moduleFiles(vector, encoder.width, own);
  const isOfEncoder = ([name]: [string, unknown]) => !/^(vector|output)\//.test(name);
  const texts = new Map([
    ...tokenizerFiles(model),
    ...modules.texts,
    ["sentence_bert_config.json", jsonText({ max_seq_length: maxLength, do_lower_case: false })],
    [
      "config_sentence_transformers.json",
      jsonText(prompt === "" ? {} : { prompts: { text: prompt }, default_prompt_name: "text" }),
    ],
  ]);
  const tensors = theirWeights(
    new Map([...weights].filter(isOfEncoder)),
    architecture.names,
    matching ? architecture.names.prefix : "",
  );
  if (matching && head)
    for (const [name, tensor] of headTensors(matching, weights, head.form)) tensors.set(name, tensor);
  texts.set(
    "config.json",
    jsonText({
      architectures: [matching ? matching.class : architecture.className],
      model_type: type,
      ...config,
      ...(head && headConfig(head)),
      dtype: "float32",
    }),
  );
  writeTexts(folder, texts);
  for (const [place, own] of [["", tensors] as const, ...modules.weights])
    writeSafetensors(join(folder, place, "model.safetensors"), own, { format: "pt" });
  return { type, headClass: matching?.class };
}

/**
 * The architecture that reads this shape, and the settings that say it. Told by trying: what is read back must be the same.
 *
 * @throws UserError where there is none
 */
export function architectureOf(shape: EncoderShape, tokenizerJson: string): { type: EncoderType; config: object } {
  const plain = JSON.parse(JSON.stringify(shape)) as EncoderShape;
  const isUnigram = (JSON.parse(tokenizerJson) as { model?: { type?: unknown } }).model?.type === "Unigram";
  for (const [type, architecture] of Object.entries(encoderArchitectures) as [EncoderType, EncoderArchitecture][]) {
    // The same network, by its tokenizer.
    if (type === (isUnigram ? "roberta" : "xlm-roberta")) continue;
    try {
      const config = JSON.parse(JSON.stringify(architecture.config(shape))) as object;
      const read = JSON.parse(JSON.stringify(architecture.shape(config, "config.json"))) as EncoderShape;
      if (isDeepStrictEqual(read, plain)) return { type, config };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  throw new UserError(
    "No architecture of transformers computes what this encoder does, so there is no config.json for it. Its folder has an ONNX file, " +
      "model.onnx, which any ONNX runtime opens.",
  );
}

type Head = NonNullable<EncoderArchitecture["head"]>;

/** The head of the architecture's own class, where the vector is what it reads. */
function matchingHead({ head }: EncoderArchitecture, vector: TextVectorShape, width: number): Head | undefined {
  const [pooling, module] = [vector.pooling.join(), vector.modules[0]];
  if (!head || pooling !== "cls" || vector.modules.length !== 1 || module.kind !== "dense") return undefined;
  const { from, to, activation, residual, useBias } = module;
  return from === width && to === width && useBias && !residual && activation === head.activation ? head : undefined;
}

/** The last layer's matrix (out, in) and bias, which give amounts as they are. */
function lastLayer(weights: NetworkWeights, { amounts }: AnswerForm) {
  const { mean, deviation } = amounts ?? { mean: 0, deviation: 1 };
  const { shape, data } = weights.get(outputKernelName)!;
  return {
    shape,
    kernel: amounts ? data.map((value) => value * deviation) : data,
    bias: weights.get(outputBiasName)!.data.map((value) => value * deviation + mean),
  };
}

function headTensors({ dense, output }: Head, weights: NetworkWeights, form: AnswerForm): Map<string, NamedArray> {
  const tensors = new Map<string, NamedArray>();
  const put = (name: string, [from, to]: readonly number[], kernel: Float32Array, bias: Float32Array) => {
    tensors.set(`${name}.weight`, { shape: [to, from], data: transposed(kernel, from, to) });
    tensors.set(`${name}.bias`, { shape: [to], data: bias });
  };
  const of = (part: string) => weights.get(`${moduleName(0)}/${part}`)!;
  put(dense, of("kernel").shape, of("kernel").data, of("bias").data);
  const { shape, kernel, bias } = lastLayer(weights, form);
  put(output, shape, kernel, bias);
  return tensors;
}

const headActivations: Record<AnswerForm["activation"], VectorActivation> = {
  softmax: "softmax",
  sigmoid: "sigmoid",
  linear: "identity",
};

/** The last layer as one module more. */
function withHead({ pooling, modules }: TextVectorShape, weights: NetworkWeights, { form }: { form: AnswerForm }) {
  const { shape, kernel, bias } = lastLayer(weights, form);
  const [from, to] = shape;
  const name = moduleName(modules.length);
  const all = new Map(weights);
  all.set(`${name}/kernel`, { shape, data: kernel });
  all.set(`${name}/bias`, { shape: [to], data: bias });
  const activation = headActivations[form.activation];
  const last = { kind: "dense", from, to, useBias: true, activation, residual: false } as const;
  return { vector: { pooling, modules: [...modules, last] }, weights: all };
}

const problemTypes: Record<AnswerForm["activation"], string> = {
  softmax: "single_label_classification",
  sigmoid: "multi_label_classification",
  linear: "regression",
};

function headConfig({ form, width, labels }: NonNullable<EncoderToWrite["head"]>) {
  const names = labels ?? Array.from({ length: width }, (_, i) => `value ${i}`);
  return {
    problem_type: problemTypes[form.activation],
    id2label: Object.fromEntries(names.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(names.map((name, id) => [name, id])),
  };
}
