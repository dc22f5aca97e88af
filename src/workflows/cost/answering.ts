// What answering costs: by some texts of a table, or by made-up ones.
import { availableParallelism } from "node:os";
import { CancelledError, UserError } from "../../base/errors.js";
import { createRandom } from "../../base/random.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { costOfAnswering, wattHours } from "../../cost/index.js";
import { hasRows, streamTexts } from "../../tables/index.js";
import { serveModel } from "../../tasks/serve-model.js";
import { withTable } from "../add-columns.js";
import { checkModelColumns } from "../model-columns.js";
import { textColumnsOf } from "../text-columns.js";
import type { CostSettings } from "./options.js";

export interface AnsweringCostResult {
  kind: "answering";
  model: string;
  task: string;
  parameters?: number;
  threads: number;
  /** Of one busy core. */
  watts: number;
  /** The texts that were answered to tell it; without a table they are made up, of so many words each. */
  measured: { texts: number; seconds: number; source?: string; words?: number };
  rowsPerSecond: number;
  /** Of one text, on average; left out where they can't be counted. */
  flopsPerRow?: number;
  wattHoursPerRow: number;
  /** Of a language model. */
  perToken?: { seconds: number; flops?: number; tokensPerRow: number };
  /** Bytes of memory that the process grew by, from opening the model on. */
  bytes: number;
  /** Of all rows of the table. */
  table?: { rows: number; seconds: number; flops?: number; wattHours: number };
}

const sampleSize = 512;
/** Longer texts are cut for the sample: a file can be one text. */
const longestText = 20_000;
const wordsOfMadeUp = 60;

export async function costOfModel(
  name: string,
  path: string | undefined,
  settings: CostSettings,
  watch: WorkflowWatch,
): Promise<AnsweringCostResult> {
  const { text, table, query, seed, watts } = settings;
  const threads = settings.threads ?? availableParallelism();
  const before = process.memoryUsage.rss();
  watch.onProgress?.({ stage: "opening the model", done: 0, total: 1 });
  const model = await serveModel(name, threads);
  try {
    const read =
      path === undefined
        ? undefined
        : await withTable({ path, table, query }, watch, async (opened) => {
            const columns = textColumnsOf(text, model, path);
            if (text === undefined && (hasRows(opened) || opened.columns.length > 0))
              checkModelColumns(opened, columns);
            const drawn = await drawTexts(streamTexts(opened, { text: columns }), seed, watch.signal);
            if (drawn.texts.length === 0)
              throw new UserError(`No row of ${opened.description} has a text. Choose another table or column.`);
            return { ...drawn, source: opened.description };
          });
    watch.onProgress?.({ stage: "answering some texts", done: 0, total: 1 });
    const cost = await costOfAnswering(model, read?.texts ?? madeUpTexts(seed), watch);
    const { texts, seconds, coreSeconds, flops, tokens } = cost;
    const bytes = Math.max(0, 1024 * process.resourceUsage().maxRSS - before);
    const energy = wattHours(coreSeconds, 1, watts);
    return {
      kind: "answering",
      model: name,
      task: model.task,
      ...(model.parameters !== undefined && { parameters: model.parameters }),
      ...{ threads, watts },
      measured: { texts, seconds, ...(read ? { source: read.source } : { words: wordsOfMadeUp }) },
      rowsPerSecond: texts / seconds,
      ...(flops !== undefined && { flopsPerRow: flops / texts }),
      wattHoursPerRow: energy / texts,
      ...(tokens && {
        perToken: {
          seconds: seconds / tokens,
          ...(flops !== undefined && { flops: flops / tokens }),
          tokensPerRow: tokens / texts,
        },
      }),
      bytes,
      ...(read && {
        table: {
          rows: read.rows,
          ...ofAll((model.task === "language" ? read.scale : 1) * (read.rows / texts), {
            seconds,
            flops,
            wattHours: energy,
          }),
        },
      }),
    };
  } finally {
    await model.close();
  }
}

function ofAll(times: number, { seconds, flops, wattHours }: { seconds: number; flops?: number; wattHours: number }) {
  return {
    seconds: times * seconds,
    ...(flops !== undefined && { flops: times * flops }),
    wattHours: times * wattHours,
  };
}

/** Texts drawn evenly from all (J. Vitter 1985, algorithm R), and how much longer all are than what is kept of them. */
async function drawTexts(batches: AsyncIterable<{ texts: string[] }>, seed: number, signal?: AbortSignal) {
  const random = createRandom(seed);
  const texts: string[] = [];
  let [rows, length, cut] = [0, 0, 0];
  for await (const batch of batches) {
    if (signal?.aborted) throw new CancelledError();
    for (const text of batch.texts) {
      if (text === "") continue;
      rows++;
      length += text.length;
      const kept = text.slice(0, longestText);
      cut += kept.length;
      const place = rows <= sampleSize ? rows - 1 : random.integer(rows);
      if (place < sampleSize) texts[place] = kept;
    }
  }
  return { texts: random.shuffle(texts), rows, scale: length / Math.max(1, cut) };
}

const words =
  "the we it was not and for with this room order very good bad time would again money help people price".split(" ");

function madeUpTexts(seed: number): string[] {
  const random = createRandom(seed);
  const one = () => Array.from({ length: wordsOfMadeUp }, () => words[random.integer(words.length)]).join(" ");
  return Array.from({ length: sampleSize / 2 }, one);
}
