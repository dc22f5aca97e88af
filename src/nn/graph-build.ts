// What all layers of one graph share: where parameters come from, and how products with them are computed.
import { fixedShape, gemm, linear, matmul, parameter, reshape, type Tensor } from "../graph/index.js";

export interface GraphBuild {
  readonly training: boolean;
  readonly dtype: "float32" | "float64";
  /** Inference in float32: attention within a text is one operator, and its weights cannot be read. */
  readonly fusesAttention?: boolean;
  /** The parameter of this full name; the same tensor whenever it is asked for. */
  parameter(name: string, shape: readonly number[]): Tensor;
  /**
   * Products of one x. All products of dense layers, attention and Transformer blocks are computed here, so a build can
   * join them, add a low-rank update, or take weights of fewer bits. Default: `separateProducts`.
   */
  products?(x: Tensor, weights: readonly ProductWeights[]): readonly Tensor[];
  /** Rows of a table that this build keeps in another form; undefined where it does not. Default: of the parameter. */
  rows?(table: string, ids: Tensor): Tensor | undefined;
}

/** Full names and sizes of the parameters of x W + b. */
export interface ProductWeights {
  /** W (in, out) */
  kernel: string;
  size: readonly [number, number];
  /** b (out) */
  bias?: string;
}

/** A build whose parameters are leaves of the graph, one a name. */
export function graphBuild(training: boolean, dtype: "float32" | "float64" = "float32"): GraphBuild {
  const leaves = new Map<string, Tensor>();
  return {
    training,
    dtype,
    parameter(name, shape) {
      const leaf = leaves.get(name) ?? parameter(name, shape, dtype);
      leaves.set(name, leaf);
      return leaf;
    },
  };
}

/** x (…, in) gives (…, out) for each of the weights. */
export function separateProducts(build: GraphBuild, x: Tensor, weights: readonly ProductWeights[]): readonly Tensor[] {
  return weights.map(({ kernel, size, bias }) => {
    const w = build.parameter(kernel, size);
    return bias === undefined ? product(x, w) : linear(x, w, build.parameter(bias, [size[1]]));
  });
}

/** x W. Rows are flattened where the sizes are known: one product. */
function product(x: Tensor, w: Tensor): Tensor {
  if (x.shape.length === 2) return gemm(x, w);
  if (x.shape.some((dim) => typeof dim === "string")) return matmul(x, w);
  const [width, ...others] = fixedShape(x.shape, "a product").reverse();
  const rows = others.reduce((count, size) => count * size, 1);
  return reshape(gemm(reshape(x, [rows, width]), w), [...x.shape.slice(0, -1), w.shape[1]]);
}
