// The process that computes a stranger's ONNX file: whoever started it may end it at any time. One message in, one out.
import { readSmallFile } from "../../base/regular-file.js";
import { checkForeignGraph } from "../../formats/onnx/check-foreign-graph.js";
import { openSession, type Session } from "../../runtime/index.js";
import { type GraphAnswer, type GraphRequest, tokenInputs } from "./graph-messages.js";

/** Of an ONNX file, and of what Node reads at once. */
const mostBytes = 2 ** 31 - 1;

let session: Session | undefined;
/** Of vectors from states; without it the file gives vectors. */
let pooling: Session | undefined;

process.on("message", (request: GraphRequest) => {
  answer(request).then(
    (result) => process.send!(result),
    (error: Error) => process.send!({ error: error.message } satisfies GraphAnswer),
  );
});

process.on("disconnect", () => process.exit());

async function answer(request: GraphRequest): Promise<GraphAnswer> {
  if ("path" in request) {
    // Read once: what was checked is what is run.
    const bytes = readSmallFile(request.path, mostBytes);
    checkForeignGraph(bytes);
    session = await openSession(bytes, { threads: request.threads });
    return { inputs: session.inputs, outputs: session.outputs };
  }
  if ("pooling" in request) {
    pooling = await openSession(request.pooling, { threads: 1 });
    return {};
  }
  const { ids, lengths, length } = request;
  const rows = lengths.length;
  const shape = [rows, length];
  const mask = Float32Array.from(ids, (_, i) => (i % length < lengths[Math.floor(i / length)] ? 1 : 0));
  const numbers = {
    input_ids: BigInt64Array.from(ids, BigInt),
    attention_mask: BigInt64Array.from(mask, (one) => BigInt(one)),
    token_type_ids: new BigInt64Array(ids.length),
  };
  const feeds = Object.fromEntries(
    tokenInputs
      .filter((name) => session!.inputs.includes(name))
      .map((name) => [name, { data: numbers[name], shape, type: "int64" as const }]),
  );
  const found = (await session!.run(feeds))[request.output];
  if (!(found?.data instanceof Float32Array)) throw new Error(`'${request.output}' holds no 32-bit floats`);
  if (!pooling) return { data: found.data.slice(), shape: found.shape };
  const inputs = {
    states: { data: found.data, shape: found.shape, type: "float32" as const },
    mask: { data: mask, shape, type: "float32" as const },
  };
  const { vectors } = await pooling.run(inputs);
  return { data: (vectors.data as Float32Array).slice(), shape: vectors.shape };
}
