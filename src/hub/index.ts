// Models of the Hugging Face Hub: the cache that all its libraries share, what is in it, and how it gets there.
export { type FoundModel, findModel } from "./find-model.js";
