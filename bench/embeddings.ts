// Vectors of words: how well they agree with people, time and memory, beside gensim on the same words in the same run.
//   node dist/bench/embeddings.js [--data bench/data] [--methods svd,glove,refined,skipgram,svd-skipgram] [--peers ...] [--threads 2]
// The folder of data holds text/novels.jsonl.gz (title, text) and word-similarity/{ws353,men,simlex999}.tsv.

import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openTable, streamTexts } from "../src/tables/index.js";
import { words } from "../src/text/index.js";
import type { EmbeddingsEvaluateResult } from "../src/workflows/embeddings-evaluate/run.js";
import { defaultDataFolder } from "./data-sets.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    methods: { type: "string", default: "svd,glove,refined,skipgram,svd-skipgram" },
    peers: { type: "string", default: "skipgram,cbow,fasttext" },
    threads: { type: "string", default: "2" },
  },
});
const novels = join(flags.data, "text", "novels.jsonl.gz");
const sets = ["ws353", "men", "simlex999"];
const threads = Number(flags.threads);
/** refined and svd-skipgram: GloVe's fit and skip-gram that start from what svd has found. */
const ourMethods: Record<string, string[]> = {
  svd: ["svd"],
  glove: ["glove"],
  refined: ["glove", "--start", "svd"],
  skipgram: ["skipgram"],
  "svd-skipgram": ["skipgram", "--start", "svd"],
};
const methods = flags.methods.split(",");
const folder = mkdtempSync(join(tmpdir(), "columnist-bench-"));

interface Scores {
  seconds: number;
  peakMb: number;
  correlations: number[];
}

/** What both sides see: the words with a letter or a digit; gensim takes stretches of up to 10,000. */
async function writeWords(path: string): Promise<void> {
  const file = createWriteStream(path);
  const table = await openTable({ path: novels });
  for await (const { texts } of streamTexts(table, { text: ["text"] }))
    for (const text of texts) {
      const found = words(text).filter((word) => /[\p{L}\p{N}]/u.test(word));
      for (let from = 0; from < found.length; from += 10_000)
        if (!file.write(`${found.slice(from, from + 10_000).join(" ")}\n`)) await once(file, "drain");
    }
  table.close();
  file.end();
  await once(file, "finish");
}

async function evaluate(vectors: string): Promise<{ correlations: number[]; coverage: string }> {
  const files = sets.flatMap((name) => ["--similarity", join(flags.data, "word-similarity", `${name}.tsv`)]);
  const { stdout } = await runCommand(["embeddings", "evaluate", vectors, ...files, "--json"]);
  const { similarity } = JSON.parse(stdout) as EmbeddingsEvaluateResult;
  return {
    correlations: similarity.map(({ spearman }) => spearman),
    coverage: similarity.map(({ covered, pairs }) => `${covered}/${pairs}`).join(" "),
  };
}

async function ours(name: string): Promise<Scores> {
  const out = join(folder, name);
  const args = ["--method", ...ourMethods[name], "--threads", flags.threads, "--out", out, "--json"];
  const { seconds, peakMb } = await runCommand(["embeddings", "train", novels, "--text", "text", ...args]);
  const { correlations, coverage } = await evaluate(out);
  report(name, { seconds, peakMb, correlations }, coverage);
  return { seconds, peakMb, correlations };
}

function report(name: string, { seconds, peakMb, correlations }: Scores, coverage: string): void {
  const shown = sets.map((set, i) => `${set} ${correlations[i].toFixed(3)}`).join(", ");
  bench.note(`${name}: ${shown}; ${seconds.toFixed(0)} s, ${peakMb.toFixed(0)} MB; pairs ${coverage}`);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const bench = openBench("embeddings");
try {
  const corpus = join(folder, "words.txt");
  await writeWords(corpus);
  const found: Record<string, Scores> = {};
  for (const name of methods) found[name] = await ours(name);
  const peer = await startPeer("gensim_vectors.py", []);
  bench.addVersions(peer.hello.versions ?? {});
  const peers: Record<string, Scores & { wordsPerSecond: number }> = {};
  for (const model of flags.peers.split(",")) {
    const out = join(folder, `${model}.bin`);
    const answer = await peer.ask<{ ms: number; peakMb: number; wordsPerSecond: number }>("train", {
      corpus,
      out,
      model,
      workers: threads,
    });
    const { correlations, coverage } = await evaluate(out);
    const { ms, ...rest } = answer;
    peers[model] = { ...rest, seconds: ms / 1000, correlations };
    report(`gensim ${model}`, peers[model], coverage);
  }
  await peer.stop();
  compareQuality(found, peers);
  compareCost(found, peers);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(methods.length === Object.keys(ourMethods).length && flags.peers.split(",").length === 3);

function compareQuality(found: Record<string, Scores>, peers: Record<string, Scores>): void {
  const best = (scores: Record<string, Scores>, set: number) =>
    Math.max(...Object.values(scores).map(({ correlations }) => correlations[set]));
  const asked = [0.48, 0.61, undefined];
  for (const [i, set] of sets.entries()) {
    if (found.svd && asked[i])
      bench.figure({
        name: `${set}, svd`,
        ours: found.svd.correlations[i],
        unit: "rho",
        measure: "value",
        atLeast: asked[i],
      });
    bench.figure({
      name: `${set}, our best - gensim's best`,
      ours: best(found, i),
      peer: best(peers, i),
      unit: "rho",
      measure: "difference",
      atLeast: 0,
      details: { ours: byName(found, i), theirs: byName(peers, i) },
    });
  }
  if (!peers.skipgram) return;
  const factorised = ["svd", "refined", "svd-skipgram"]
    .filter((name) => found[name])
    .map((name) => mean(found[name].correlations));
  bench.figure({
    name: "mean of the three, svd or refined from it - gensim skip-gram",
    ours: Math.max(...factorised),
    peer: mean(peers.skipgram.correlations),
    unit: "rho",
    measure: "difference",
    atLeast: 0,
  });
}

function compareCost(found: Record<string, Scores>, peers: Record<string, Scores & { wordsPerSecond: number }>): void {
  if (peers.skipgram) {
    const times = { unit: "s", measure: "ratio", better: "lower", peer: peers.skipgram.seconds } as const;
    if (found.svd)
      bench.figure({
        ...times,
        name: "time, svd against gensim skip-gram (5 epochs)",
        ours: found.svd.seconds,
        atLeast: 1 / 0.6,
      });
    if (found.skipgram)
      bench.figure({
        ...times,
        name: "time, skipgram against gensim skip-gram (5 epochs)",
        ours: found.skipgram.seconds,
        atLeast: 0.5,
      });
  }
  for (const [name, { peakMb }] of Object.entries(found))
    bench.figure({ name: `memory, ${name}`, ours: peakMb, unit: "MB", measure: "value", atMost: 2048 });
}

function byName(scores: Record<string, Scores>, set: number): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([name, { correlations }]) => [name, correlations[set]]));
}
