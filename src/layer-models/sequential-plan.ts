// The plan of layers in a row.
import { UserError } from "../base/errors.js";
import { describe, type InputSpec, type Layer, type LayerTensor } from "../nn/index.js";
import { input } from "./input.js";
import type { InputData } from "./read-inputs.js";
import { type DataLike, readRows } from "./tensor-data.js";
import { planModel, type Topology } from "./topology.js";

/** Arguments of sequential: layers, preceded by the input if the first layer does not define it. */
export type SequentialItem = Layer | LayerTensor;

export function splitInput(items: readonly SequentialItem[]): { start?: LayerTensor; layers: Layer[] } {
  if (!Array.isArray(items)) throw new UserError(`sequential takes a list of layers, got ${describe(items)}.`);
  const [first, ...rest] = items as readonly SequentialItem[];
  const start = typeof first === "object" && first !== null && "source" in first ? first : undefined;
  const layers = (start ? rest : [first, ...rest]).map((item, i) => {
    if (typeof item === "function" && "kind" in item) return item as Layer;
    const hint = typeof item === "function" ? "; call it, as in dense({ units: 3 })" : "";
    throw new UserError(`item ${i + (start ? 1 : 0)} of sequential is not a layer: ${describe(item)}${hint}.`);
  });
  if (layers.length === 0) throw new UserError("sequential needs at least one layer.");
  return { start: start ?? inputOf(layers[0]), layers };
}

export function planChain(start: LayerTensor, layers: readonly Layer[]): Topology {
  const end = layers.reduce((tensor, layer) => layer(tensor), start);
  return planModel([start], [{ name: "output", tensor: end }]);
}

/** For a chain whose first layer takes vectors of any width: the data tell the width. */
export function planFromData(layers: readonly Layer[], x: InputData): Topology {
  const { sizes } = readRows(x as DataLike, "x", "float32");
  return planChain(input({ shape: sizes }), layers);
}

/** An embedding tells what it reads; other layers do not. */
function inputOf({ kind, config }: Layer): LayerTensor | undefined {
  if (kind !== "embedding") return undefined;
  const { inputLength } = config as { inputLength?: number };
  const source: InputSpec = { name: "input", shape: [inputLength ?? "length"], dtype: "int32" };
  return { source, output: "result" };
}
