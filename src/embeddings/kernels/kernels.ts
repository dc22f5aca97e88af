// The kernels of a thread: one compiled module over the memory that the threads share.
import { assemble, maxPages } from "./assemble.js";
import { fitPairs } from "./fit-pairs.js";
import { fitSamples } from "./fit-samples.js";
import { multiplyRows } from "./multiply-rows.js";
import { type SharedMemory, WebAssembly } from "./web-assembly.js";

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
  const module = new WebAssembly.Module(assemble([multiplyRows, fitPairs, fitSamples]));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}

/** Places in a shared memory, in bytes from its start; handed out once and never taken back. */
export interface Arena {
  memory: SharedMemory;
  /** The address of so many fresh bytes, zeros, at a multiple of 64. */
  allocate(bytes: number): number;
}

const pageBytes = 65536;

/** @throws RangeError when 4 GiB or the machine's memory do not suffice */
export function createArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maxPages, shared: true });
  let used = 64;
  return {
    memory,
    allocate(bytes) {
      const address = used;
      used += Math.ceil(bytes / 64) * 64;
      const missing = Math.ceil(used / pageBytes) - memory.buffer.byteLength / pageBytes;
      if (missing > 0) memory.grow(missing);
      return address;
    },
  };
}

/** What a job of a thread works with. */
export interface Place {
  memory: SharedMemory;
  kernels: Kernels;
  /** Address of the bytes that this thread alone uses. */
  scratch: number;
}
