// The models in the cache, and which commands take them.
import { type CachedModel, cachedModels, cacheFolder, type ModelKind } from "../../hub/index.js";

export interface ListedModel extends CachedModel {
  /** Names of the commands that take it. */
  commands: readonly string[];
}

const ofVectors = ["embed", "index", "topics", "duplicates", "classify"];
const ofDecoders = ["generate", "perplexity", "score", "classify", "extract"];

/** The commands that take a model of a kind. */
export const commandsOf: Record<ModelKind, readonly string[]> = {
  encoder: [...ofVectors, "train", "distil"],
  static: [...ofVectors, "similar", "train"],
  graph: ofVectors,
  decoder: ofDecoders,
  gguf: ofDecoders,
  unknown: [],
};

/**
 * What is in the Hub's cache, by name.
 *
 * @example
 * listModels().models.map(({ name, kind, parameters }) => `${name}: ${kind}, ${parameters} parameters`);
 */
export function listModels(): { cache: string; models: ListedModel[] } {
  const models = cachedModels().map((model) => ({ ...model, commands: commandsOf[model.kind] }));
  return { cache: cacheFolder(), models };
}
