// Makes a matrix (nearly) orthogonal by products alone: five Newton–Schulz steps. Source: K. Jordan et al. 2024, Muon;
// the coefficients push singular values towards 1 quickly and leave them between about 0.7 and 1.2.
import { encodeOnnx } from "../formats/onnx/encode.js";
import { createEmission } from "../graph/emitter.js";
import { createSession, tensorOver } from "./onnx-runtime.js";

const [a, b, c] = [3.4445, -4.775, 2.0315];
const iterations = 5;

export interface Orthogonaliser {
  /** Fill before `run`. */
  readonly input: Float32Array;
  /** Read after `run`. */
  readonly output: Float32Array;
  run(): Promise<void>;
  close(): Promise<void>;
}

/**
 * X ← G / ‖G‖, then each time X ← a X + (b A + c A²) X with A = X Xᵀ, or from the right where G is tall.
 *
 * @example
 * const { input, output, run } = await openOrthogonaliser([64, 256]);
 */
export async function openOrthogonaliser(shape: readonly number[]): Promise<Orthogonaliser> {
  const emission = createEmission();
  const { add, scalar } = emission;
  const isTall = shape[0] > shape[1];
  const gemm = (inputs: string[], alpha: number, beta: number, transposed: "transA" | "transB" | undefined) =>
    add("Gemm", inputs, {
      alpha: { float: alpha },
      beta: { float: beta },
      ...(transposed ? { [transposed]: { int: 1 } } : {}),
    });
  const norm = add("ReduceL2", ["G"], { keepdims: { int: 0 } });
  let x = add("Div", ["G", add("Add", [norm, scalar(1e-7, "float32")])]);
  for (let i = 0; i < iterations; i++) {
    const gram = gemm([x, x], 1, 1, isTall ? "transA" : "transB");
    const mixed = gemm([gram, gram, gram], c, b, undefined);
    x = isTall ? gemm([x, mixed, x], 1, a, undefined) : gemm([mixed, x, x], 1, a, undefined);
  }
  emission.addNamed("Identity", [x], ["O"]);
  const value = (name: string) => ({ name, type: "float32" as const, shape });
  const model = encodeOnnx({
    opsets: { "": 20 },
    graph: {
      name: "newton_schulz",
      nodes: emission.nodes,
      initializers: emission.initializers,
      inputs: [value("G")],
      outputs: [value("O")],
    },
  });
  const session = await createSession(model, 1);
  const input = new Float32Array(shape[0] * shape[1]);
  const output = new Float32Array(input.length);
  const feeds = { G: tensorOver(input, shape, "float32") };
  const fetches = { O: tensorOver(output, shape, "float32") };
  return {
    input,
    output,
    run: async () => void (await session.run(feeds, fetches)),
    close: () => session.release(),
  };
}
