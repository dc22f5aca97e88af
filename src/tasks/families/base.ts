// What families may go on from: a language model of ours, or a pretrained encoder in Hugging Face's layout.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { tellFolder } from "../../folders/index.js";
import type { FoundModel } from "../../hub/index.js";
import {
  isGraphFolder,
  isStaticFolder,
  type PretrainedEncoder,
  readEncoder,
} from "../../networks/hugging-face/index.js";
import { type PretrainedNetwork, readPretrainedNetwork } from "../language/index.js";

export type Base =
  | { kind: "language"; network: PretrainedNetwork }
  | { kind: "encoder"; encoder: PretrainedEncoder; source: BaseSource };

export type BaseKind = Base["kind"];

/** Where a base was read. */
export interface BaseSource {
  folder: string;
  /** Of a model of the Hub's cache: id and commit. */
  id?: string;
  revision?: string;
}

/**
 * @throws UserError when the model cannot be a base, or a file is missing or damaged
 * @example
 * const base = await openBase(findModel("sentence-transformers/all-MiniLM-L6-v2"));
 */
export async function openBase({ path, kind, id, revision }: FoundModel): Promise<Base> {
  if (kind === "gguf")
    throw new UserError(
      `${option("base")} takes an encoder or a language model of columnist pretrain, not the GGUF file '${path}'. Models ` +
        "worth having: columnist pull",
    );
  if (tellFolder(path)) return { kind: "language", network: await readPretrainedNetwork(path) };
  if (isStaticFolder(path))
    throw new UserError(
      `'${id ?? path}' has static vectors of tokens, which are no encoder to fine-tune. Networks start from them with ` +
        `${option("embeddings")}.`,
    );
  if (isGraphFolder(path))
    throw new UserError(
      `'${id ?? path}' is an ONNX file without its weights as safetensors: it gives vectors (columnist embed), but cannot be trained. ` +
        "Models worth having: columnist pull",
    );
  const encoder = readEncoder(path);
  if (encoder.quantized)
    throw new UserError(
      `'${path}' has its weights in 8 bits, from which nothing can be trained on. Specify the model that it was made from.`,
    );
  return { kind: "encoder", encoder, source: { folder: path, id, revision } };
}

/** Whatever training may depend on, in a fixed order: for a checksum. */
export function* partsOfBase(base: Base): Generator<string | Float32Array> {
  const { weights } = base.kind === "language" ? base.network : base.encoder;
  if (base.kind === "language") {
    yield JSON.stringify(base.network.shape);
    yield base.network.tokenizer.toJson();
  } else {
    const { shape, vector, tokenizerJson, lowercase, maxLength, prompts } = base.encoder;
    yield JSON.stringify({ shape, vector, lowercase, maxLength, prompts });
    yield tokenizerJson;
  }
  for (const { data } of weights.values()) yield data;
}
