// Writing a folder in Hugging Face's layout where one may stand: only what a command wrote is replaced, and the user's own files stay.
import { existsSync, readdirSync, statSync } from "node:fs";
import { writeFolderWhole } from "../../base/atomic.js";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { checkParent } from "../../base/outputs.js";

export interface LayoutRule {
  /** With which "an" is right, as in "earlier export". */
  noun: string;
  /** Whether a folder that is not empty is one of these. */
  isOne(folder: string): boolean;
  /** What these have beside the layout's own files. */
  more: readonly string[];
  overwrite: boolean;
}

/** Names of files and folders of the layout. */
const own =
  /^(config|generation_config|tokenizer|tokenizer_config|modules|sentence_bert_config|config_sentence_transformers)\.json$|^model\.safetensors$|^\d+_(Transformer|Pooling|Dense|LayerNorm|Normalize|Dropout)$/;

/** @throws UserError when something else stands at `out`, or it was not said that one of these is replaced */
export function checkLayoutOut(out: string, { noun, isOne, overwrite }: LayoutRule): void {
  checkParent(out);
  if (!existsSync(out)) return;
  const another = `Choose another folder with ${option("out")}`;
  if (!statSync(out).isDirectory()) throw new UserError(`'${out}' is a file. ${another}.`);
  if (readdirSync(out).length === 0) return;
  if (!isOne(out)) throw new UserError(`'${out}' is not empty and no ${noun}, so it is not overwritten. ${another}.`);
  if (!overwrite) throw new UserError(`'${out}' contains an ${noun}. ${another}, or add ${option("overwrite")}.`);
}

/**
 * Writes the folder whole or not at all.
 *
 * @throws UserError as `checkLayoutOut`, which is asked again when the folder is filled
 */
export async function writeLayout(
  out: string,
  rule: LayoutRule,
  fill: (folder: string) => Promise<void> | void,
): Promise<void> {
  await writeFolderWhole(
    out,
    async (aside) => {
      await fill(aside);
      checkLayoutOut(out, rule);
    },
    (name) => !own.test(name) && !rule.more.includes(name),
  );
}
