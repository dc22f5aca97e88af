// Topics of real texts by the vectors of a pretrained encoder, against the labels that people gave: beside BERTopic with its
// defaults and k-means, both on the same vectors.
//   node dist/bench/topics.js [--model <folder>] [--data <folder>] [--sets banking77,trec] [--seeds 3]
// --model or COLUMNIST_MODELS/all-MiniLM-L6-v2: a folder of all-MiniLM-L6-v2. Asked of banking77 alone.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openUnitEncoder, readEncoder } from "../src/networks/hugging-face/index.js";
import { defaultDataFolder, readRows } from "./data-sets.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { type Peer, startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
    sets: { type: "string", default: "banking77,trec" },
    seeds: { type: "string", default: "3" },
  },
});
if (!existsSync(flags.model))
  throw new Error(`${flags.model} is not there: give the folder of all-MiniLM-L6-v2 with --model or COLUMNIST_MODELS.`);
const bench = openBench("topics");
const folder = mkdtempSync(join(tmpdir(), "columnist-topics-"));
const seeds = Array.from({ length: Number(flags.seeds) }, (_, seed) => seed);

interface Agreement {
  ari: number;
  nmi: number;
}
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

try {
  const peer = await startPeer("bertopic_topics.py", ["--threads", "2"], { threads: 2, venv: ".venv-bertopic" });
  bench.addVersions(peer.hello.versions ?? {});
  for (const name of flags.sets.split(",")) await compare(name, peer);
  await peer.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(flags.sets === "banking77,trec" && seeds.length >= 3);

async function compare(name: string, peer: Peer): Promise<void> {
  const parts = await Promise.all(["train", "test"].map((part) => readRows(join(flags.data, name, `${part}.csv`))));
  const rows = parts.flat();
  const table = join(folder, `${name}.jsonl`);
  writeFileSync(table, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const truth = rows.map(({ label }) => label);
  const clusters = new Set(truth).size;
  const encoder = openUnitEncoder(readEncoder(flags.model), 2);
  const { vectors } = await encoder.encode(rows.map(({ text }) => text));
  await encoder.close();
  const file = join(folder, `${name}.f32`);
  writeFileSync(file, vectors);
  const given = { vectors: file, rows: rows.length, dim: encoder.dim };
  const agreement = (labels: readonly unknown[]) => peer.ask<Agreement>("agreement", { labels, truth });

  const own: Record<string, { found: Agreement[]; seconds: number[]; topics: number[] }> = {};
  for (const topics of ["auto", String(clusters)]) {
    const of = { found: [] as Agreement[], seconds: [] as number[], topics: [] as number[] };
    own[topics] = of;
    for (const seed of seeds) {
      const out = join(folder, "out.jsonl");
      const args = [
        "topics",
        table,
        "--text",
        "text",
        "--with",
        flags.model,
        "--topics",
        topics,
        "--seed",
        String(seed),
      ];
      const { stdout } = await runCommand([...args, "--out", out, "--json"]);
      const told = JSON.parse(stdout) as { seconds: { topics: number }; topics: unknown[] };
      of.seconds.push(told.seconds.topics);
      of.topics.push(told.topics.length);
      const lines = readFileSync(out, "utf8").trim().split("\n");
      of.found.push(await agreement(lines.map((line) => String((JSON.parse(line) as { topic: unknown }).topic))));
    }
  }
  const theirs = { found: [] as Agreement[], near: [] as Agreement[], topics: [] as number[], seconds: [] as number[] };
  const plain: Agreement[] = [];
  for (const seed of seeds) {
    const found = await peer.ask<{
      ms: number;
      topics: number;
      outliers: number;
      labels: number[];
      ofVectors: number[];
    }>("bertopic", { path: table, ...given, seed });
    theirs.found.push(await agreement(found.labels));
    theirs.near.push(await agreement(found.ofVectors));
    theirs.topics.push(found.topics);
    theirs.seconds.push(found.ms / 1000);
    plain.push(await agreement((await peer.ask<{ labels: number[] }>("kmeans", { ...given, clusters, seed })).labels));
  }
  const isAsked = name === "banking77";
  const asked = (atLeast: number) => (isAsked ? { atLeast } : {});
  for (const measure of ["ari", "nmi"] as const) {
    const of = (list: readonly Agreement[]) => mean(list.map((one) => one[measure]));
    const common = { unit: "", measure: "difference" } as const;
    const told = `${name}: ${measure.toUpperCase()}`;
    for (const [topics, { found, topics: counts }] of Object.entries(own)) {
      const ours = of(found);
      const label = `${told}, ${topics === "auto" ? `by themselves (${counts.join(", ")})` : `${topics} topics`}`;
      const details = { found, counts, theirs };
      bench.figure({ ...common, name: `${label}, BERTopic`, ours, peer: of(theirs.found), details, ...asked(0) });
      bench.figure({ ...common, name: `${label}, BERTopic, by vectors`, ours, peer: of(theirs.near) });
      bench.figure({ ...common, name: `${label}, k-means`, ours, peer: of(plain), ...asked(-0.01) });
    }
  }
  bench.note(
    `${name}: BERTopic finds ${theirs.topics.join(", ")} topics in ${mean(theirs.seconds).toFixed(0)} s behind the vectors; ours ` +
      `${mean(own.auto.seconds).toFixed(0)} s with them`,
  );
}
