// Loops in WebAssembly over memory that threads share: how they are written, loaded and given their places.
export { type Arena, createArena, maxArenaBytes } from "./arena.js";
export {
  type Code,
  eachFloat,
  type Floats,
  type FunctionPlan,
  f32,
  f32x4,
  f64,
  f64x2,
  i32,
  type Local,
  repeat,
  type ValueType,
} from "./assemble.js";
export { loadFunctions } from "./load.js";
export type { SharedMemory } from "./web-assembly.js";
