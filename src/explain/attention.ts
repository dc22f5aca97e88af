// Where a Transformer looks: the weights softmax(QKᵀ/√d) of its layers and heads, and the roll-out through all layers. Says what is
// mixed into what, not what speaks for a label: S. Jain, B. Wallace 2019, arXiv:1902.10186.
import { encodeOnnx } from "../formats/onnx/encode.js";
import { cast, emitModel, input, sortNodes, type Tensor } from "../graph/index.js";
import { numbersOf, type OpenedNetwork } from "../networks/index.js";
import { graphBuild } from "../nn/index.js";
import { openSession, type Session } from "../runtime/index.js";
import type { Method, Shares, TextToExplain, WordAttention } from "./method.js";
import { scoresOf } from "./scores.js";
import { type PlacedTokens, placeTokens } from "./tokens.js";

export const attention: Method = {
  summary: "where a Transformer looks, by roll-out: the same for every label",
  lacks({ model }) {
    if (!model.network) return "it has no attention that can be read";
    return attentionOf(model.network()).weights.length > 0 ? undefined : "it has no attention";
  },
  async open(model) {
    const network = model.model.network!();
    const session = await openSession(attentionOnnx(network), { threads: 1 });
    return {
      how: "attention rolled out through all layers, the same for every label",
      async explain(texts, watch) {
        const scores = await scoresOf(model, texts, watch);
        const found: Shares[] = [];
        for (const [row, one] of texts.entries())
          found.push({ ...(await look(network, session, one, texts.length === 1)), score: scores[row] });
        return found;
      },
      close: () => session.close(),
    };
  },
};

/** The softmaxes of a network within its texts: (batch, …, queries, keys). */
function attentionOf({ network }: OpenedNetwork) {
  const ids = input("ids", ["batch", "length"], "int32");
  const mask = input("mask", ["batch", "length"], "int32");
  const { logits } = network.build(ids, cast(mask, "float32"), graphBuild(false));
  const weights = sortNodes([logits]).flatMap(({ op, outputs: [y] }): Tensor[] =>
    op.name === "softmax" && y.shape.length >= 4 ? [y] : [],
  );
  return { logits, weights };
}

const layerName = (layer: number) => `layer ${layer}`;

function attentionOnnx(network: OpenedNetwork): Uint8Array {
  const outputs = attentionOf(network).weights.map((weights, layer) => [layerName(layer), weights] as const);
  return encodeOnnx(emitModel(Object.fromEntries(outputs), { values: numbersOf(network.weights) }));
}

/** Texts of more words have no picture. */
const mostPictured = 64;

async function look(
  network: OpenedNetwork,
  session: Session,
  { text, words }: TextToExplain,
  isPictured: boolean,
): Promise<Omit<Shares, "score">> {
  const placed = placeTokens(network.reading, text, words);
  const length = placed.ids.length;
  const shape = [1, length];
  const outputs = await session.run({
    ids: { data: placed.ids, shape, type: "int32" },
    ...(session.inputs.includes("mask") && { mask: { data: new Int32Array(length).fill(1), shape, type: "int32" } }),
  });
  const layers = session.outputs.map((_, layer) => headsOf(outputs[layerName(layer)].data as Float32Array, length));
  const rolled = rollOut(layers, length);
  const shares = new Float64Array(words.length);
  const readers = network.pooled === "first" ? [0] : network.pooled === "last" ? [length - 1] : [...placed.ids.keys()];
  for (const row of readers)
    for (const [token, word] of placed.wordOf.entries()) if (word >= 0) shares[word] += rolled[row * length + token];
  const total = shares.reduce((sum, share) => sum + share, 0) || 1;
  const isSmall = isPictured && placed.read <= mostPictured;
  const byWord = (weights: ArrayLike<number>) => betweenWords(weights, placed);
  const picture: WordAttention | undefined = isSmall
    ? { words: placed.read, rollOut: byWord(rolled), layers: layers.map((heads) => heads.map(byWord)) }
    : undefined;
  return {
    shares: shares.map((share) => share / total),
    read: placed.read,
    ...(placed.isUnknown && { isUnknown: true }),
    ...(picture && { attention: picture }),
  };
}

function headsOf(weights: Float32Array, length: number): Float32Array[] {
  const size = length * length;
  return Array.from({ length: weights.length / size }, (_, head) => weights.subarray(head * size, (head + 1) * size));
}

/**
 * What of each token (column) is in each at the end (row), if every layer keeps half of what it reads and mixes the other half by
 * the mean of its heads: S. Abnar, W. Zuidema 2020, arXiv:2005.00928. Row-major (length, length); rows sum to 1.
 */
export function rollOut(layers: readonly (readonly ArrayLike<number>[])[], length: number): Float64Array {
  let rolled = Float64Array.from({ length: length * length }, (_, at) => (at % (length + 1) === 0 ? 1 : 0));
  for (const heads of layers) {
    const next = new Float64Array(length * length);
    for (let row = 0; row < length; row++)
      for (let from = 0; from < length; from++) {
        let weight = row === from ? 0.5 : 0;
        for (const head of heads) weight += (0.5 * head[row * length + from]) / heads.length;
        for (let token = 0; token < length; token++)
          next[row * length + token] += weight * rolled[from * length + token];
      }
    rolled = next;
  }
  return rolled;
}

/** Between words: of the tokens that look the mean, of those that are looked at the sum. */
function betweenWords(weights: ArrayLike<number>, { ids, wordOf, read }: PlacedTokens): number[] {
  const found = new Array<number>(read * read).fill(0);
  const tokens = new Int32Array(read);
  for (const word of wordOf) if (word >= 0) tokens[word]++;
  for (const [row, word] of wordOf.entries())
    for (const [column, other] of wordOf.entries())
      if (word >= 0 && other >= 0) found[word * read + other] += weights[row * ids.length + column] / tokens[word];
  return found;
}
