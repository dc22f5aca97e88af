// The model that writes where the user names none.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { cachedModels } from "../hub/index.js";

/** @throws UserError where the cache has no decoder, or several */
export function onlyDecoder(): string {
  const names = cachedModels().flatMap(({ kind, name }) => (kind === "decoder" || kind === "gguf" ? [name] : []));
  if (names.length === 1) return names[0];
  if (names.length === 0)
    throw new UserError(
      "There is no decoder in the cache. Download one (columnist pull lists some): columnist pull " +
        "HuggingFaceTB/SmolLM2-135M-Instruct",
    );
  throw new UserError(`Specify a decoder with ${option("with")}. In the cache: ${names.join(", ")}`);
}
