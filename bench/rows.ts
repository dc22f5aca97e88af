// What vectors of rows are for: topics beside scikit-learn's, duplicates on a planted set, sentence similarity with and
// without SIF, and search over a million sentences of the novels.
//   node dist/bench/rows.js [--data bench/data] [--only topics,duplicates,similarity,search] [--vectors <folder>] [--rows 1000000]
// --vectors: word vectors of the novels as `columnist embeddings train` writes them; trained here (svd) where left out.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { readWordVectors } from "../src/embeddings/index.js";
import { encodeRows, fitSif } from "../src/row-vectors/index.js";
import { searchRows } from "../src/workflows/search/run.js";
import { defaultDataFolder, readRows } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { readNovels } from "./novels.js";
import { runCommand } from "./run-command.js";
import { type Peer, startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    only: { type: "string", default: "topics,duplicates,similarity,search" },
    vectors: { type: "string" },
    rows: { type: "string", default: "1000000" },
  },
});
const parts: Record<string, (peer: Peer) => Promise<void>> = {
  topics,
  duplicates,
  similarity,
  search,
};
const chosen = Object.keys(parts).filter((name) => flags.only.split(",").includes(name));

let trained: string | undefined;

type Random = ReturnType<typeof createRandom>;
const changes: Record<string, (text: string, random: Random) => string> = {
  typos(text, random) {
    // Two neighbouring letters change places, and one is lost.
    const at = 1 + random.integer(text.length - 3);
    const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
    const lost = 1 + random.integer(swapped.length - 2);
    return swapped.slice(0, lost) + swapped.slice(lost + 1);
  },
  case: (text) => `${text.toUpperCase()}!`,
  order(text) {
    const words = text.split(" ");
    return [...words.slice(2), ...words.slice(0, 2)].join(" ");
  },
  truncation(text) {
    const words = text.split(" ");
    return words.slice(0, Math.ceil(0.85 * words.length)).join(" ");
  },
};

const bench = openBench("rows");
const folder = mkdtempSync(join(tmpdir(), "columnist-rows-"));
try {
  const peer = await startPeer("sklearn_topics.py", ["--threads", "2"], { threads: 2 });
  bench.addVersions(peer.hello.versions ?? {});
  for (const name of chosen) await parts[name](peer);
  await peer.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(chosen.length === Object.keys(parts).length && Number(flags.rows) >= 1e6);

function write(name: string, rows: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}

async function bankRows() {
  return (
    await Promise.all(["train", "test"].map((part) => readRows(join(flags.data, "banking77", `${part}.csv`))))
  ).flat();
}

async function topics(peer: Peer): Promise<void> {
  const rows = await bankRows();
  const table = write("bank.jsonl", rows);
  const truth = rows.map(({ label }) => label);
  const clusters = new Set(truth).size;
  const out = join(folder, "topics.jsonl");
  const args = ["topics", table, "--text", "text", "--topics", String(clusters), "--out", out, "--json"];
  const seconds: number[] = [];
  const peerSeconds: number[] = [];
  let map = 0;
  let [ours, theirs]: { ari: number; nmi: number }[] = [];
  for (let round = 0; round < 3; round++) {
    const { stdout } = await runCommand(args);
    const told = JSON.parse(stdout) as { seconds: { topics: number; map: number }; rows: number; withoutTopic: number };
    seconds.push(told.seconds.topics);
    map = told.seconds.map;
    const found = await peer.ask<{ ms: number; labels: number[] }>("topics", { path: table, clusters, seed: round });
    peerSeconds.push(found.ms / 1000);
    if (round > 0) continue;
    const labels = readFileSync(out, "utf8")
      .trim()
      .split("\n")
      .map((line) => String((JSON.parse(line) as { topic: unknown }).topic));
    ours = await peer.ask("agreement", { labels, truth });
    theirs = await peer.ask("agreement", { labels: found.labels, truth });
  }
  for (const measure of ["ari", "nmi"] as const)
    bench.figure({
      name: `topics of banking77, ${clusters}: ${measure.toUpperCase()} against the intents`,
      ours: ours[measure],
      peer: theirs[measure],
      unit: "",
      measure: "difference",
      atLeast: 0,
    });
  bench.figure({
    name: "topics of banking77: time without the map",
    ours: median(seconds),
    peer: median(peerSeconds),
    unit: "s",
    measure: "ratio",
    better: "lower",
    atLeast: 1 / 1.5,
    details: { seconds, peerSeconds },
  });
  bench.note(`topics of banking77: the map takes ${map.toFixed(1)} s more`);
  const { stdout } = await runCommand(["topics", table, "--text", "text", "--json"]);
  const auto = JSON.parse(stdout) as { rows: number; withoutTopic: number; topics: unknown[] };
  bench.figure({
    name: `topics of banking77, by themselves (${auto.topics.length}): rows in no topic`,
    ours: (100 * auto.withoutTopic) / auto.rows,
    unit: "%",
    measure: "value",
    atMost: 15,
  });
}

/** Exact pairs as a GROUP BY finds them; near ones planted: each kind of change to rows that are no duplicates themselves. */
async function duplicates(): Promise<void> {
  for (const name of ["banking77", "trec"]) {
    const rows = (
      await Promise.all(["train", "test"].map((part) => readRows(join(flags.data, name, `${part}.csv`))))
    ).flat();
    const counts = new Map<string, number>();
    for (const { text } of rows) counts.set(text, (counts.get(text) ?? 0) + 1);
    const expected = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
    const { stdout, seconds } = await runCommand(["duplicates", write("d.jsonl", rows), "--text", "text", "--json"]);
    const { found } = JSON.parse(stdout) as { found: { exact: number; near: number } };
    bench.figure({
      name: `duplicates of ${name}: exact ones, and those that GROUP BY finds`,
      ours: found.exact,
      peer: expected,
      unit: "",
      measure: "difference",
      atLeast: 0,
      atMost: 0,
      details: { found, seconds },
    });
  }
  const random = createRandom(5);
  const texts = [...new Set((await bankRows()).map(({ text }) => text))];
  const { stdout } = await runCommand([
    "duplicates",
    write(
      "own.jsonl",
      texts.map((text) => ({ text })),
    ),
    "--text",
    "text",
    "--json",
  ]);
  const repeated = new Set<number>();
  for (const { row, copies } of (JSON.parse(stdout) as Answer).groups)
    for (const at of [row, ...copies.map((copy) => copy.row)]) repeated.add(at - 1);
  const clean = texts.filter((text, i) => !repeated.has(i) && text.split(" ").length >= 6);
  const planted: { text: string; of: number; kind: string }[] = [];
  for (let of = 0; of < clean.length; of += 5) {
    const kinds = Object.keys(changes);
    const kind = kinds[(of / 5) % kinds.length];
    planted.push({ text: changes[kind](clean[of], random), of, kind });
  }
  const answer = JSON.parse(
    (
      await runCommand([
        "duplicates",
        write("planted.jsonl", [...clean.map((text) => ({ text })), ...planted]),
        "--text",
        "text",
        "--json",
      ])
    ).stdout,
  ) as Answer;
  const joined = new Map<number, number>();
  for (const { row, copies } of answer.groups) for (const copy of copies) joined.set(copy.row - 1, row - 1);
  const right = planted.filter(({ of }, i) => joined.get(clean.length + i) === of);
  const byKind = Object.keys(changes).map((kind) => {
    const all = planted.filter((one) => one.kind === kind).length;
    return `${kind} ${((100 * right.filter((one) => one.kind === kind).length) / all).toFixed(0)} %`;
  });
  bench.figure({
    name: `duplicates: recall of ${planted.length} planted near ones`,
    ours: right.length / planted.length,
    unit: "",
    measure: "value",
  });
  bench.figure({
    name: "duplicates: precision on the planted set",
    ours: right.length / joined.size,
    unit: "",
    measure: "value",
  });
  bench.note(`duplicates: recall by kind of change: ${byKind.join(", ")}`);
}

interface Answer {
  groups: { row: number; copies: { row: number }[] }[];
}

async function vectorsFolder(): Promise<string> {
  if (flags.vectors) return flags.vectors;
  if (trained === undefined) {
    trained = join(folder, "vectors");
    const novels = join(flags.data, "text/novels.jsonl.gz");
    await runCommand(["embeddings", "train", novels, "--text", "text", "--out", trained, "--json"]);
  }
  return trained;
}

/** Spearman of the cosine with people's scores on the test rows of STS. */
async function similarity(peer: Peer): Promise<void> {
  const vectors = await readWordVectors(await vectorsFolder());
  const pairs = await readPairs(join(flags.data, "stsb/test.csv"));
  const all = pairs.flatMap(({ first, second }) => [first, second]);
  const rho = async (options: { weighted: boolean; removeCommon: boolean }) => {
    const { vectors: rows } = encodeRows(fitSif(vectors, all, options), all);
    const { dim } = vectors;
    const cosines = pairs.map((_, i) => {
      let sum = 0;
      for (let d = 0; d < dim; d++) sum += rows[2 * i * dim + d] * rows[(2 * i + 1) * dim + d];
      return sum;
    });
    return (await peer.ask<{ rho: number }>("spearman", { a: cosines, b: pairs.map(({ score }) => score) })).rho;
  };
  bench.figure({
    name: "STS test: Spearman, SIF over a plain mean of the same vectors",
    ours: await rho({ weighted: true, removeCommon: true }),
    peer: await rho({ weighted: false, removeCommon: false }),
    unit: "",
    measure: "difference",
    atLeast: 0,
  });
}

async function readPairs(path: string): Promise<{ first: string; second: string; score: number }[]> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const result = await connection.runAndReadAll("select sentence1, sentence2, score from read_csv($1, header = true)", [
    path,
  ]);
  const rows = result.getRowObjects().map(({ sentence1, sentence2, score }) => ({
    first: String(sentence1),
    second: String(sentence2),
    score: Number(score),
  }));
  connection.closeSync();
  return rows;
}

/** Sentences of the novels as rows: asked through the command, and in one process for recall. */
async function search(): Promise<void> {
  const wanted = Number(flags.rows);
  const { training, heldOut } = readNovels(join(flags.data, "text/novels.jsonl.gz"));
  const sentences: string[] = [];
  for (const text of [...training.texts, ...heldOut.texts])
    for (const sentence of text.split(/(?<=[.!?;:,])\s+/)) {
      const line = sentence.replace(/\s+/g, " ").trim();
      if (line.length >= 25 && sentences.length < wanted) sentences.push(line);
    }
  const path = write(
    "sentences.jsonl",
    sentences.map((text) => ({ text })),
  );
  const index = join(folder, "index");
  const made = await runCommand([
    "index",
    path,
    "--text",
    "text",
    "--with",
    await vectorsFolder(),
    "--out",
    index,
    "--json",
  ]);
  bench.note(
    `index of ${sentences.length} sentences: ${made.seconds.toFixed(0)} s, ${made.peakMb.toFixed(0)} MB at the peak`,
  );
  const questions = Array.from({ length: 50 }, (_, i) => sentences[Math.floor(((i + 0.5) * sentences.length) / 50)]);
  const times: number[] = [];
  for (const question of questions.slice(0, 9))
    times.push((await runCommand(["search", index, question, "--json"])).seconds);
  bench.figure({
    name: `search over ${sentences.length} rows: a question, the command's start included`,
    ours: median(times),
    unit: "s",
    measure: "value",
    atMost: 0.5,
    details: { times },
  });
  let hits = 0;
  const inside: number[] = [];
  for (const question of questions) {
    const started = performance.now();
    const near = await searchRows(index, question, { top: 10 });
    inside.push((performance.now() - started) / 1000);
    const exact = await searchRows(index, question, { top: 10, exact: true });
    const rows = new Set(exact.matches.map(({ row }) => row));
    hits += near.matches.filter(({ row }) => rows.has(row)).length / rows.size;
  }
  bench.figure({
    name: "search: recall of the 10 nearest by the approximate index",
    ours: hits / questions.length,
    unit: "",
    measure: "value",
    atLeast: 0.95,
    details: { seconds: median(inside) },
  });
}
