// Fields read out of the texts of a table: a decoder, held to a JSON schema, gives one object a row, whose properties become
// columns.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type Decoder, generate, jsonSchemaPattern, type TokenConstraint } from "../../generate/index.js";
import { checkOutputs, type NewColumn, type NewValues } from "../../tables/index.js";
import { type LanguageModel, openLanguageModel, pretrainedPath } from "../../tasks/language/index.js";
import { endsOf, nameless, unwritableIds } from "../../text/tokenizers/index.js";
import { addColumns, forTexts, withTable } from "../add-columns.js";
import { constraintOf, readJsonSchema } from "../json-schema.js";
import { onlyDecoder } from "../only-decoder.js";
import { type Prompts, promptsOf, sharedPrompt } from "../row-prompts.js";
import { type FieldColumn, fieldColumns } from "./columns.js";
import { type ExtractOptions, extractOptionsSchema } from "./options.js";

export interface ExtractResult {
  rows: number;
  /** Rows without text: their new columns are empty. */
  withoutText: number;
  /** Rows whose fields could not be read: their `error` says why. */
  errors: number;
  /** Names of the new columns, with a suffix where a name was taken; the last one is that of errors. */
  columns: string[];
  model: string;
  out?: string;
}

/** Texts that are read side by side. */
const rowsAtOnce = 16;

/**
 * Adds a column for each property of the schema, of its type, and `error`: empty, or why a row's fields could not be read. Without
 * `out` the rows go to `output` as CSV.
 *
 * @throws UserError for a wrong table, target or model, and for a schema that cannot be met; CancelledError after an abort, with
 * nothing written
 * @example
 * await extractFields("mails.csv", { text: ["body"], schema: "fields.json", with: "smollm2.gguf", out: "fields.parquet" });
 */
export async function extractFields(
  path: string,
  options: ExtractOptions,
  watch: WorkflowWatch = {},
  output: Writable = process.stdout,
): Promise<ExtractResult> {
  const settings = extractOptionsSchema.parse(options);
  const { text, out, precision, safeCsv, table, query } = settings;
  const schema = readJsonSchema(settings.schema);
  const pattern = jsonSchemaPattern(schema);
  const fields = fieldColumns(schema);
  const name = settings.with ?? onlyDecoder();
  const inputs = [path, settings.schema, pretrainedPath(name) ?? name];
  await checkOutputs({ inputs, outputs: [out] });
  return withTable({ path, table, query }, watch, async (opened) => {
    const { model } = await openLanguageModel(name, { threads: settings.threads ?? availableParallelism(), precision });
    let decoder: Decoder | undefined;
    try {
      const constraint = constraintOf(pattern, model.tokenizer, settings.maxTokens);
      decoder = await openedDecoder(name, model);
      const prompts = promptsOf(model, settings.system ?? fillIn(schema), "JSON: ");
      const read = await fieldReader({ model, decoder, constraint, prompts, maxTokens: settings.maxTokens }, watch);
      const columns: NewColumn[] = [...fields, { name: "error", type: "VARCHAR" }];
      let [withText, errors] = [0, 0];
      const values = forTexts(columns.length, async (texts, rows, tell) => {
        const found = await read(texts, (count) => tell(rows[count - 1] + 1));
        withText += found.length;
        errors += found.filter(({ error }) => error !== undefined).length;
        return asColumns(fields, found);
      });
      const work = { text, columns, values, stage: "extracting", out, output, suffix: "extracted", safeCsv };
      const { rows, names } = await addColumns(opened, work, watch);
      const result = { rows, withoutText: rows - withText, errors, columns: names, model: name };
      return { ...result, ...(out !== undefined && { out }) };
    } finally {
      await decoder?.close();
      await model.close();
    }
  });
}

const fillIn = (schema: unknown) =>
  "Read the text and give what it says as JSON that follows this JSON schema, and nothing else. Copy names and numbers as the " +
  `text has them.\n${JSON.stringify(schema)}`;

async function openedDecoder(name: string, model: LanguageModel): Promise<Decoder> {
  if (model.openDecoder) return model.openDecoder();
  throw new UserError(
    `The model in '${name}' predicts masked tokens and cannot generate text. Specify a decoder with ${option("with")}.`,
  );
}

/** The object that a text gave, or why it gave none. */
interface Found {
  object?: Readonly<Record<string, unknown>>;
  error?: string;
}

interface Reading {
  model: LanguageModel;
  decoder: Decoder;
  constraint: TokenConstraint;
  prompts: Prompts;
  maxTokens: number;
}

/** Texts of like length are read together; what goes wrong with one does not touch the others. */
async function fieldReader({ model, decoder, constraint, prompts, maxTokens }: Reading, { signal }: WorkflowWatch) {
  const { tokenizer, vocabSize, writing } = model;
  const endIds = writing?.endIds ?? endsOf(tokenizer);
  const never = writing ? nameless(tokenizer, vocabSize) : unwritableIds(tokenizer, vocabSize);
  const { window = Infinity } = decoder;
  const most = window - constraint.shortest;
  // What is wrong with all texts is told before the first one is read.
  const { empty, beginning } = await sharedPrompt(prompts);
  if (empty.length >= most)
    throw new UserError(
      `What the model is told before each text takes ${empty.length} of the ${window} tokens that it reads, and the ` +
        `fields ${constraint.shortest} at least. Use a smaller schema, or a shorter ${option("system")}.`,
    );
  if (beginning.length > 0) await decoder.keep?.(beginning);

  async function readTogether(ids: readonly Int32Array[]): Promise<Found[]> {
    // What is told before a text must not slide out of the window.
    const left = Math.min(maxTokens, window - Math.max(...ids.map(({ length }) => length)));
    const answers = await generate(decoder, ids, { maxTokens: left, constraint, endIds, never, signal });
    return answers.map((answer) => ({ object: JSON.parse(tokenizer.decode(answer.ids)) as Found["object"] }));
  }
  /** One by one where they cannot be read together, or one of them fills the window. */
  async function readSafely(ids: readonly Int32Array[]): Promise<Found[]> {
    if (ids.length === 0) return [];
    try {
      const fit = ids.length === 1 || ids.every(({ length }) => length + maxTokens <= window);
      if (fit) return await readTogether(ids);
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      if (ids.length === 1) return [{ error: `no fields: ${(error as Error).message}` }];
    }
    const found: Found[] = [];
    for (const one of ids) found.push(...(await readSafely([one])));
    return found;
  }

  return async (texts: readonly string[], tell: (count: number) => void): Promise<Found[]> => {
    const found: Found[] = [];
    for (let first = 0; first < texts.length; first += rowsAtOnce) {
      const begun = await prompts(texts.slice(first, first + rowsAtOnce));
      const wrong = begun.map((ids) => {
        if (ids instanceof UserError) return ids.message;
        return ids.length <= most
          ? undefined
          : `the text takes ${ids.length} tokens with what the model is told; it reads ${window}, and the fields take ${constraint.shortest}`;
      });
      const read = await readSafely(begun.filter((_, i) => wrong[i] === undefined) as Int32Array[]);
      let next = 0;
      for (const error of wrong) found.push(error === undefined ? read[next++] : { error });
      tell(found.length);
    }
    return found;
  };
}

function asColumns(fields: readonly FieldColumn[], found: readonly Found[]): NewValues[] {
  const columns = fields.map(({ name, written }) => found.map(({ object }) => written(object?.[name])));
  return [...columns, found.map(({ error = null }) => error)];
}
