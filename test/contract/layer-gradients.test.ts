// Every layer's gradients, to its inputs and its parameters, against central differences.
import { test } from "node:test";
import { constant, type DType, type Tensor } from "../../src/graph/index.js";
import { applyLayer, type GraphBuild, layerParameters } from "../../src/nn/index.js";
import { checkGradients } from "../check-gradients.js";
import { allExamples, type LayerExample } from "./layer-table.js";

const batch = 2;
/** Rows of 3 and 5 words. */
const maskRows = [1, 1, 1, 0, 0, 1, 1, 1, 1, 1];

for (const example of allExamples) {
  test(example.title, () => check(example, false));
  if (example.masked) test(`${example.title}, padded`, () => check(example, true));
}

async function check({ make, inputs, ids, float32Only, hasDropout, seed }: LayerExample, isMasked: boolean) {
  const layer = make();
  const inputShapes = inputs.map((sizes) => [batch, ...sizes]);
  const learnt = layerParameters(layer, "layer", inputShapes);
  // A mask has no gradient, neither have ids.
  const plainCount = ids ? 0 : layer.kind === "masking" ? 1 : inputs.length;
  const shapes = [...inputShapes.slice(0, plainCount), ...learnt.map(({ shape }) => shape)];
  await checkGradients({
    shapes,
    seed,
    dtype: float32Only ? "float32" : "float64",
    build(leaves, dtype) {
      const parameters = new Map(learnt.map(({ name }, i) => [name, leaves[plainCount + i]]));
      const build: GraphBuild = {
        training: true,
        dtype: dtype as "float32",
        parameter: (name) => parameters.get(name)!,
      };
      const given = inputShapes.map((shape, i) =>
        i < plainCount ? leaves[i] : fixedInput(shape, ids ?? false, dtype),
      );
      const mask = isMasked ? numbers(maskRows, [batch, 5], dtype) : undefined;
      // Dropout draws new masks at each run: its gradient is the product's, which the ops' own test covers.
      const plain = hasDropout ? { ...build, training: false } : build;
      return applyLayer(
        layer,
        { name: "layer", call: "layer" },
        given,
        given.map(() => mask),
        plain,
      ).result;
    },
  });
}

function fixedInput(shape: number[], isIds: boolean, dtype: DType): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  if (isIds)
    return constant(
      Int32Array.from({ length: count }, (_, i) => (3 * i) % 7),
      shape,
      "int32",
    );
  return numbers(maskRows.slice(0, count), shape, dtype);
}

function numbers(values: number[], shape: number[], dtype: DType): Tensor {
  return constant(dtype === "float64" ? Float64Array.from(values) : Float32Array.from(values), shape, dtype);
}
