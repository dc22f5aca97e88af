// A layer's way into a file and back. What comes from a file is checked as if a stranger had written it.
import { layerDefinitions } from "./definitions.js";
import type { Layer, LayerDescription } from "./layer.js";
import { layerOf, readOptions } from "./make-layer.js";

export function describeLayer({ kind, config }: LayerDescription): LayerDescription {
  return { kind, config };
}

/** Checks the description against the options of its kind, and those of the layers inside it. */
export function restoreLayer({ kind, config }: LayerDescription, name: string): Layer {
  return layerOf(kind, checkedConfig({ kind, config }), name);
}

function checkedConfig({ kind, config }: LayerDescription): LayerDescription["config"] {
  const checked = readOptions(kind, layerDefinitions[kind].options, config) as Record<string, unknown>;
  if (kind !== "residual") return checked;
  const layers = (checked.layers as LayerDescription[]).map((layer) => ({
    kind: layer.kind,
    config: checkedConfig(layer),
  }));
  return { ...checked, layers };
}
