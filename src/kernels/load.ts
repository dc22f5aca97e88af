// From plans to functions that a thread can call.
import { assemble, type FunctionPlan } from "./assemble.js";
import { type SharedMemory, WebAssembly } from "./web-assembly.js";

/**
 * Compiles the plans into one module over the memory. `Kernels` names their functions and arguments: addresses are bytes
 * from the memory's start.
 */
export function loadFunctions<Kernels>(plans: readonly FunctionPlan[], memory: SharedMemory): Kernels {
  const module = new WebAssembly.Module(assemble(plans));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
}
