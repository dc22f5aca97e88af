// A build of graphs for inference in which the products of one x are one product, as new tokens are few: reading one wide
// matrix is faster than reading several narrow ones.
import { split } from "../../graph/index.js";
import { type GraphBuild, graphBuild, type ProductWeights, separateProducts } from "../../nn/index.js";

/** @param values - of all parameters; those of the joined ones are added */
export function joinedProducts(values: Map<string, Float32Array>): GraphBuild {
  const build = graphBuild(false);
  return {
    ...build,
    products(x, parts) {
      if (parts.length === 1) return separateProducts(build, x, parts);
      const joined = joinWeights(parts, values);
      return split(
        separateProducts(build, x, [joined])[0],
        -1,
        parts.map(({ size }) => size[1]),
      );
    },
  };
}

/** Kernels and biases beside each other, added to `values` under joined names. */
function joinWeights(parts: readonly ProductWeights[], values: Map<string, Float32Array>): ProductWeights {
  const rows = parts[0].size[0];
  const columns = parts.map(({ size }) => size[1]);
  const kernel = parts.map((part) => part.kernel).join(" ");
  values.set(
    kernel,
    besideEachOther(
      parts.map((part) => values.get(part.kernel)!),
      columns,
      rows,
    ),
  );
  const size = [rows, columns.reduce((sum, count) => sum + count, 0)] as const;
  if (parts.every((part) => part.bias === undefined)) return { kernel, size };
  const bias = `${kernel} bias`;
  const biases = parts.map((part, i) =>
    part.bias === undefined ? new Float32Array(columns[i]) : values.get(part.bias)!,
  );
  values.set(bias, besideEachOther(biases, columns, 1));
  return { kernel, size, bias };
}

function besideEachOther(matrices: readonly Float32Array[], columns: readonly number[], rows: number): Float32Array {
  const total = columns.reduce((sum, count) => sum + count, 0);
  const joined = new Float32Array(rows * total);
  let from = 0;
  for (const [i, matrix] of matrices.entries()) {
    const count = columns[i];
    for (let row = 0; row < rows; row++)
      joined.set(matrix.subarray(row * count, (row + 1) * count), row * total + from);
    from += count;
  }
  return joined;
}
