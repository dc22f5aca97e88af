// Texts to token ids on disk: which texts are for validation, the tokenizer, one pass that writes the ids. A corpus larger
// than memory streams through.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileWhole } from "../../base/atomic.js";
import { CancelledError, UserError } from "../../base/errors.js";
import { mixSeed } from "../../base/random.js";
import { readTextFile } from "../../base/text-file.js";
import { openTokenFile, openTokenWriter, type TokenFile, type TokenSource, tokenSlice } from "../../data/index.js";
import { countRows, openTable, streamTexts, type Table } from "../../tables/index.js";
import {
  type LanguageTokenizer,
  loadTokenizer,
  trainByteLevelBpe,
  trainCharacters,
  trainWordPiece,
} from "../../text/tokenizers/index.js";
import { encodedTexts } from "../encoded-texts.js";
import type { WorkflowWatch } from "../watch.js";
import type { PretrainSettings } from "./pretrain-options.js";

const part = z.object({ file: z.string(), from: z.number(), to: z.number(), texts: z.number() });

/** prepared.json: written last, when all ids are on disk. */
const preparedSchema = z.object({
  source: z.string(),
  vocabSize: z.number(),
  training: part,
  validation: part,
  /** UTF-8 bytes of the validation text. */
  validationBytes: z.number(),
  heldOut: z.string(),
  fingerprint: z.string(),
});

export type PreparedFacts = z.infer<typeof preparedSchema>;

export interface PreparedTokens {
  tokenizer: LanguageTokenizer;
  facts: PreparedFacts;
  training: TokenSource;
  validation: TokenSource;
  close(): void;
}

/** With fewer texts than this the end of the text is held out, not some of the texts. */
const fewTexts = 20;
const files = { tokenizer: "tokenizer.json", prepared: "prepared.json" };

/** What an earlier start of the run has prepared, or nothing where it did not come to the end. */
export function readPrepared(folder: string): PreparedTokens | undefined {
  if (!existsSync(join(folder, files.prepared))) return undefined;
  const facts = preparedSchema.parse(JSON.parse(readFileSync(join(folder, files.prepared), "utf8")));
  return opened(folder, facts, loadTokenizer(readFileSync(join(folder, files.tokenizer), "utf8")));
}

/** @throws UserError for a wrong table, column or tokenizer, and for a corpus without text */
export async function prepareTokens(
  path: string,
  settings: PretrainSettings,
  folder: string,
  watch: WorkflowWatch,
): Promise<PreparedTokens> {
  const { table: name, query, text = [], seed, threads } = settings;
  const table = await openTable({ path, table: name, query }, watch);
  try {
    const rows = await countRows(table);
    const share = shareOf(settings.validation);
    const byText = share !== undefined && rows >= fewTexts;
    const isHeldOut = (row: number) => byText && mixSeed(seed, row, 4) < share * 2 ** 32;
    const tokenizer = await tokenizerFor(table, settings, isHeldOut, watch);
    const train = openTokenWriter(join(folder, "training.tokens"), tokenizer.vocabSize);
    const held = openTokenWriter(join(folder, "validation.tokens"), tokenizer.vocabSize);
    const hash = createHash("sha256");
    const counts = { training: 0, validation: 0, bytes: 0 };
    try {
      await encodeTexts(table, text, tokenizer, { rows, threads }, watch, (row, piece, ids) => {
        const isValidation = isHeldOut(row);
        (isValidation ? held : train).append(ids);
        if (isValidation) counts.bytes += Buffer.byteLength(piece ?? "");
        else hash.update(piece ?? "\0");
        if (piece === undefined) counts[isValidation ? "validation" : "training"]++;
      });
      if (share === undefined) {
        const other = await openTable({ path: settings.validation }, watch);
        try {
          await encodeTexts(
            other,
            text,
            tokenizer,
            { rows: await countRows(other), threads },
            watch,
            (_, piece, ids) => {
              held.append(ids);
              counts.bytes += Buffer.byteLength(piece ?? "");
              if (piece === undefined) counts.validation++;
            },
          );
        } finally {
          other.close();
        }
      }
    } finally {
      train.close();
      held.close();
    }
    if (train.length === 0) throw new UserError(`${table.description} has no text to train on.`);
    const facts: PreparedFacts = {
      source: table.description,
      vocabSize: tokenizer.vocabSize,
      training: { file: "training.tokens", from: 0, to: train.length, texts: counts.training },
      validation: { file: "validation.tokens", from: 0, to: held.length, texts: counts.validation },
      validationBytes: counts.bytes,
      heldOut: share === undefined ? settings.validation : `${counts.validation} texts, drawn with seed ${seed}`,
      fingerprint: hash.digest("hex"),
    };
    if (share !== undefined && !byText) holdOutTheEnd(facts, share, tokenizer, folder);
    writeFileSync(join(folder, files.tokenizer), tokenizer.toJson());
    writeFileWhole(join(folder, files.prepared), JSON.stringify(facts));
    return opened(folder, facts, tokenizer);
  } finally {
    table.close();
  }
}

/** The last share of the tokens; their bytes are counted token by token. */
function holdOutTheEnd(facts: PreparedFacts, share: number, tokenizer: LanguageTokenizer, folder: string): void {
  const { file, to } = facts.training;
  const cut = Math.floor(to * (1 - share));
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

function opened(folder: string, facts: PreparedFacts, tokenizer: LanguageTokenizer): PreparedTokens {
  const open = new Map<string, TokenFile>();
  const sourceOf = ({ file, from, to }: z.infer<typeof part>) => {
    const tokens = open.get(file) ?? openTokenFile(join(folder, file), facts.vocabSize);
    open.set(file, tokens);
    if (tokens.length < to)
      throw new UserError(`${join(folder, file)} is cut off: it is damaged. Remove the folder and start again.`);
    return tokenSlice(tokens, from, to);
  };
  const [training, validation] = [sourceOf(facts.training), sourceOf(facts.validation)];
  return {
    tokenizer,
    facts,
    training,
    validation,
    close() {
      for (const tokens of open.values()) tokens.close();
    },
  };
}

/** Every text's ids, and after each text once its end: `piece` is undefined there. */
async function encodeTexts(
  table: Table,
  columns: readonly string[],
  tokenizer: LanguageTokenizer,
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
    if (watch.signal?.aborted) throw new CancelledError("Stopped before training began.");
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
): Promise<LanguageTokenizer> {
  const { tokenizer: kind, vocabSize, text = [], objective, threads } = settings;
  const specials = objective === "masked" ? ["<|endoftext|>", "<|mask|>"] : undefined;
  async function* trainingTexts() {
    let row = 0;
    for await (const { texts, continues } of streamTexts(table, { text })) {
      if (watch.signal?.aborted) throw new CancelledError("Stopped before training began.");
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
    throw new UserError(`--tokenizer must be bpe, wordpiece, char or a tokenizer.json; there is no file '${kind}'.`);
  const loaded = loadTokenizer(readTextFile(kind, "a tokenizer.json"));
  if (objective === "masked" && loaded.roles.mask === undefined)
    throw new UserError(`${kind} has no mask token, which --objective masked needs. Choose bpe, wordpiece or char.`);
  return loaded;
}

/** A share, or undefined for a table's path. */
function shareOf(validation: string): number | undefined {
  const share = Number(validation);
  if (Number.isNaN(share)) return undefined;
  if (share > 0 && share <= 0.5) return share;
  throw new UserError(`--validation must be a share above 0 and up to 0.5, or a table, not '${validation}'.`);
}
