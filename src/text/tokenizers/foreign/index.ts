// tokenizer.json of any arrangement whose parts are computed here as in Python's tokenizers.
export { addedTokensOf } from "./added-tokens.js";
export { checkFields, createForeign } from "./create-foreign.js";
export { type Frame, frameOf } from "./post-processors.js";
