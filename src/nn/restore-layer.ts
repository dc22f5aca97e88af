// A layer's way into a file and back. What comes from a file is checked as if a stranger had written it.
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import { readCustomOptions } from "./define-layer.js";
import { layerDefinitions } from "./definitions.js";
import type { CustomKinds, Layer, LayerDefinition, LayerDescription, LayerKind } from "./layer.js";
import { layerOf, readOptions } from "./make-layer.js";

export function describeLayer({ kind, config }: LayerDescription): LayerDescription {
  return { kind, config };
}

/**
 * Checks the description against the options of its kind, and those of the layers inside it.
 *
 * @param custom - the layers that are not built in
 * @throws UserError for a kind that is neither
 */
export function restoreLayer({ kind, config }: LayerDescription, name: string, custom: CustomKinds): Layer {
  return layerOf({ kind, config: checkedConfig({ kind, config }, custom), name, custom });
}

function checkedConfig({ kind, config }: LayerDescription, custom: CustomKinds): LayerDescription["config"] {
  const { options } = definitionOf(kind, custom);
  if (typeof options === "function") return readCustomOptions(kind, options, config);
  const checked = readOptions(kind, options, config) as Record<string, unknown>;
  if (kind !== "residual") return checked;
  const layers = (checked.layers as LayerDescription[]).map((layer) => ({
    kind: layer.kind,
    config: checkedConfig(layer, custom),
  }));
  return { ...checked, layers };
}

function definitionOf(kind: string, custom: CustomKinds): LayerDefinition<unknown> {
  const own = custom.get(kind);
  if (own) return own;
  if (Object.hasOwn(layerDefinitions, kind)) return layerDefinitions[kind as LayerKind];
  throw new UserError(
    `the model has a layer of kind '${kind}', which is not built in. If it was made with defineLayer, pass it: ` +
      `loadModel(folder, { layers: [${/^[a-z]\w*$/i.test(kind) ? kind : "layer"}] }).` +
      didYouMean(kind, [...Object.keys(layerDefinitions), ...custom.keys()]),
  );
}
