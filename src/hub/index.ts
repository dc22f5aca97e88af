// Models of the Hugging Face Hub: the cache that all its libraries share, what is in it, and how it gets there.
export { architectures, type ModelType, type ModelTypeOf } from "./architectures.js";
export { type CachedModel, cachedModels } from "./cached-models.js";
export { type CatalogueEntry, catalogue, catalogueTasks } from "./catalogue.js";
export { describeModel, type ModelDescription, type ModelKind } from "./describe-model.js";
export { cacheFolder } from "./environment.js";
export { type FoundModel, findModel, isCached } from "./find-model.js";
export { type PulledModel, type PullOptions, pullModel, pullOptionsSchema } from "./pull.js";
