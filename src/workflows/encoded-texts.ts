// The texts of a table with their token ids, batch by batch.
import { UserError } from "../base/errors.js";
import { streamTexts, type Table, type TextBatch } from "../tables/index.js";
import {
  type EncodeBatchesOptions,
  type EncodedBatch,
  encodeBatches,
  type Tokenizer,
} from "../text/tokenizers/index.js";

/** Long files are read in pieces that our own tokenizers see as one text; what others make of a cut is not known. */
const tooLong =
  "A text file is too long for this tokenizer.json, which processes each text as a whole. Split the file, or put its paragraphs " +
  "into the rows of a table.";

/** Encoded on worker threads; each batch of texts comes with its own ids, in the order of the table. */
export async function* encodedTexts(
  table: Table,
  columns: readonly string[],
  tokenizer: Tokenizer,
  options: EncodeBatchesOptions,
): AsyncGenerator<TextBatch & EncodedBatch> {
  /** Batches that are being encoded. */
  const waiting: TextBatch[] = [];
  async function* texts() {
    for await (const batch of streamTexts(table, { text: columns })) {
      if (batch.continues && tokenizer.kind === "foreign") throw new UserError(tooLong);
      waiting.push(batch);
      yield batch.texts;
    }
  }
  for await (const encoded of encodeBatches(tokenizer, texts(), options)) yield { ...waiting.shift()!, ...encoded };
}
