// JSON schemas in files, and tokens held to a pattern.
import { statSync } from "node:fs";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { readTextFile } from "../base/text-file.js";
import { constrainTokens, type Pattern, type TokenConstraint } from "../generate/index.js";
import type { Tokenizer } from "../text/tokenizers/index.js";

/** Bytes of a file with a JSON schema; half a million choices take a tenth of it. */
const largestSchema = 1 << 26;

/** @throws UserError for a file that is no JSON */
export function readJsonSchema(path: string): unknown {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestSchema)
    throw new UserError(
      `The JSON schema '${path}' has ${(size / 1e6).toFixed(0)} MB; at most ${Math.floor(largestSchema / 1e6)} MB can be used. Use a ` +
        "smaller one.",
    );
  const text = readTextFile(path, "a JSON schema");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`The JSON schema '${path}' is not JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** @throws UserError where no text of so many tokens matches */
export function constraintOf(pattern: Pattern, tokenizer: Tokenizer, maxTokens: number): TokenConstraint {
  const constraint = constrainTokens(pattern, tokenizer);
  if (constraint.shortest > maxTokens)
    throw new UserError(
      `The shortest matching text takes ${constraint.shortest} tokens, more than ${option("maxTokens")} ` +
        `${maxTokens}. Raise it.`,
    );
  return constraint;
}
