// The modules of sentence-transformers for a vector of ours: modules.json, and a folder for each of them.
import type { NamedArray } from "../../formats/safetensors.js";
import type { PoolingMode, TextVectorShape, VectorActivation, VectorModule } from "../encoders/index.js";
import { moduleName } from "../encoders/text-vector.js";
import type { NetworkWeights } from "../network-weights.js";
import { moduleNames, poolingFlags } from "./sentence-transformers.js";
import { jsonText, type TextFiles } from "./tokenizer-config.js";
import { theirWeights } from "./write-weights.js";

export interface ModuleFiles {
  texts: TextFiles;
  /** Tensors by the folder of their model.safetensors. */
  weights: Map<string, Map<string, NamedArray>>;
}

const activations: Record<VectorActivation, string> = {
  identity: "torch.nn.modules.linear.Identity",
  tanh: "torch.nn.modules.activation.Tanh",
  relu: "torch.nn.modules.activation.ReLU",
  gelu: "torch.nn.modules.activation.GELU",
  sigmoid: "torch.nn.modules.activation.Sigmoid",
  silu: "torch.nn.modules.activation.SiLU",
  softmax: "torch.nn.modules.activation.Softmax",
};

const classNames: Record<VectorModule["kind"], string> = {
  normalize: "Normalize",
  layerNorm: "LayerNorm",
  dense: "Dense",
};

/** @param weights - of the modules, under our names */
export function moduleFiles(vector: TextVectorShape, width: number, weights: NetworkWeights): ModuleFiles {
  const files: ModuleFiles = { texts: new Map(), weights: new Map() };
  const list = [module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling")];
  files.texts.set("1_Pooling/config.json", jsonText(poolingConfig(vector.pooling, width)));
  for (const [place, one] of vector.modules.entries()) {
    const folder = `${place + 2}_${classNames[one.kind]}`;
    list.push(module(place + 2, folder, classNames[one.kind]));
    const config = configOf(one);
    if (!config) continue;
    files.texts.set(`${folder}/config.json`, jsonText(config));
    const own = new Map([...weights].filter(([name]) => name.startsWith(`${moduleName(place)}/`)));
    files.weights.set(folder, theirWeights(own, moduleNames(vector, place)));
  }
  files.texts.set("modules.json", jsonText(list));
  return files;
}

/** The classes' place is that of all versions before 5; later ones know it too. */
export function module(idx: number, path: string, name: string) {
  return { idx, name: String(idx), path, type: `sentence_transformers.models.${name}` };
}

function poolingConfig(modes: readonly PoolingMode[], width: number) {
  const flags = Object.entries(poolingFlags).map(([flag, mode]) => [flag, modes.includes(mode)]);
  return { word_embedding_dimension: width, ...Object.fromEntries(flags), include_prompt: true };
}

function configOf(module: VectorModule): object | undefined {
  if (module.kind === "normalize") return undefined;
  if (module.kind === "layerNorm") return { dimension: module.size };
  const { from, to, useBias, activation, residual } = module;
  const config = { in_features: from, out_features: to, bias: useBias, activation_function: activations[activation] };
  return residual ? { ...config, use_residual: true } : config;
}
