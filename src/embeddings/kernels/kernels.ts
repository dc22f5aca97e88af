// The kernels of a thread: one compiled module over the memory that the threads share.
import { loadFunctions, type SharedMemory } from "../../kernels/index.js";
import { fitPairs } from "./fit-pairs.js";
import { fitSamples } from "./fit-samples.js";
import { multiplyRows } from "./multiply-rows.js";

export interface Kernels {
  multiplyRows(starts: number, rows: number, columns: number, values: number, x: number, y: number): void;
  fitPairs(
    pairs: number,
    count: number,
    words: number,
    contexts: number,
    wordSquares: number,
    contextSquares: number,
    rowBytes: number,
    rate: number,
  ): void;
  fitSamples(
    samples: number,
    count: number,
    targets: number,
    inputs: number,
    outputs: number,
    rowBytes: number,
    rate: number,
    sigmoid: number,
    change: number,
  ): void;
}

export function loadKernels(memory: SharedMemory): Kernels {
  return loadFunctions([multiplyRows, fitPairs, fitSamples], memory);
}

/** What a job of a thread works with. */
export interface KernelPlace {
  memory: SharedMemory;
  kernels: Kernels;
  /** Address of the bytes that this thread alone uses. */
  scratch: number;
}
