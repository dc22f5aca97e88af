import assert from "node:assert/strict";
import { test } from "node:test";
import {
  emitModel,
  gradients,
  input,
  linear,
  linearCrossEntropy,
  lstm,
  parameter,
  reduceSum,
  type Tensor,
} from "./index.js";

/** Counts the nodes of a step's graph, with gradients of these parameters. */
function nodesOf(loss: Tensor, learnt: readonly Tensor[]) {
  const found = gradients(loss, learnt).map((gradient, i) => [`d${i}`, gradient!] as const);
  const { nodes, initializers } = emitModel({ loss, ...Object.fromEntries(found) }).graph;
  return { nodes, initializers, count: (opType: string) => nodes.filter((node) => node.opType === opType).length };
}

const products = ({ nodes }: ReturnType<typeof nodesOf>) =>
  nodes.filter(({ opType }) => opType === "Gemm" || opType === "MatMul").length;

test("a frozen layer costs no product for its weights' gradient", () => {
  const layer = (name: string, x: Tensor) => {
    const weights = [parameter(`${name}/w`, [4, 4]), parameter(`${name}/b`, [4])] as const;
    return { y: linear(x, ...weights), weights };
  };
  const low = layer("low", input("x", [3, 4]));
  const high = layer("high", low.y);
  const loss = reduceSum(high.y, [0, 1], { keepDims: false });
  // Two forward; dX of the high layer and dW of each.
  assert.equal(products(nodesOf(loss, [...low.weights, ...high.weights])), 5);
  assert.equal(products(nodesOf(loss, low.weights)), 4);
  // Nothing flows into the low layer.
  assert.equal(products(nodesOf(loss, high.weights)), 3);
});

test("an op that gives several gradients in one computes those alone that are used", () => {
  const [x, w, r, b] = [
    parameter("x", [5, 3, 2]),
    parameter("w", [16, 3]),
    parameter("r", [16, 4]),
    parameter("b", [16]),
  ];
  const loss = reduceSum(lstm(x, w, r, b), [0, 1, 2], { keepDims: false });
  const [all, ofInput, ofWeights] = [nodesOf(loss, [x, w, r, b]), nodesOf(loss, [x]), nodesOf(loss, [w])];
  assert.equal(all.count("Scan"), 2);
  assert.equal(ofInput.count("Scan"), 2);
  assert.equal(products(all) - products(ofInput), 1, "dW and dR are one product");
  assert.equal(products(all) - products(ofWeights), 1, "dX");
  assert.ok(ofInput.initializers.length < all.initializers.length);

  const [hidden, table] = [parameter("hidden", [6, 3]), parameter("table", [10, 3])];
  const labels = input("labels", [6], "int32");
  // Three chunks of two rows.
  const entropy = linearCrossEntropy(hidden, table, labels, input("weights", [6]), { chunkSize: 20 });
  assert.equal(products(nodesOf(entropy, [hidden, table])), 9);
  assert.equal(products(nodesOf(entropy, [hidden])), 6);
  assert.equal(products(nodesOf(entropy, [table])), 6);
});
