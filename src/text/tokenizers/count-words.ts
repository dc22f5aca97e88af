// Counts the words of texts of any amount, on worker threads, in bounded memory. Knows no vocabulary.
import { CancelledError } from "../../base/errors.js";
import type { Watch } from "../../base/progress.js";
import { mapOrdered } from "../../base/worker-pool.js";
import { countWord, createWordCounts, type WordCounts } from "../word-counts.js";
import { clearWords } from "../word-table.js";
import { type Splitting, splitters } from "./splitters.js";

/** Texts in batches, such as rows of a table. */
export type TextBatches = AsyncIterable<readonly string[]> | Iterable<readonly string[]>;

export interface CountOptions {
  splitting: Splitting;
  threads: number;
  /** More distinct words than these are too many to keep: the rarest are forgotten. */
  mostWords?: number;
  /** Texts of so many UTF-16 units are counted at a time, whatever the threads: so what is forgotten is the same. */
  shardLength?: number;
  watch?: Watch;
}

const shardUnits = 1 << 22;
const mostWordsKept = 1 << 22;

/** What a worker sends back: its words one after the other, as in a `WordTable`. */
export interface CountedShard {
  units: Uint16Array;
  unitsAt: Int32Array;
  counts: Float64Array;
}

/**
 * The same counts on any number of threads.
 *
 * @throws CancelledError after an abort.
 */
export async function countWords(texts: TextBatches, options: CountOptions): Promise<WordCounts> {
  const { splitting, threads, mostWords = mostWordsKept, shardLength = shardUnits, watch } = options;
  const counted = createWordCounts();
  if (threads === 1) {
    for await (const shard of shardsOf(texts, shardLength, watch)) {
      for (const text of shard) splitters[splitting](text, (source, from, to) => countWord(counted, source, from, to));
      forgetRarest(counted, mostWords);
    }
    return counted;
  }
  const module = new URL("./count-worker.js", import.meta.url);
  const workers = { module, data: () => splitting, threads };
  for await (const shard of mapOrdered<string[], CountedShard>(shardsOf(texts, shardLength, watch), workers)) {
    addShard(counted, shard);
    forgetRarest(counted, mostWords);
  }
  return counted;
}

async function* shardsOf(texts: TextBatches, shardLength: number, watch: Watch | undefined): AsyncGenerator<string[]> {
  let shard: string[] = [];
  let length = 0;
  for await (const batch of texts) {
    if (watch?.signal?.aborted) throw new CancelledError("Stopped while counting words.");
    for (const text of batch) {
      shard.push(text);
      length += text.length;
      if (length < shardLength) continue;
      yield shard;
      shard = [];
      length = 0;
    }
  }
  if (shard.length > 0) yield shard;
}

function addShard(counted: WordCounts, { units, unitsAt, counts }: CountedShard): void {
  // Table and counts read strings: one for all words of the shard.
  const source = Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString("utf16le");
  for (let i = 0; i < counts.length; i++) countWord(counted, source, unitsAt[i], unitsAt[i + 1], counts[i]);
}

/** Above `mostWords`, words met once so far go; then those met twice, and so on, until half of the room is free. */
function forgetRarest(counted: WordCounts, mostWords: number): void {
  const { words, counts } = counted;
  if (words.count <= mostWords) return;
  const sorted = counts.slice(0, words.count).sort();
  const least = sorted[words.count - (mostWords >> 1)];
  const { unitsAt, units } = words;
  const kept: CountedShard = { units: new Uint16Array(), unitsAt: new Int32Array(1), counts: new Float64Array() };
  const chosen: number[] = [];
  for (let i = 0; i < words.count; i++) if (counts[i] > least) chosen.push(i);
  kept.counts = Float64Array.from(chosen, (i) => counts[i]);
  kept.unitsAt = new Int32Array(chosen.length + 1);
  for (const [k, i] of chosen.entries()) kept.unitsAt[k + 1] = kept.unitsAt[k] + unitsAt[i + 1] - unitsAt[i];
  kept.units = new Uint16Array(kept.unitsAt[chosen.length]);
  for (const [k, i] of chosen.entries()) kept.units.set(units.subarray(unitsAt[i], unitsAt[i + 1]), kept.unitsAt[k]);
  clearWords(words);
  counts.fill(0);
  addShard(counted, kept);
}
