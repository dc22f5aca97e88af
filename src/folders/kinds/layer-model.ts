// The folder of a model of layers, which the library's model.save writes.
import { z } from "zod";
import type { FolderKind } from "./folder-kind.js";

export const layerModel = {
  noun: "a layer model",
  folder: "layer model folder",
  not: "not a layer model folder",
  made: "model.save",
  uses: "loadModel",
  /** Inputs, layers, calls and outputs as plain data; who reads it checks it. */
  facts: z.object({ plan: z.unknown() }),
  owns: /^(weights\.safetensors|model\.onnx|model\.json)$/,
  former: { name: "model.json", holds: '"columnist layers"' },
} satisfies FolderKind;
