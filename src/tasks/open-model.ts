// A trained model in a program: open its folder, answer texts or rows, close.
import { availableParallelism } from "node:os";
import { UserError } from "../base/errors.js";
import { serveModel } from "./serve-model.js";

export interface OpenModelOptions {
  /** Default: one per core. */
  threads?: number;
}

/** A row's values by column. */
export type Row = Readonly<Record<string, unknown>>;

export interface OpenModel<Answer extends object = object> {
  /** What the model does, such as "classify", "language" or "encode". */
  readonly task: string;
  /** In words: "stars, one of 5: 1, 2, 3, 4, 5". */
  readonly output: string;
  /** The columns that it reads in a row. */
  readonly textColumns: readonly string[];
  /** One answer for each text or row, in their order. Calls may overlap: they are answered one after another. */
  answer(inputs: readonly (string | Row)[]): Promise<Answer[]>;
  /** The vector of each text or row, of `dim` numbers. Left out by models that have none. */
  readonly encode?: (inputs: readonly (string | Row)[]) => Promise<Float32Array[]>;
  /** Waits for the calls that are still being answered, and frees the model's memory. */
  close(): Promise<void>;
}

/**
 * Opens the folder of any model that answers texts. A text model gives what its task says (a classifier `{ label,
 * probability, probabilities }`), a language model `{ logProbability, tokens, perplexity, bitsPerByte }`, a pretrained
 * encoder in Hugging Face's layout `{ vector }`, of texts alone. Several columns of a row are joined by a newline, as in
 * training.
 *
 * @throws UserError when `folder` is no model's folder, or it is damaged or of another version; from `answer`, when a row
 * lacks a column
 * @example
 * const model = await openModel<Classification>("model");
 * const [{ label, probability }] = await model.answer(["free entry, call now"]);
 * const answers = await model.answer([{ subject: "Lunch?", body: "At noon" }]);
 * await model.close();
 */
export async function openModel<Answer extends object = object>(
  folder: string,
  { threads = availableParallelism() }: OpenModelOptions = {},
): Promise<OpenModel<Answer>> {
  const served = await serveModel(folder, threads);
  const { task, output, textColumns, answer, encode, close } = served;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  /** One call after another: a session computes one batch at a time. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isClosed) throw new UserError(`The model '${folder}' is closed. Open it again.`);
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }
  const textsOf = (inputs: readonly (string | Row)[]) => inputs.map((input) => textOf(input, textColumns));
  return {
    task,
    output,
    textColumns,
    answer: async (inputs) => {
      const texts = textsOf(inputs);
      return inTurn(() => answer(texts)) as Promise<Answer[]>;
    },
    ...(encode && {
      encode: async (inputs: readonly (string | Row)[]) => {
        const texts = textsOf(inputs);
        const { dim, vectors } = await inTurn(() => encode(texts));
        return texts.map((_, row) => vectors.slice(row * dim, (row + 1) * dim));
      },
    }),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await last;
      await close();
    },
  };
}

/** As tables join columns: NULL and empty ones left out. */
function textOf(input: string | Row, columns: readonly string[]): string {
  if (typeof input === "string") return input;
  if (columns.length === 0) throw new UserError("The model has no columns of its own, but got a row. Give it texts.");
  const missing = columns.find((name) => !Object.hasOwn(input, name));
  if (missing !== undefined)
    throw new UserError(
      `The model reads column '${missing}', which a row lacks; it has ${Object.keys(input).join(", ") || "no columns"}.`,
    );
  return columns
    .map((name) => input[name])
    .filter((value) => value !== null && value !== undefined && value !== "")
    .map(String)
    .join("\n");
}
