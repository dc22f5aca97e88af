// The ids, tokens and places of every text of a source. Texts stream: memory does not grow with them.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { CancelledError, UserError } from "../../base/errors.js";
import { writeFault } from "../../base/outputs.js";
import { readTextFile } from "../../base/text-file.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { allKinds, hasFile, inFile, openFolder, readFile, tellFolder } from "../../folders/index.js";
import { fileNames } from "../../folders/model-files.js";
import { checkOutputs, countRows, hasRows, type TextBatch, writeRows } from "../../tables/index.js";
import { type EncodedBatch, loadTokenizer, type Tokenizer } from "../../text/tokenizers/index.js";
import { withTable } from "../add-columns.js";
import { encodedTexts } from "../encoded-texts.js";
import { type TokenizeOptions, tokenizeOptionsSchema } from "./options.js";

export interface TokenizeResult {
  tokenizer: { kind: Tokenizer["kind"]; vocabSize: number };
  source: string;
  rows: number;
  withoutText: number;
  tokens: number;
  /** UTF-8 of the texts. */
  bytes: number;
  /** Number of unknown tokens. */
  unknown: number;
  /** Whether each token's offsets are written; some tokenizers do not track them. */
  hasOffsets: boolean;
  out?: string;
}

/** A longer text is written in several rows, so that none grows without bounds. */
const mostTokens = 100_000;

/**
 * Writes `row` (counted from 1), `ids`, `tokens` and `offsets` ([start, end) of each token in the text) for every row; a
 * text of more than 100,000 tokens takes several rows, all with its number.
 *
 * @param path a folder with a tokenizer.json, or the file itself
 * @throws UserError for a wrong tokenizer, table or target; CancelledError after an abort, with nothing written
 * @example
 * await tokenizeTable("lm", "reviews.csv", { text: ["review"], out: "ids.parquet" });
 */
export async function tokenizeTable(
  path: string,
  source: string,
  options: TokenizeOptions = {},
  watch: WorkflowWatch = {},
  output: Writable = process.stdout,
): Promise<TokenizeResult> {
  const { text, out, offsets, threads, table, query } = tokenizeOptionsSchema.parse(options);
  await checkOutputs({ inputs: [path, source], outputs: [out] });
  const { tokenizer, textColumns, unapplied } = readTokenizer(path);
  if (unapplied.length > 0)
    watch.onMessage?.(
      `The tokenizer's ${unapplied.join(" and ")} are not applied: the ids are those of the whole texts.`,
    );
  return withTable({ path: source, table, query }, watch, async (opened) => {
    const columns = text ?? (/\.txt(\.gz)?$/i.test(source) ? ["text"] : textColumns);
    const total = await countRows(opened);
    const totals = { rows: 0, withoutText: 0, tokens: 0, bytes: 0, unknown: 0, hasOffsets: true };
    const rows = async function* () {
      if (!hasRows(opened)) return;
      const document = { row: 1, base: 0, hasText: false };
      for await (const batch of encodedTexts(opened, columns, tokenizer, { offsets: true, threads })) {
        if (watch.signal?.aborted) throw new CancelledError("Stopped before all texts were tokenized.");
        yield* rowsOf(tokenizer, batch, offsets, document, totals);
        watch.onProgress?.({ stage: "tokenizing", done: document.row - 1, total });
      }
      totals.rows = document.row - 1;
    };
    const types = { row: "BIGINT", ids: "INTEGER[]", tokens: "VARCHAR[]", offsets: "INTEGER[][]" };
    await writeRows(rows(), { outPath: out, output, columns: types }).catch((error: unknown) => {
      throw writeFault(error, out ?? "standard output");
    });
    const { kind, vocabSize } = tokenizer;
    return { tokenizer: { kind, vocabSize }, source: opened.description, ...totals, out };
  });
}

/** Lines of one batch. `document` is the text that may go on in the next one: its row, and the units of it that are done. */
function* rowsOf(
  tokenizer: Tokenizer,
  { texts, continues, ids, textsAt, starts, ends }: TextBatch & EncodedBatch,
  unit: "code-points" | "utf-16",
  document: { row: number; base: number; hasText: boolean },
  totals: { withoutText: number; tokens: number; bytes: number; unknown: number; hasOffsets: boolean },
): Generator<string> {
  if (!starts && ids.length > 0) totals.hasOffsets = false;
  for (const [i, text] of texts.entries()) {
    const place = unit === "utf-16" ? (at: number) => at : codePointsOf(text);
    let from = textsAt[i];
    do {
      const to = Math.min(textsAt[i + 1], from + mostTokens);
      const row = { ids: [] as number[], tokens: [] as (string | undefined)[], offsets: [] as number[][] };
      for (let k = from; k < to; k++) {
        row.ids.push(ids[k]);
        row.tokens.push(tokenizer.idToToken(ids[k]));
        if (starts && ends) row.offsets.push([document.base + place(starts[k]), document.base + place(ends[k])]);
        if (ids[k] === tokenizer.roles.unknown) totals.unknown++;
      }
      yield JSON.stringify({ row: document.row, ...row, offsets: starts ? row.offsets : undefined });
      from = to;
    } while (from < textsAt[i + 1]);
    totals.tokens += textsAt[i + 1] - textsAt[i];
    totals.bytes += Buffer.byteLength(text);
    document.hasText ||= text.trim() !== "";
    if (continues && i === texts.length - 1) document.base += place(text.length);
    else {
      if (!document.hasText) totals.withoutText++;
      Object.assign(document, { row: document.row + 1, base: 0, hasText: false });
    }
  }
}

/** From UTF-16 units of a text to code points. */
function codePointsOf(text: string): (at: number) => number {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return (at) => at;
  const points = new Int32Array(text.length + 1);
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    points[at] = count++;
    if (text.codePointAt(at)! > 0xffff) points[++at] = count;
  }
  points[text.length] = count;
  return (at) => points[at];
}

/** The tokenizer of a folder or a file, and the columns that the folder's model was trained on. */
function readTokenizer(path: string): { tokenizer: Tokenizer; textColumns: string[]; unapplied: string[] } {
  if (!existsSync(path)) throw new UserError(`There is no '${path}'. Specify a model folder, or a tokenizer.json.`);
  const { file, json, textColumns } = readTokenizerJson(path);
  const tokenizer = inFile(file, () => loadTokenizer(json));
  const sections: Record<string, unknown> = JSON.parse(json);
  const unapplied = ["truncation", "padding"].filter((name) => sections[name]);
  return { tokenizer, textColumns, unapplied };
}

/** Folders that are not Columnist's have no checksums. */
function readTokenizerJson(path: string): { file: string; json: string; textColumns: string[] } {
  const isFolder = statSync(path).isDirectory();
  const file = isFolder ? join(path, fileNames.tokenizer) : path;
  const lacks = () =>
    new UserError(`The folder '${path}' has no tokenizer.json. Specify a model folder, or a tokenizer.json.`);
  if (isFolder && tellFolder(path)) {
    const folder = openFolder(path, ...allKinds);
    if (!hasFile(folder, fileNames.tokenizer)) throw lacks();
    const textColumns = "textColumns" in folder.facts ? folder.facts.textColumns : [];
    return { file, json: readFile(folder, fileNames.tokenizer).toString("utf8"), textColumns };
  }
  if (!existsSync(file)) throw lacks();
  return { file, json: readTextFile(file, "a tokenizer.json"), textColumns: [] };
}
