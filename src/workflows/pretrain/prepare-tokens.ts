// Texts to token ids on disk: which texts are for validation, the tokenizer, one pass that writes the ids. A corpus larger
// than memory streams through.
import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { mixSeed } from "../../base/random.js";
import { readTextFile } from "../../base/text-file.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { countRows, openTable, streamTexts, type Table } from "../../tables/index.js";
import {
  loadTokenizer,
  type Tokenizer,
  trainByteLevelBpe,
  trainCharacters,
  trainWordPiece,
} from "../../text/tokenizers/index.js";
import { openTokenFile, openTokenWriter } from "../../tokens/index.js";
import { encodedTexts } from "../encoded-texts.js";
import type { PretrainSettings } from "./options.js";
import {
  keepPrepared,
  openPrepared,
  type PreparedFacts,
  type PreparedTokens,
  preparedFiles,
} from "./prepared-tokens.js";

/** With fewer texts than this the end of the text is held out, not some of the texts. */
const fewTexts = 20;

/** @throws UserError for a wrong table, column or tokenizer, and for a corpus without text */
export async function prepareTokens(
  path: string,
  settings: PretrainSettings,
  folder: string,
  watch: WorkflowWatch,
): Promise<PreparedTokens> {
  const { table: name, query, text = [], seed, threads, validation } = settings;
  const share = shareOf(validation);
  const table = await openTable({ path, table: name, query }, watch);
  try {
    const rows = await countRows(table);
    let part: Part = share !== undefined && rows >= fewTexts ? { kind: "texts", share } : { kind: "none" };
    let found = await encodeParts(table, settings, part, rows, folder, watch);
    const { texts } = found;
    // The draw may leave one side without a text: then the text that was nearest to it goes there.
    if (part.kind === "texts" && (found.training.texts === 0 || found.validation.texts === 0)) {
      part = texts < 2 ? { kind: "none" } : { ...part, least: found.least, most: found.most };
      found = await encodeParts(table, settings, part, rows, folder, watch);
    }
    const { tokenizer, training, fingerprint } = found;
    if (training.tokens === 0) throw new UserError(`${table.description} has no text to train on.`);
    const held =
      share === undefined ? await encodeHeldOut(validation, text, tokenizer, threads, folder, watch) : found.validation;
    const drawn = held.texts === 1 ? `1 text, drawn with seed ${seed}` : `${held.texts} texts, drawn with seed ${seed}`;
    const facts: PreparedFacts = {
      source: table.description,
      vocabSize: tokenizer.vocabSize,
      training: { file: preparedFiles.training, from: 0, to: training.tokens, texts: training.texts },
      validation: { file: preparedFiles.validation, from: 0, to: held.tokens, texts: held.texts },
      validationBytes: held.bytes,
      heldOut: share === undefined ? validation : drawn,
      fingerprint,
    };
    if (share !== undefined && part.kind === "none") holdOutTheEnd(facts, share, tokenizer, folder);
    writeFileSync(join(folder, preparedFiles.tokenizer), tokenizer.toJson());
    keepPrepared(folder, facts);
    return openPrepared(folder, facts, tokenizer);
  } finally {
    table.close();
  }
}

/** Which rows are held out: none, or a share that the seed draws; `least` and `most` are rows that go to one side in any case. */
type Part = { kind: "none" } | { kind: "texts"; share: number; least?: number; most?: number };

interface EncodedPart {
  tokens: number;
  texts: number;
  /** UTF-8. */
  bytes: number;
}

interface EncodedParts {
  tokenizer: Tokenizer;
  training: EncodedPart;
  validation: EncodedPart;
  fingerprint: string;
  texts: number;
  /** Rows with a text that the draw would hold out first and last. */
  least?: number;
  most?: number;
}

/** Learns the tokenizer from the rows to train on and writes the ids of both sides. */
async function encodeParts(
  table: Table,
  settings: PretrainSettings,
  part: Part,
  rows: number,
  folder: string,
  watch: WorkflowWatch,
): Promise<EncodedParts> {
  const { text = [], seed, threads } = settings;
  const draw = (row: number) => mixSeed(seed, row, 4);
  const isHeldOut = (row: number) =>
    part.kind === "texts" && row !== part.most && (row === part.least || draw(row) < part.share * 2 ** 32);
  const tokenizer = await tokenizerFor(table, settings, isHeldOut, watch);
  const train = openTokenWriter(join(folder, preparedFiles.training), tokenizer.vocabSize);
  const held = openTokenWriter(join(folder, preparedFiles.validation), tokenizer.vocabSize);
  const hash = createHash("sha256");
  const [training, validation] = [emptyPart(), emptyPart()];
  let [least, most]: (number | undefined)[] = [];
  try {
    await encodeTexts(table, text, tokenizer, { rows, threads }, watch, (row, piece, ids) => {
      const isValidation = isHeldOut(row);
      (isValidation ? held : train).append(ids);
      addTo(isValidation ? validation : training, piece, ids);
      if (!isValidation) hash.update(piece ?? "\0");
      if (least === undefined || draw(row) < draw(least)) least = row;
      if (most === undefined || draw(row) > draw(most)) most = row;
    });
  } finally {
    train.close();
    held.close();
  }
  const texts = training.texts + validation.texts;
  return { tokenizer, training, validation, fingerprint: hash.digest("hex"), texts, least, most };
}

/** A table of its own, all of it. */
async function encodeHeldOut(
  path: string,
  text: readonly string[],
  tokenizer: Tokenizer,
  threads: number | undefined,
  folder: string,
  watch: WorkflowWatch,
): Promise<EncodedPart> {
  const table = await openTable({ path }, watch);
  const held = openTokenWriter(join(folder, preparedFiles.validation), tokenizer.vocabSize);
  const part = emptyPart();
  try {
    const rows = await countRows(table);
    await encodeTexts(table, text, tokenizer, { rows, threads }, watch, (_, piece, ids) => {
      held.append(ids);
      addTo(part, piece, ids);
    });
    if (part.tokens === 0) throw new UserError(`${table.description} has no text to measure on.`);
    return part;
  } finally {
    held.close();
    table.close();
  }
}

const emptyPart = (): EncodedPart => ({ tokens: 0, texts: 0, bytes: 0 });

/** @param piece undefined at the end of a text */
function addTo(part: EncodedPart, piece: string | undefined, ids: ArrayLike<number>): void {
  part.tokens += ids.length;
  part.bytes += Buffer.byteLength(piece ?? "");
  if (piece === undefined) part.texts++;
}

/** The last share of the tokens; their bytes are counted token by token. */
function holdOutTheEnd(facts: PreparedFacts, share: number, tokenizer: Tokenizer, folder: string): void {
  const { file, to } = facts.training;
  // Of a single token nothing could be foretold: two at least.
  const cut = Math.max(0, Math.min(Math.floor(to * (1 - share)), to - 2));
  facts.training.to = cut;
  facts.validation = { file, from: cut, to, texts: facts.training.texts };
  facts.heldOut = `the last ${Math.round(100 * share)} % of the text`;
  const tokens = openTokenFile(join(folder, file), tokenizer.vocabSize);
  try {
    for (let from = cut; from < to; from += 1 << 16)
      for (const id of tokens.read(from, Math.min(1 << 16, to - from)))
        facts.validationBytes += tokenizer.tokenBytes(id).length;
  } finally {
    tokens.close();
  }
}

/** Every text's ids, and after each text once its end: `piece` is undefined there. */
async function encodeTexts(
  table: Table,
  columns: readonly string[],
  tokenizer: Tokenizer,
  { rows, threads }: { rows: number; threads?: number },
  watch: WorkflowWatch,
  keep: (row: number, piece: string | undefined, ids: ArrayLike<number>) => void,
): Promise<void> {
  const { endOfText } = tokenizer.roles;
  const end = endOfText === undefined ? [] : [endOfText];
  let row = 0;
  let tokens = 0;
  let hasText = false;
  for await (const { texts, continues, ids, textsAt } of encodedTexts(table, columns, tokenizer, { threads })) {
    if (watch.signal?.aborted) throw new CancelledError("Stopped before training started.");
    for (const [i, text] of texts.entries()) {
      if (text !== "") {
        const own = ids.subarray(textsAt[i], textsAt[i + 1]);
        tokens += own.length;
        keep(row, text, own);
        hasText = true;
      }
      if (i + 1 === texts.length && continues) continue;
      if (hasText) keep(row, undefined, end);
      hasText = false;
      row++;
    }
    const note = `${tokens.toLocaleString("en")} tokens`;
    watch.onProgress?.({ stage: "encoding the text", done: Math.min(row, rows), total: rows, note });
  }
}

async function tokenizerFor(
  table: Table,
  settings: PretrainSettings,
  isHeldOut: (row: number) => boolean,
  watch: WorkflowWatch,
): Promise<Tokenizer> {
  const { tokenizer: kind, vocabSize, text = [], objective, threads } = settings;
  const specials = objective === "masked" ? ["<|endoftext|>", "<|mask|>"] : undefined;
  async function* trainingTexts() {
    let row = 0;
    for await (const { texts, continues } of streamTexts(table, { text })) {
      if (watch.signal?.aborted) throw new CancelledError("Stopped before training started.");
      const first = row;
      row += texts.length - (continues ? 1 : 0);
      yield texts.filter((_, i) => !isHeldOut(first + i));
    }
  }
  if (kind === "char")
    return trainCharacters(
      trainingTexts(),
      { vocabSize, ...(specials && { specials: [...specials, "<unk>"] }) },
      watch,
    );
  if (kind === "bpe") return trainByteLevelBpe(trainingTexts(), { vocabSize, specials, threads }, watch);
  if (kind === "wordpiece") return trainWordPiece(trainingTexts(), { vocabSize, threads }, watch);
  if (!existsSync(kind))
    throw new UserError(
      `${option("tokenizer")} must be bpe, wordpiece, char or a tokenizer.json; there is no file '${kind}'.`,
    );
  const loaded = loadTokenizer(readTextFile(kind, "a tokenizer.json"));
  if (objective === "masked" && loaded.roles.mask === undefined)
    throw new UserError(
      `${kind} has no mask token, which ${option("objective")} masked needs. Choose bpe, wordpiece or char.`,
    );
  return loaded;
}

export const isShare = (validation: string) => !Number.isNaN(Number(validation));

/** A share, or undefined for a table's path. */
function shareOf(validation: string): number | undefined {
  const share = Number(validation);
  if (Number.isNaN(share)) return undefined;
  if (share > 0 && share <= 0.5) return share;
  throw new UserError(
    `${option("validation")} must be a share above 0 and up to 0.5, or a table, not '${validation}'.`,
  );
}
