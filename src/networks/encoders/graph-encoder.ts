// Vectors of texts by an encoder that is an ONNX file alone: token ids in, states of tokens or vectors of texts out.
import { UserError } from "../../base/errors.js";
import { firstNotFinite } from "../../formats/finite.js";
import { encodeOnnx } from "../../formats/onnx/encode.js";
import { emitModel, input } from "../../graph/index.js";
import { graphBuild } from "../../nn/index.js";
import { loadFramedTokenizer } from "../../text/tokenizers/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { tokenInputs } from "./graph-messages.js";
import { startGraphProcess } from "./graph-process.js";
import type { TextEncoder } from "./text-encoder.js";
import { type TextVectorShape, textVector } from "./text-vector.js";

export interface GraphEncoderModel {
  /** Of the ONNX file. */
  path: string;
  bytes: number;
  vector: TextVectorShape;
  /** Of the vector's modules. */
  weights: NetworkWeights;
  /** What the modules behind the pooling make of the states' width. @throws UserError where they do not fit it */
  dimOf(width: number): number;
  tokenizerJson: string;
  lowercase: boolean;
  maxLength: number;
}

/** Tokens of a batch, padding included. */
const tokensAtOnce = 2048;
/** Of states, what exporters call them; of vectors that need no pooling. */
const [ofStates, ofVectors] = [
  ["last_hidden_state", "token_embeddings"],
  ["sentence_embedding", "pooler_output"],
];

/**
 * @throws UserError for a file that may not be run, that has other inputs or outputs than encoders, or that ends or outlasts its
 * process
 */
export async function openGraphEncoder(
  model: GraphEncoderModel,
  threads: number,
): Promise<Omit<TextEncoder, "encodeIds" | "flops">> {
  const { path, vector, maxLength } = model;
  const { encode, frame } = loadFramedTokenizer(model.tokenizerJson, { lowercase: model.lowercase });
  const around = frame.before.length + frame.after.length;
  const graph = startGraphProcess(path, model.bytes);
  const wrong = (what: string) => new UserError(`${path} ${what}, so it is no encoder. Use a model with safetensors.`);
  let dim: number;
  let output: string;
  let isPadded: boolean;
  try {
    const { inputs = [], outputs = [] } = await graph.ask({ path, threads });
    const strange = inputs.find((name) => !(tokenInputs as readonly string[]).includes(name));
    if (strange !== undefined || !inputs.includes("input_ids"))
      throw wrong(`takes ${strange === undefined ? "no input_ids" : `the input '${strange.slice(0, 60)}'`}`);
    isPadded = inputs.includes("attention_mask");
    output = [...ofStates, ...ofVectors].find((name) => outputs.includes(name)) ?? outputs[0];
    // What comes out is told by a short text.
    const ids = Int32Array.from(encode("a", Math.min(maxLength, around + 1)));
    const probe = await graph.ask({ ids, lengths: Int32Array.of(ids.length), length: ids.length, output });
    const { shape = [] } = probe;
    if (shape.length === 3 && shape[1] === ids.length) {
      const width = shape[2];
      dim = model.dimOf(width);
      await graph.ask({ pooling: poolingOnnx(vector, model.weights, width) });
    } else if (shape.length === 2 && shape[0] === 1) dim = shape[1];
    else throw wrong(`gives '${output}' of shape [${shape.join(", ")}]`);
  } catch (error) {
    graph.close();
    throw error;
  }

  return {
    dim,
    async encode(texts, { signal, onTexts } = {}) {
      const rows = texts.map((text) => encode(text, maxLength));
      const known = Uint8Array.from(rows, ({ length }) => (length > around ? 1 : 0));
      const vectors = new Float32Array(texts.length * dim);
      const order = [...rows.keys()]
        .filter((row) => known[row])
        .sort((a, b) => rows[b].length - rows[a].length || a - b);
      for (let from = 0; from < order.length; ) {
        const { length } = rows[order[from]];
        const long = order.slice(from, from + Math.max(1, Math.floor(tokensAtOnce / length)));
        // A graph without a mask would read what texts are padded with.
        const batch = isPadded ? long : long.filter((row) => rows[row].length === length);
        const ids = new Int32Array(batch.length * length);
        for (const [i, row] of batch.entries()) ids.set(rows[row], i * length);
        const lengths = Int32Array.from(batch, (row) => rows[row].length);
        const { data } = await graph.ask({ ids, lengths, length, output }, signal);
        if (data?.length !== batch.length * dim) throw wrong(`gives ${data?.length} numbers for ${batch.length} texts`);
        const at = firstNotFinite(data);
        if (at >= 0) throw wrong(`gives ${data[at]} as a number of a text's vector`);
        for (const [i, row] of batch.entries()) vectors.set(data.subarray(i * dim, (i + 1) * dim), row * dim);
        from += batch.length;
        onTexts?.(from);
      }
      return { vectors, known };
    },
    close: async () => graph.close(),
  };
}

function poolingOnnx(vector: TextVectorShape, weights: NetworkWeights, width: number): Uint8Array {
  const states = input("states", ["batch", "length", width]);
  const mask = input("mask", ["batch", "length"]);
  const vectors = textVector(vector, states, mask, graphBuild(false));
  const values = new Map([...weights].map(([name, { data }]) => [name, data]));
  return encodeOnnx(emitModel({ vectors }, { values }));
}
