// How a pretrained encoder that goes on learning reads its texts.
import type { PretrainedEncoder } from "../../networks/hugging-face/index.js";
import { suggestMaxLength } from "../../text/index.js";
import type { TrainingRows } from "./family.js";

/** Tokens of a text that are read at most. */
const longestText = 256;

/** Ids of all texts, special ones included. The length comes from the training rows alone. */
export function readTexts({ tokenizer, prompts, maxLength: longest }: PretrainedEncoder, rows: TrainingRows) {
  const read = (texts: readonly string[], length: number) =>
    texts.map((text) => tokenizer.encode(prompts.usual + text, length));
  const most = Math.min(longestText, longest);
  const whole = read(rows.training.texts, most);
  const { before, after } = tokenizer.frame;
  const least = Math.min(most, before.length + after.length + 1);
  const maxLength = Math.max(least, suggestMaxLength(whole.map(({ length }) => length)));
  const training = whole.map((ids, row) =>
    ids.length <= maxLength ? ids : tokenizer.encode(prompts.usual + rows.training.texts[row], maxLength),
  );
  return { ids: { training, validation: read(rows.validation.texts, maxLength) }, maxLength };
}
