// Our side of bench/tokenizers.ts, a process of its own so that its memory is its own: trains and encodes once.
//   node dist/bench/tokenizers-side.js <novels.jsonl.gz> <threads> <vocabulary size> <tokenizer.json to write>
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { encodeBatches, trainByteLevelBpe } from "../src/text/tokenizers/index.js";

const [path, threads, vocabSize, out] = process.argv.slice(2);
const options = { threads: Number(threads) };
const texts = readNovels(path);
const batches: string[][] = [];
for (let i = 0; i < texts.length; i += 8) batches.push(texts.slice(i, i + 8));

const trainStart = performance.now();
const tokenizer = await trainByteLevelBpe(batches, { ...options, vocabSize: Number(vocabSize) });
const trainSeconds = (performance.now() - trainStart) / 1000;
const trainPeakMb = peakMb();
writeFileSync(out, tokenizer.toJson());

const encodeStart = performance.now();
let tokens = 0;
for await (const { ids } of encodeBatches(tokenizer, batches, options)) tokens += ids.length;
const encodeSeconds = (performance.now() - encodeStart) / 1000;
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
process.stdout.write(
  `${JSON.stringify({ bytes, trainSeconds, trainPeakMb, encodeSeconds, tokens, peakMb: peakMb() })}\n`,
);

/** The whole file is never there at once: lines are cut from its bytes. */
function readNovels(file: string): string[] {
  const data = gunzipSync(readFileSync(file));
  const found: string[] = [];
  for (let from = 0; from < data.length; ) {
    const end = data.indexOf(10, from);
    const to = end < 0 ? data.length : end;
    if (to > from) found.push((JSON.parse(data.toString("utf8", from, to)) as { text: string }).text);
    from = to + 1;
  }
  return found;
}

/** Largest resident memory so far, threads included. */
function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
