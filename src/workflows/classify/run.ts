// Rows of a table sorted into labels that nobody trained: by how near an encoder sees a text to what a label means, or how probable a
// decoder finds a label behind it.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Writable } from "node:stream";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { tellFolder } from "../../folders/index.js";
import { cachedModels, findModel, isCached } from "../../hub/index.js";
import { writesTexts } from "../../networks/hugging-face/folder.js";
import { vectorsPath } from "../../row-vectors/index.js";
import { checkOutputs, type NewColumn, sampleTexts } from "../../tables/index.js";
import { addColumns, forTexts, withTable } from "../add-columns.js";
import { sorterByDecoder } from "./by-decoder.js";
import { sorterByEncoder } from "./by-encoder.js";
import { type ClassifyOptions, classifyOptionsSchema } from "./options.js";
import { readLabels } from "./read-labels.js";

export interface ClassifyResult {
  rows: number;
  /** Rows whose new columns are empty: without text, without a vector, or below the threshold. */
  withoutLabel: number;
  /** Rows of each label. */
  labels: { label: string; rows: number }[];
  /** What sorted them, in words. */
  model: string;
  /** Names of the new columns. */
  columns: string[];
  out?: string;
}

/** For word vectors: enough texts to tell the common direction of all. */
const mostSampled = 100_000;

/**
 * Adds the columns `label` and `score`. By an encoder: the label whose name or descriptions are nearest to the text, and how near, as a
 * cosine. By a decoder: the label that the text makes most probable as its answer, and its share of all labels. A row's answer does
 * not depend on the other rows. Without `out` the rows go to `output` as CSV.
 *
 * @throws UserError for a wrong table, target, model or list of labels; CancelledError after an abort, with nothing written
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
  const { text, precision, system, threshold = -1, out, table: name, query } = settings;
  const labels = await readLabels(settings.labels, watch);
  const source = settings.with ?? onlyEncoder();
  const decoder = decoderPath(source);
  if (decoder === undefined && system !== undefined)
    throw new UserError(`${option("system")} is for decoders, and '${source}' is none. Omit it.`);
  await checkOutputs({ inputs: [path, decoder ?? vectorsPath(source)], outputs: [out] });
  return withTable({ path, table: name, query }, watch, async (table) => {
    const how = { labels, precision, threads: settings.threads ?? availableParallelism() };
    const sorter =
      decoder === undefined
        ? await sorterByEncoder(source, await sampleTexts(table, text, mostSampled), how, watch)
        : await sorterByDecoder(source, { ...how, system }, watch);
    try {
      const counts = new Int32Array(labels.length);
      const values = forTexts(2, async (part, rows, tell) => {
        const found = await sorter.sort(part, (count) => tell(rows[count - 1] + 1));
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
        model: sorter.description,
        columns: names,
        ...(out !== undefined && { out }),
      };
    } finally {
      await sorter.close();
    }
  });
}

/** Where a model stands that writes texts; undefined for all others. */
function decoderPath(name: string): string | undefined {
  const path = existsSync(name) ? name : isCached(name) ? findModel(name).path : undefined;
  return path !== undefined && !tellFolder(path) && writesTexts(path) ? path : undefined;
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
