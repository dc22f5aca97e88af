// Answers held to a pattern: regular expressions, choices and JSON schemas, as tokens that may follow.
export { jsonSchemaPattern } from "./json-schema.js";
export { parseRegex } from "./parse-regex.js";
export { oneOfTexts, type Pattern } from "./pattern.js";
export { constrainTokens, type TokenConstraint, type Vocabulary } from "./token-constraint.js";
