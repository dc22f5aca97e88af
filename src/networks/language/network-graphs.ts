// A trained network as an ONNX file, and as a session that scores token ids.
import { encodeOnnx } from "../../formats/onnx/encode.js";
import {
  cast,
  countFlops,
  type Dim,
  emitModel,
  input,
  type LstmState,
  logSoftmax,
  matmul,
  pick,
  type Tensor,
} from "../../graph/index.js";
import { applyLayer, globalAveragePooling, graphBuild } from "../../nn/index.js";
import { type Feed, openSession, type Session } from "../../runtime/index.js";
import { flopsByLength } from "../flops-by-length.js";
import type { NetworkWeights } from "../network-weights.js";
import { buildLanguageNetwork } from "./build-network.js";
import type { LanguageNetworkShape } from "./shape.js";
import { rowsAtOnce, textWindows, windowBatches } from "./text-windows.js";
import { stateShapes } from "./training-graphs.js";

/**
 * model.onnx: input_ids and attention_mask (batch, length; int64) give logits (batch, length, vocabulary): of the token
 * after each one, or of the tokens themselves for a masked objective.
 */
export function languageNetworkOnnx(shape: LanguageNetworkShape, weights: NetworkWeights): Uint8Array {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  const { hidden, table } = buildLanguageNetwork(shape, { ids, mask }, graphBuild(false));
  return encodeOnnx(emitModel({ logits: matmul(hidden, table, { transposeB: true }) }, { values: numbersOf(weights) }));
}

/** input_ids and attention_mask (batch, length; int64) give features (batch, width): the mean of the hidden states. */
export function languageEncoderOnnx(shape: LanguageNetworkShape, weights: NetworkWeights): Uint8Array {
  const ids = input("input_ids", ["batch", "length"], "int64");
  const mask = cast(input("attention_mask", ["batch", "length"], "int64"), "float32");
  const build = graphBuild(false);
  const { hidden } = buildLanguageNetwork(shape, { ids, ...(shape.objective === "masked" && { mask }) }, build);
  const pooling = { name: "averagePooling", call: "averagePooling" };
  const features = applyLayer(globalAveragePooling(), pooling, [hidden], [mask], build).result;
  return encodeOnnx(emitModel({ features }, { values: numbersOf(weights) }));
}

export interface NetworkScorer {
  /** See LanguageModel.logProbabilities; `beginId` stands before the first token. */
  score(texts: readonly Int32Array[], beginId: number): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** Operations of scoring texts of so many tokens: long ones overlap by half a context, as in `textWindows`. */
export function scoringFlops(shape: LanguageNetworkShape, texts: readonly Int32Array[]): number {
  const windows = shape.family === "transformer" ? textWindows(texts, shape.contextLength) : texts;
  return flopsByLength(
    windows.map(({ length }) => length),
    (length) => {
      const { hidden, table } = buildLanguageNetwork(
        shape,
        { ids: input("ids", [1, length], "int32") },
        graphBuild(false),
      );
      return countFlops([logSoftmax(matmul(hidden, table, { transposeB: true }))]);
    },
  );
}

/** Numbers of logits at a time: 32 MB. */
export const logitsAtOnce = 8 * 2 ** 20;

export async function openScorer(
  shape: LanguageNetworkShape,
  weights: NetworkWeights,
  options: { threads: number },
): Promise<NetworkScorer> {
  const session = await openSession(scoringGraph(shape, weights), options);
  const states = stateShapes(shape, 1).map(({ name, shape }) => ({ name, units: shape[0] }));
  const tokensAtOnce = Math.max(shape.contextLength, Math.floor(logitsAtOnce / shape.vocabSize));
  return {
    score: (texts, beginId) =>
      states.length > 0
        ? scoreByState(session, shape, states, texts, beginId, tokensAtOnce)
        : scoreByWindows(session, shape, texts, beginId, tokensAtOnce),
    close: () => session.close(),
  };
}

/** ids and targets (batch, length; int64) and the state give log_probabilities (batch, length) and the next state. */
function scoringGraph(shape: LanguageNetworkShape, weights: NetworkWeights): Uint8Array {
  const size: Dim[] = ["batch", "length"];
  const ids = input("ids", size, "int64");
  const leaves = stateShapes(shape, 1).map(({ name, shape }) => input(name, [shape[0], "batch"]));
  const carried: LstmState[] = [];
  for (let i = 0; i < leaves.length; i += 2) carried.push({ h: leaves[i], c: leaves[i + 1] });
  const { hidden, table, state = [] } = buildLanguageNetwork(shape, { ids, state: carried }, graphBuild(false));
  const logits = matmul(hidden, table, { transposeB: true });
  const outputs: Record<string, Tensor> = {
    log_probabilities: pick(logSoftmax(logits), input("targets", size, "int64")),
  };
  for (const [layer, { h, c }] of state.entries()) {
    outputs[`next h${layer}`] = h;
    outputs[`next c${layer}`] = c;
  }
  return encodeOnnx(emitModel(outputs, { values: numbersOf(weights) }));
}

async function scoreByWindows(
  session: Session,
  { contextLength }: LanguageNetworkShape,
  texts: readonly Int32Array[],
  beginId: number,
  tokensAtOnce: number,
): Promise<Float32Array[]> {
  const results = texts.map(({ length }) => new Float32Array(length));
  const windows = textWindows(texts, contextLength);
  for (const rows of windowBatches(windows, tokensAtOnce)) {
    const width = rows[rows.length - 1].length;
    const batch = longBatch(rows.length, width);
    for (const [row, { text, from, length }] of rows.entries()) fillRow(batch, row, texts[text], from, length, beginId);
    const { log_probabilities } = await session.run({ ids: batch.ids, targets: batch.targets });
    const scores = log_probabilities.data as Float32Array;
    for (const [row, { text, from, length, countFrom }] of rows.entries())
      results[text].set(scores.subarray(row * width + countFrom, row * width + length), from + countFrom);
  }
  return results;
}

/** Stretch by stretch, the state carried on. */
async function scoreByState(
  session: Session,
  { contextLength }: LanguageNetworkShape,
  states: readonly { name: string; units: number }[],
  texts: readonly Int32Array[],
  beginId: number,
  tokensAtOnce: number,
): Promise<Float32Array[]> {
  const results = texts.map(({ length }) => new Float32Array(length));
  const order = texts.map((_, text) => text).sort((a, b) => texts[a].length - texts[b].length);
  const together = Math.max(1, Math.min(rowsAtOnce, Math.floor(tokensAtOnce / contextLength)));
  for (let first = 0; first < order.length; first += together) {
    const rows = order.slice(first, first + together);
    const longest = texts[rows[rows.length - 1]].length;
    let carried: Record<string, Feed> = Object.fromEntries(
      states.map(({ name, units }) => [
        name,
        { data: new Float32Array(units * rows.length), shape: [units, rows.length], type: "float32" as const },
      ]),
    );
    for (let from = 0; from < longest; from += contextLength) {
      const width = Math.min(contextLength, longest - from);
      const batch = longBatch(rows.length, width);
      const known = rows.map((text) => Math.max(0, Math.min(width, texts[text].length - from)));
      for (const [row, text] of rows.entries()) fillRow(batch, row, texts[text], from, known[row], beginId);
      const { log_probabilities, ...next } = await session.run({ ids: batch.ids, targets: batch.targets, ...carried });
      const scores = log_probabilities.data as Float32Array;
      for (const [row, text] of rows.entries())
        if (known[row] > 0) results[text].set(scores.subarray(row * width, row * width + known[row]), from);
      carried = Object.fromEntries(
        states.map(({ name }) => {
          const { data, shape } = next[`next ${name}`];
          return [name, { data, shape, type: "float32" as const }];
        }),
      );
    }
  }
  return results;
}

function longBatch(rows: number, width: number) {
  const feed = () => ({ data: new BigInt64Array(rows * width), shape: [rows, width], type: "int64" as const });
  return { ids: feed(), targets: feed() };
}

/** Targets from … from + length − 1 of a text, each beside the id before it. */
function fillRow(
  { ids, targets }: ReturnType<typeof longBatch>,
  row: number,
  text: Int32Array,
  from: number,
  length: number,
  beginId: number,
): void {
  const at = row * ids.shape[1];
  for (let i = 0; i < length; i++) {
    ids.data[at + i] = BigInt(from + i === 0 ? beginId : text[from + i - 1]);
    targets.data[at + i] = BigInt(text[from + i]);
  }
}

function numbersOf(weights: NetworkWeights): Map<string, Float32Array> {
  return new Map([...weights].map(([name, { data }]) => [name, data]));
}
