// A worker thread of `countWords`: texts in, their words and counts out.
import { workerData } from "node:worker_threads";
import { serveJobs } from "../../base/worker-pool.js";
import { countWord, createWordCounts } from "../word-counts.js";
import type { CountedShard } from "./count-words.js";
import { type Splitting, splitters } from "./splitters.js";

const splitter = splitters[workerData as Splitting];

serveJobs(
  (texts: string[]): CountedShard => {
    const counted = createWordCounts();
    for (const text of texts) splitter(text, (source, from, to) => countWord(counted, source, from, to));
    const { words, counts } = counted;
    const unitsAt = words.unitsAt.slice(0, words.count + 1);
    return { units: words.units.slice(0, unitsAt[words.count]), unitsAt, counts: counts.slice(0, words.count) };
  },
  ({ units, unitsAt, counts }) => [units.buffer, unitsAt.buffer, counts.buffer] as ArrayBuffer[],
);
