// The text of a folder's tokenizer.json.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { readSmallFile } from "../../base/regular-file.js";
import { tokenizerName } from "./folder.js";
import { longestJson } from "./json-file.js";

/** @throws UserError where there is none */
export function readTokenizerText(folder: string): string {
  const path = join(folder, tokenizerName);
  if (existsSync(path)) return readSmallFile(path, longestJson).toString("utf8");
  const others = ["vocab.txt", "vocab.json", "sentencepiece.bpe.model", "spiece.model"].filter((name) =>
    existsSync(join(folder, name)),
  );
  throw new UserError(
    `'${folder}' has no ${tokenizerName}${others.length > 0 ? `, only ${others.join(", ")}` : ""}. Download the whole model ` +
      `again, or write the file with Python: AutoTokenizer.from_pretrained("…").save_pretrained("…").`,
  );
}
