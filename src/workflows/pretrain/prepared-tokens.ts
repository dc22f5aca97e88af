// What an unfinished run prepares and keeps: the tokenizer and the ids of both sides, which prepared.json guards.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { loadTokenizer, type Tokenizer } from "../../text/tokenizers/index.js";
import { openTokenFile, type TokenFile, type TokenSource, tokenSlice } from "../../tokens/index.js";
import { readSealed, sealNote, writeSealed } from "../../train/index.js";

export const preparedFiles = {
  tokenizer: "tokenizer.json",
  prepared: "prepared.json",
  training: "training.tokens",
  validation: "validation.tokens",
} as const;

const place = z.int().min(0);
const part = z
  .object({
    file: z.enum([preparedFiles.training, preparedFiles.validation]),
    from: place,
    to: place,
    texts: z.number(),
  })
  .refine(({ from, to }) => from <= to, "it ends before it begins");

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
  tokenizer: Tokenizer;
  facts: PreparedFacts;
  training: TokenSource;
  validation: TokenSource;
  close(): void;
}

/** Those that prepared.json guards. */
const guarded = (folder: string) =>
  [preparedFiles.tokenizer, preparedFiles.training, preparedFiles.validation].map((name) => join(folder, name));

/**
 * What an earlier start of the run has prepared, or nothing where it did not come to the end.
 *
 * @throws UserError when it is damaged
 */
export function readPrepared(folder: string): PreparedTokens | undefined {
  const path = join(folder, preparedFiles.prepared);
  if (!existsSync(path)) return undefined;
  try {
    const facts = readSealed(path, preparedSchema, guarded(folder));
    return openPrepared(folder, facts, loadTokenizer(readFileSync(join(folder, preparedFiles.tokenizer), "utf8")));
  } catch (error) {
    const [reason] = String((error as Error).message).split("\n");
    throw new UserError(
      `What the unfinished run prepared is damaged: ${path}, or a file beside it (${reason.slice(0, 200)}). To start again, ` +
        `remove '${folder}', or choose another folder with ${option("out")}.`,
      { cause: error },
    );
  }
}

/** Once all ids are on disk. */
export function keepPrepared(folder: string, facts: PreparedFacts): void {
  writeSealed(join(folder, preparedFiles.prepared), sealNote(facts, guarded(folder)));
}

export function openPrepared(folder: string, facts: PreparedFacts, tokenizer: Tokenizer): PreparedTokens {
  const open = new Map<string, TokenFile>();
  const sourceOf = ({ file, from, to }: z.infer<typeof part>) => {
    const tokens = open.get(file) ?? openTokenFile(join(folder, file), facts.vocabSize);
    open.set(file, tokens);
    if (tokens.length < to)
      throw new UserError(`${join(folder, file)} is truncated. Remove the folder and start again.`);
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
