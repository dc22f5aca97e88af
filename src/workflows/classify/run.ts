// Rows of a table sorted into labels that nobody trained: by how near an encoder sees a text to what a label means.
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { cachedModels } from "../../hub/index.js";
import { openRowEncoder, type RowEncoder, vectorsPath } from "../../row-vectors/index.js";
import { checkOutputs, type NewColumn, sampleTexts } from "../../tables/index.js";
import { addColumns, forTexts, withTable } from "../add-columns.js";
import { type ClassifyOptions, classifyOptionsSchema } from "./options.js";
import { type Label, readLabels } from "./read-labels.js";

export interface ClassifyResult {
  rows: number;
  /** Rows whose new columns are empty: without text, without a vector, or below the threshold. */
  withoutLabel: number;
  /** Rows of each label. */
  labels: { label: string; rows: number }[];
  /** Source of the vectors. */
  encoder: string;
  /** Names of the new columns. */
  columns: string[];
  out?: string;
}

/** For word vectors: enough texts to tell the common direction of all. */
const mostSampled = 100_000;

/**
 * Adds the columns `label` and `score`: the label whose name or descriptions are nearest to the text, and how near, as a
 * cosine. A row's answer does not depend on the other rows. Without `out` the rows go to `output` as CSV.
 *
 * Taking a label's mean similarity to the rows off its scores was tried, and so were sentences around its name: on four tables
 * neither was better on the whole.
 *
 * @throws UserError for a wrong table, target, encoder or list of labels; CancelledError after an abort, with nothing written
 * @example
 * await classifyTable("tickets.csv", { text: ["body"], labels: "refund,late delivery,praise", out: "sorted.csv" });
 */
export async function classifyTable(
  path: string,
  options: ClassifyOptions,
  watch: WorkflowWatch = {},
  output: Writable = process.stdout,
): Promise<ClassifyResult> {
  const settings = classifyOptionsSchema.parse(options);
  const { text, precision, threshold = -1, out, table: name, query } = settings;
  const labels = await readLabels(settings.labels, watch);
  const source = settings.with ?? onlyEncoder();
  await checkOutputs({ inputs: [path, vectorsPath(source)], outputs: [out] });
  return withTable({ path, table: name, query }, watch, async (table) => {
    const texts = await sampleTexts(table, text, mostSampled);
    const threads = settings.threads ?? availableParallelism();
    const encoder = await openRowEncoder(texts, { with: source, precision, seed: 0, threads }, watch);
    try {
      const { dim } = encoder;
      const centres = await centresOf(encoder, labels);
      const counts = new Int32Array(labels.length);
      const values = forTexts(2, async (part, _, tell) => {
        const { vectors, known } = await encoder.encode(part, { signal: watch.signal, onTexts: tell });
        const found = part.map((_, row) =>
          known[row] ? nearest(vectors.subarray(row * dim, (row + 1) * dim), centres) : undefined,
        );
        const kept = found.map((one) => (one && one.score >= threshold ? one : undefined));
        for (const one of kept) if (one) counts[one.label]++;
        return [kept.map((one) => (one ? labels[one.label].name : null)), kept.map((one) => one?.score ?? null)];
      });
      const columns: NewColumn[] = [
        { name: "label", type: "VARCHAR" },
        { name: "score", type: "FLOAT" },
      ];
      const work = { text, columns, values, stage: "sorting", out, output, suffix: "new" };
      const { rows, names } = await addColumns(table, work, watch);
      const withLabel = counts.reduce((sum, count) => sum + count, 0);
      return {
        rows,
        withoutLabel: rows - withLabel,
        labels: labels.map(({ name: label }, i) => ({ label, rows: counts[i] })),
        encoder: encoder.description,
        columns: names,
        ...(out !== undefined && { out }),
      };
    } finally {
      await encoder.close();
    }
  });
}

/** Of the cache. */
function onlyEncoder(): string {
  const names = cachedModels().flatMap(({ kind, name }) => (kind === "encoder" ? [name] : []));
  if (names.length === 1) return names[0];
  if (names.length === 0)
    throw new UserError(
      "There is no encoder in the cache. Download one (columnist pull lists some): columnist pull " +
        "sentence-transformers/all-MiniLM-L6-v2",
    );
  throw new UserError(`Specify an encoder with ${option("with")}. In the cache: ${names.join(", ")}`);
}

/** For each label the mean of the vectors of its texts, of unit length. */
async function centresOf(encoder: RowEncoder, labels: readonly Label[]): Promise<Float32Array[]> {
  const texts = labels.flatMap((label) => label.texts);
  const { vectors, known } = await encoder.encode(texts);
  let at = 0;
  return labels.map(({ name, texts: own }) => {
    const centre = new Float32Array(encoder.dim);
    for (const _ of own) {
      if (known[at]) for (let d = 0; d < centre.length; d++) centre[d] += vectors[at * encoder.dim + d];
      at++;
    }
    const length = Math.hypot(...centre);
    if (length > 0) return centre.map((value) => value / length);
    throw new UserError(
      `The label '${name}' has no word that ${encoder.description} knows. Describe it in a table of labels: ${option("labels")} ` +
        "labels.csv, with the columns name and description.",
    );
  });
}

function nearest(vector: Float32Array, centres: readonly Float32Array[]): { label: number; score: number } {
  let [label, score] = [0, Number.NEGATIVE_INFINITY];
  for (const [place, centre] of centres.entries()) {
    let sum = 0;
    for (let d = 0; d < centre.length; d++) sum += vector[d] * centre[d];
    if (sum > score) [label, score] = [place, sum];
  }
  return { label, score };
}
