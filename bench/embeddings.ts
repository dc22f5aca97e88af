// Vectors of words: how well they agree with people, time and memory, beside gensim on the same words in the same run.
//   node dist/bench/embeddings.js [--data bench/data] [--peers skipgram,cbow,fasttext] [--threads 2]
// The folder of data holds text/novels.jsonl.gz (title, text) and word-similarity/{ws353,men,simlex999}.tsv.

import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openTable, streamTexts } from "../src/tables/index.js";
import { words } from "../src/text/index.js";
import type { EmbeddingsEvaluateResult } from "../src/workflows/embeddings-evaluate.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: "bench/data" },
    peers: { type: "string", default: "skipgram" },
    threads: { type: "string", default: "2" },
  },
});
const novels = join(flags.data, "text", "novels.jsonl.gz");
const sets = ["ws353", "men", "simlex999"];
const threads = Number(flags.threads);
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

async function ours(method: string): Promise<Scores> {
  const out = join(folder, method);
  const args = ["--method", method, "--threads", flags.threads, "--out", out];
  const { seconds, peakMb } = await runCommand(["embeddings", "train", novels, "--text", "text", ...args]);
  const { correlations, coverage } = await evaluate(out);
  report(method, { seconds, peakMb, correlations }, coverage);
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
  const svd = await ours("svd");
  const peer = await startPeer("gensim_vectors.py", []);
  bench.addVersions(peer.hello.versions ?? {});
  const peers: Record<string, Scores> = {};
  for (const model of flags.peers.split(",")) {
    const out = join(folder, `${model}.bin`);
    const answer = await peer.ask<{ ms: number; peakMb: number }>("train", { corpus, out, model, workers: threads });
    const { correlations, coverage } = await evaluate(out);
    peers[model] = { seconds: answer.ms / 1000, peakMb: answer.peakMb, correlations };
    report(`gensim ${model}`, peers[model], coverage);
  }
  await peer.stop();
  const best = (set: number) => Math.max(...Object.values(peers).map(({ correlations }) => correlations[set]));
  const asked = [0.48, 0.61, undefined];
  for (const [i, set] of sets.entries()) {
    const figure = { ours: svd.correlations[i], unit: "rho" } as const;
    if (asked[i]) bench.figure({ ...figure, name: `${set}, svd`, measure: "value", atLeast: asked[i] });
    bench.figure({
      ...figure,
      name: `${set}, our best - gensim's best`,
      peer: best(i),
      measure: "difference",
      atLeast: 0,
    });
  }
  const { skipgram } = peers;
  if (skipgram) {
    const means = { ours: mean(svd.correlations), peer: mean(skipgram.correlations) };
    bench.figure({
      ...means,
      name: "mean of the three, svd - gensim skip-gram",
      unit: "rho",
      measure: "difference",
      atLeast: 0,
    });
    const times = { ours: svd.seconds, peer: skipgram.seconds };
    bench.figure({
      ...times,
      name: "time, svd against gensim skip-gram (5 epochs)",
      unit: "s",
      measure: "ratio",
      better: "lower",
      atLeast: 1 / 0.6,
    });
  }
  bench.figure({ name: "memory, svd", ours: svd.peakMb, unit: "MB", measure: "value", atMost: 2048 });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close();
