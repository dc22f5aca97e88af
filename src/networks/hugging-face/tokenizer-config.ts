// What stands beside a tokenizer.json so that Python's transformers read texts as we do: lengths and the names of special tokens.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadFramedTokenizer } from "../../text/tokenizers/index.js";

/** Files by their names. */
export type TextFiles = Map<string, string>;

export interface TextReading {
  /** The text of tokenizer.json. */
  tokenizerJson: string;
  /** Texts are lowercased first. */
  lowercase: boolean;
  /** Tokens of a text that are read, special ones included. */
  maxLength: number;
}

/** tokenizer.json, with the length and the lowercasing of the model in it, and tokenizer_config.json. */
export function tokenizerFiles({ tokenizerJson, lowercase, maxLength }: TextReading): TextFiles {
  const file = JSON.parse(tokenizerJson) as Record<string, unknown>;
  const first = { type: "Lowercase" };
  const normalizer = lowercase
    ? { type: "Sequence", normalizers: file.normalizer ? [first, file.normalizer] : [first] }
    : file.normalizer;
  const truncation = { direction: "Right", max_length: maxLength, strategy: "LongestFirst", stride: 0 };
  const { tokenizer, frame } = loadFramedTokenizer(tokenizerJson);
  const nameOf = (id: number | undefined) => (id === undefined ? undefined : tokenizer.idToToken(id));
  const { unknown, padding, mask, endOfText } = tokenizer.roles;
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast",
    model_max_length: maxLength,
    clean_up_tokenization_spaces: false,
    cls_token: nameOf(frame.before[0]),
    sep_token: nameOf(frame.after.at(-1)),
    unk_token: nameOf(unknown),
    // Something must fill up shorter texts; the mask hides it.
    pad_token: nameOf(padding ?? unknown ?? endOfText ?? 0),
    mask_token: nameOf(mask),
  };
  return new Map([
    ["tokenizer.json", `${JSON.stringify({ ...file, normalizer, truncation, padding: null })}\n`],
    ["tokenizer_config.json", jsonText(config)],
  ]);
}

export function writeTexts(folder: string, texts: TextFiles): void {
  for (const [name, text] of texts) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

export const jsonText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
