// The loss of pairs of texts: their cosines against what the labels have in common.
import { add, div, matmul, mul, reduceSum, relu, sqrt, sub, type Tensor, transpose } from "../../graph/index.js";

/**
 * Σ w_ij (cos(x_i, x_j) − y_ij)²: of all pairs of a batch that w picks, where each text is read once. With the pairs (0, 1), (2, 3) …
 * alone it is the cosine similarity loss of N. Reimers and I. Gurevych 2019, arXiv:1908.10084, as L. Tunstall et al. 2022,
 * arXiv:2209.11055, tune encoders by.
 *
 * @param features (rows, dim)
 * @param targets (rows, rows)
 * @param weights (rows, rows)
 */
export function pairLoss(features: Tensor, targets: Tensor, weights: Tensor): Tensor {
  const length = sqrt(reduceSum(mul(features, features), [1]));
  // At least 1e-8, as PyTorch has it.
  const unit = div(features, add(relu(sub(length, 1e-8)), 1e-8));
  const off = sub(matmul(unit, transpose(unit, [1, 0])), targets);
  return reduceSum(mul(mul(off, off), weights), [0, 1], { keepDims: false });
}
