// Places in a memory that kernels and threads share.
import { maxPages } from "./assemble.js";
import { type SharedMemory, WebAssembly } from "./web-assembly.js";

/** Addresses in bytes from the memory's start; allocated once and never freed. */
export interface Arena {
  memory: SharedMemory;
  /** Allocates this many zeroed bytes, aligned to 64, and returns their address. Create views only after the last call. */
  allocate(bytes: number): number;
}

const pageBytes = 65536;
/** What one memory holds at most: 4 GiB. */
export const maxArenaBytes = maxPages * pageBytes;

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
