// Byte-level BPE on novels: time to learn 16,000 tokens, encoding MB/s, peak memory, beside Python's tokenizers, which has
// to come to the same vocabulary and as many tokens.
//   node dist/bench/tokenizers.js [--data <folder>] [--vocab-size 16000] [--threads 1,2] [--rounds 1]
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultDataFolder } from "./data-sets.js";
import { median, openBench } from "./harness.js";
import { pythonOf } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    "vocab-size": { type: "string", default: "16000" },
    threads: { type: "string", default: "1,2" },
    rounds: { type: "string", default: "1" },
  },
});

const novels = join(flags.data, "text/novels.jsonl.gz");

interface Side {
  bytes: number;
  trainSeconds: number;
  trainPeakMb: number;
  encodeSeconds: number;
  tokens: number;
  peakMb: number;
  version?: string;
}

const bench = openBench("tokenizers");
const folder = mkdtempSync(join(tmpdir(), "columnist-tokenizers-"));
const files = { ours: join(folder, "ours.json"), peer: join(folder, "peer.json") };
try {
  for (const threads of flags.threads.split(",")) compare(threads);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(flags.threads === "1,2" && flags["vocab-size"] === "16000");

function compare(threads: string): void {
  const ours: Side[] = [];
  const peer: Side[] = [];
  for (let round = 0; round < Number(flags.rounds); round++) {
    ours.push(runOurs(threads));
    peer.push(runPeer(threads));
  }
  bench.addVersions({ tokenizers: peer[0].version! });
  const [merges, theirs] = [mergesOf(files.ours), mergesOf(files.peer)];
  const same = merges.filter((merge, i) => merge === theirs[i]).length;
  bench.note(
    `${threads} thread(s): ${same} of ${theirs.length} merges are the peer's; ` +
      `${ours[0].tokens} tokens beside ${peer[0].tokens}`,
  );
  const of = (sides: Side[], figure: (side: Side) => number) => median(sides.map(figure));
  const both = (figure: (side: Side) => number) => ({ ours: of(ours, figure), peer: of(peer, figure) });
  const name = (what: string) => `BPE, ${threads} thread${threads === "1" ? "" : "s"}: ${what}`;
  const lower = { measure: "ratio", better: "lower" } as const;
  const megabytes = (side: Side) => side.bytes / 1e6 / side.encodeSeconds;
  bench.figure({ name: name("training"), ...both((side) => side.trainSeconds), unit: "s", ...lower, atLeast: 1 });
  bench.figure({
    name: name("encoding"),
    ...both(megabytes),
    unit: "MB/s",
    measure: "ratio",
    better: "higher",
    atLeast: 3,
  });
  bench.figure({ name: name("peak memory, training"), ...both((side) => side.trainPeakMb), unit: "MB", ...lower });
  bench.figure({ name: name("peak memory, both"), ...both((side) => side.peakMb), unit: "MB", ...lower });
}

function runOurs(threads: string): Side {
  const args = ["dist/bench/tokenizers-side.js", novels, threads, flags["vocab-size"], files.ours];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

function runPeer(threads: string): Side {
  const args = ["bench/peers/tokenizers_side.py", novels, flags["vocab-size"], files.peer];
  const env = { ...process.env, RAYON_NUM_THREADS: threads, TOKENIZERS_PARALLELISM: "true" };
  return JSON.parse(execFileSync(pythonOf(".venv"), args, { encoding: "utf8", env }));
}

function mergesOf(path: string): string[] {
  const { merges } = JSON.parse(readFileSync(path, "utf8")).model as { merges: (string | string[])[] };
  return merges.map((merge) => (typeof merge === "string" ? merge : merge.join(" ")));
}
