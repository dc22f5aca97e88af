// Tokens a second of greedy writing with a key-value cache, one sequence and 16, beside PyTorch with the same weights:
// a GPT-2 arrangement of 10 million parameters. Both must write the same tokens.
//   node dist/bench/generate.js [--threads 1,2] [--tokens 200]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { writeSafetensors } from "../src/formats/safetensors-file.js";
import { generate } from "../src/generate/index.js";
import { transformerDecoder } from "../src/networks/language/index.js";
import { initialLanguageParameters, parameterCount } from "../src/networks/language/network-parameters.js";
import type { TransformerShape } from "../src/networks/language/shape.js";
import { alternate, median, openBench } from "./harness.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: { threads: { type: "string", default: "1,2" }, tokens: { type: "string", default: "200" } },
});
const tokens = Number(flags.tokens);
const shape: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 16_000,
  contextLength: 256,
  layers: 8,
  width: 256,
  heads: 8,
  keyValueHeads: 8,
  feedForwardSize: 1024,
  feedForward: "gelu",
  norm: "layer",
  positions: "learned",
  queryKeyNorm: false,
  useBias: true,
  dropout: 0,
};
const promptLength = 16;
/** Stands before every text. */
const beginId = 0;

const bench = openBench("generate");
const folder = mkdtempSync(join(tmpdir(), "columnist-generate-"));
try {
  const random = createRandom(1);
  const weights = new Map(
    initialLanguageParameters(shape, 1).map(({ name, shape, data }) => [
      name,
      // Larger token vectors than at the start of training: the best token is then far from the second.
      { shape, data: name.endsWith("table") ? data.map((value) => 10 * value) : data },
    ]),
  );
  writeSafetensors(join(folder, "weights.safetensors"), weights, { format: "pt" });
  writeFileSync(join(folder, "shape.json"), JSON.stringify(shape));
  bench.note(`${parameterCount(shape)} parameters, ${tokens} tokens after a prompt of ${promptLength}`);
  for (const threads of flags.threads.split(",").map(Number)) {
    const peer = await startPeer("generate_torch.py", [folder, "--threads", String(threads)], { threads });
    bench.addVersions(peer.hello.versions ?? {});
    const decoder = await transformerDecoder(shape, weights, { threads, beginId });
    for (const rows of [1, 16]) {
      const prompts = Array.from({ length: rows }, () =>
        Int32Array.from({ length: promptLength - 1 }, () => random.integer(shape.vocabSize)),
      );
      const theirs = prompts.map((prompt) => [beginId, ...prompt]);
      let ours: number[][] = [];
      let peers: number[][] = [];
      const times = await alternate(
        {
          ours: async (runs) => {
            const all: number[] = [];
            for (let run = 0; run < runs; run++) {
              // Timed like the peer: from the first logits on.
              let start = 0;
              const onToken = () => {
                start ||= performance.now();
                return undefined;
              };
              const answers = await generate(decoder, prompts, { maxTokens: tokens, onToken });
              all.push(performance.now() - start);
              ours = answers.map(({ ids }) => [...ids]);
            }
            return all;
          },
          peer: async (runs) => {
            const all: number[] = [];
            for (let run = 0; run < runs; run++) {
              const { ms, ids } = await peer.ask<{ ms: number; ids: number[][] }>("write", { prompts: theirs, tokens });
              all.push(ms);
              peers = ids;
            }
            return all;
          },
        },
        { blocks: 5, steps: 1, warmup: 1 },
      );
      const rate = (ms: readonly number[]) => (rows * tokens * 1000) / median(ms);
      bench.figure({
        name: `generate, ${rows} at a time, ${threads} threads`,
        ours: rate(times.ours),
        peer: rate(times.peer),
        unit: "tokens/s",
        measure: "ratio",
        better: "higher",
        atLeast: 1.5,
        details: { ms: times.ours, peerMs: times.peer },
      });
      bench.figure({
        name: `same tokens as PyTorch, ${rows} at a time`,
        ours: shareOfEqual(ours, peers),
        unit: "of 1",
        measure: "value",
        atLeast: 1,
      });
    }
    await decoder.close();
    await peer.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(flags.threads === "1,2" && tokens === 200);

function shareOfEqual(a: readonly number[][], b: readonly number[][]): number {
  const pairs = a.flatMap((row, i) => row.map((id, j) => id === b[i][j]));
  return pairs.filter(Boolean).length / pairs.length;
}
