// An LSTM as a writer: its state is all that it keeps.
import { encodeOnnx } from "../../formats/onnx/encode.js";
import type { Decoder } from "../../generate/index.js";
import { emitModel, input, type LstmState, matmul, type Tensor, takeRows } from "../../graph/index.js";
import { graphBuild } from "../../nn/index.js";
import { type Feed, openSession } from "../../runtime/index.js";
import type { NetworkWeights } from "../network-weights.js";
import { buildLanguageNetwork } from "./build-network.js";
import type { LstmShape } from "./shape.js";
import { stateShapes } from "./training-graphs.js";

/** Most tokens of a prompt that are read at once. */
const longestRead = 1024;

/** @param beginId stands before every text */
export async function lstmDecoder(
  shape: LstmShape,
  weights: NetworkWeights,
  { threads, beginId }: { threads: number; beginId: number },
): Promise<Decoder> {
  const { vocabSize } = shape;
  const session = await openSession(stepGraph(shape, weights), { threads });
  const states = stateShapes(shape, 1).map(({ name, shape }) => ({ name, units: shape[0] }));
  /** Of each row, the state's columns one after the other. */
  let carried: Float32Array[][] = [];

  /** Rows of one length read on; gives the logits behind the last token of each. */
  async function read(rows: readonly number[], tokens: readonly (readonly number[])[]): Promise<Float32Array> {
    const count = rows.length;
    const { length } = tokens[0];
    const feeds: Record<string, Feed> = {
      ids: { data: BigInt64Array.from(tokens.flat(), BigInt), shape: [count, length], type: "int64" },
      rows: { data: Int32Array.from(rows, (_, i) => (i + 1) * length - 1), shape: [count], type: "int32" },
    };
    for (const [state, { name, units }] of states.entries()) {
      const data = new Float32Array(units * count);
      for (const [i, row] of rows.entries())
        for (let unit = 0; unit < units; unit++) data[unit * count + i] = carried[row][state][unit];
      feeds[name] = { data, shape: [units, count], type: "float32" };
    }
    const results = await session.run(feeds);
    for (const [state, { name, units }] of states.entries()) {
      const data = results[`next ${name}`].data as Float32Array;
      for (const [i, row] of rows.entries())
        carried[row][state] = Float32Array.from({ length: units }, (_, unit) => data[unit * count + i]);
    }
    return results.logits.data as Float32Array;
  }

  return {
    vocabSize,
    async start(prompts) {
      const texts = prompts.map((prompt) => [beginId, ...prompt]);
      carried = texts.map(() => states.map(({ units }) => new Float32Array(units)));
      const logits = new Float32Array(texts.length * vocabSize);
      for (const length of new Set(texts.map((text) => text.length))) {
        const rows = [...texts.keys()].filter((row) => texts[row].length === length);
        for (let from = 0; from < length; from += longestRead) {
          const part = await read(
            rows,
            rows.map((row) => texts[row].slice(from, from + longestRead)),
          );
          for (const [i, row] of rows.entries())
            logits.set(part.subarray(i * vocabSize, (i + 1) * vocabSize), row * vocabSize);
        }
      }
      return logits;
    },
    step: (tokens) =>
      read(
        [...carried.keys()],
        Array.from(tokens, (id) => [id]),
      ),
    reorder(parents) {
      carried = parents.map((parent) => [...carried[parent]]);
    },
    close: () => session.close(),
  };
}

/** Fed: ids (batch, length) int64, rows (n) int32 and the state; gives the logits at `rows` and the next state. */
function stepGraph(shape: LstmShape, weights: NetworkWeights): Uint8Array {
  const ids = input("ids", ["batch", "length"], "int64");
  const leaves = stateShapes(shape, 1).map(({ name, shape }) => input(name, [shape[0], "batch"]));
  const carried: LstmState[] = [];
  for (let i = 0; i < leaves.length; i += 2) carried.push({ h: leaves[i], c: leaves[i + 1] });
  const { hidden, table, state = [] } = buildLanguageNetwork(shape, { ids, state: carried }, graphBuild(false));
  const last = takeRows(hidden, input("rows", ["rows"], "int32"));
  const outputs: Record<string, Tensor> = { logits: matmul(last, table, { transposeB: true }) };
  for (const [layer, { h, c }] of state.entries()) {
    outputs[`next h${layer}`] = h;
    outputs[`next c${layer}`] = c;
  }
  const values = new Map([...weights].map(([name, { data }]) => [name, data]));
  return encodeOnnx(emitModel(outputs, { values }));
}
