// What worker threads can do: one typed table.
import { type CollectInput, collectPairs } from "../counts/collect-pairs.js";
import { type PpmiInput, ppmiBlock } from "../counts/ppmi-block.js";
import { type SumInput, sumPairs } from "../counts/sum-pairs.js";
import { type FitInput, fitCell } from "../glove/fit-cell.js";
import { type SplitInput, splitPairs } from "../glove/split-pairs.js";
import { loadKernels } from "../kernels/kernels.js";
import { type DrawInput, drawPairs } from "../skipgram/draw-pairs.js";
import { fitPairsOfCell, type SampleInput } from "../skipgram/fit-pairs-of-cell.js";
import { type GramInput, gram } from "../svd/gram.js";
import { type MultiplyInput, multiplyBlock } from "../svd/multiply-block.js";
import { type TransformInput, transformRows } from "../svd/transform-rows.js";
import type { WorkerSetup } from "./pool.js";

export type Jobs = ReturnType<typeof createJobs>;

export function createJobs({ memory, scratch }: WorkerSetup) {
  const kernels = memory && loadKernels(memory);
  const place = { memory: memory!, kernels: kernels!, scratch };
  return {
    collect: (input: CollectInput) => collectPairs(input),
    sum: (input: SumInput) => sumPairs(input),
    ppmi: (input: PpmiInput) => ppmiBlock(input),
    split: (input: SplitInput) => splitPairs(input),
    fit: (input: FitInput) => fitCell(input, place),
    draw: (input: DrawInput) => drawPairs(input),
    sample: (input: SampleInput) => fitPairsOfCell(input, place),
    multiply: (input: MultiplyInput) => multiplyBlock(input, place),
    gram: (input: GramInput) => gram(input, place),
    transform: (input: TransformInput) => transformRows(input, place),
  };
}
