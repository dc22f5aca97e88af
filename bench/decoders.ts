// A real pretrained decoder, SmolLM2-135M-Instruct in GGUF (Q4_1), beside Python's transformers with the same file in 32-bit
// floats: the same tokens, and tokens a second of prompts, of one sequence and of 16; and beside llama.cpp with the file as it is.
//   ../shared/models/get.sh && node dist/bench/decoders.js [--model file.gguf] [--threads 1,2] [--tokens 100]
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generate } from "../src/generate/index.js";
import { openLanguageModel } from "../src/tasks/language/index.js";
import { alternate, median, openBench } from "./harness.js";
import { type Peer, startPeer } from "./start-peer.js";

const models = process.env.COLUMNIST_MODELS ?? join(homedir(), "models-cache");
const { values: flags } = parseArgs({
  options: {
    model: { type: "string", default: join(models, "smollm2-135m-instruct.gguf") },
    threads: { type: "string", default: "1,2" },
    tokens: { type: "string", default: "100" },
    same: { type: "boolean", default: false },
  },
});
const tokens = Number(flags.tokens);
const promptLength = 256;
/** Of different kinds: facts, lists, code, numbers, dialogue, other languages. */
const prompts = [
  "The capital of France is",
  "Once upon a time, in a small village by the sea,",
  "def fibonacci(n):\n    ",
  "The three most important things about customer service are:\n1.",
  "<|im_start|>user\nWhat is the difference between a table and a row?<|im_end|>\n<|im_start|>assistant\n",
  "In 1969, astronauts landed on the",
  "2, 4, 8, 16, 32,",
  "La capitale de l'Allemagne est",
  "Dear Sir or Madam,\n\nI am writing to complain about",
  "Ingredients: flour, eggs, milk.\nSteps:",
];
/** Written behind each of them. */
const compared = 50;

interface Written {
  promptMs: number;
  ms: number;
  ids: number[][];
}

const bench = openBench("decoders");

/** Undefined where it is not installed, or its binary does not run here. */
async function startLlama(threads: number): Promise<Peer | undefined> {
  try {
    if (!existsSync("bench/peers/llama-cpp/node_modules")) throw new Error("run bench/peers/setup.sh llama-cpp");
    return await startPeer("llama-cpp/peer.mjs", [flags.model, "--threads", String(threads)], { threads });
  } catch (error) {
    bench.note(`without llama.cpp: ${(error as Error).message.trim()}`);
    return undefined;
  }
}

for (const threads of flags.threads.split(",").map(Number)) {
  const peer = await startPeer("decoders_torch.py", [flags.model, "--threads", String(threads)], { threads });
  const llama = await startLlama(threads);
  bench.addVersions({ ...peer.hello.versions, ...llama?.hello.versions });
  const { model } = await openLanguageModel(flags.model, { threads });
  const decoder = await model.openDecoder!();
  const ids = prompts.map((text) => [...model.writing!.before, ...model.tokenizer.encode(text)]);
  const { ids: theirIds } = await peer.ask<{ ids: number[][] }>("encode", { texts: prompts });
  bench.figure({
    name: "prompts with the same ids",
    ours: ids.filter((row, i) => row.join() === theirIds[i].join()).length,
    unit: `of ${prompts.length}`,
    measure: "value",
    atLeast: prompts.length,
  });
  const same: boolean[] = [];
  for (const row of ids) {
    const { ids: theirs } = await peer.ask<Written>("write", { prompts: [row], tokens: compared });
    const [{ ids: ours }] = await generate(decoder, [Int32Array.from(row)], { maxTokens: compared });
    same.push(theirs[0].join() === [...ours].join());
  }
  bench.figure({
    name: `prompts with the same ${compared} tokens, ${threads} threads`,
    ours: same.filter(Boolean).length,
    unit: `of ${prompts.length}`,
    measure: "value",
    atLeast: prompts.length,
  });
  const long = Array.from({ length: promptLength }, (_, i) => ids.flat()[i % ids.flat().length]);
  for (const rows of flags.same ? [] : [1, 16]) {
    const begun = Array.from({ length: rows }, (_, row) => long.slice(row).concat(long.slice(0, row)));
    const prompt = rows === 1 ? begun : begun.map((row) => row.slice(0, promptLength / 8));
    const first: Record<string, number[]> = { ours: [], torch: [], llama: [] };
    const writer = (name: string, other: Peer) => async (runs: number) => {
      const all: number[] = [];
      for (let run = 0; run < runs; run++) {
        const { promptMs, ms } = await other.ask<Written>("write", { prompts: prompt, tokens });
        first[name].push(promptMs);
        all.push(ms);
      }
      return all;
    };
    const times = await alternate(
      {
        async ours(runs) {
          const all: number[] = [];
          for (let run = 0; run < runs; run++) {
            const start = performance.now();
            let begun = 0;
            const onToken = () => {
              begun ||= performance.now();
              return undefined;
            };
            await generate(
              decoder,
              prompt.map((row) => Int32Array.from(row)),
              { maxTokens: tokens, onToken },
            );
            first.ours.push(begun - start);
            all.push(performance.now() - begun);
          }
          return all;
        },
        torch: writer("torch", peer),
        ...(llama && { llama: writer("llama", llama) }),
      } as Record<"ours" | "torch" | "llama", (runs: number) => Promise<number[]>>,
      { blocks: 3, steps: 1, warmup: 1 },
    );
    const compare = (name: string, count: number, ms: Record<string, number[]>, other: string, atLeast?: number) =>
      bench.figure({
        name: `${name}, ${threads} threads, beside ${other}`,
        ours: (count * 1000) / median(ms.ours),
        peer: (count * 1000) / median(ms[other]),
        unit: "tokens/s",
        measure: "ratio",
        better: "higher",
        atLeast,
        details: { ms: ms.ours, peerMs: ms[other] },
      });
    for (const other of llama ? ["torch", "llama"] : ["torch"]) {
      const isLlama = other === "llama";
      compare(`prompts, ${rows} at a time`, prompt.flat().length, first, other, isLlama ? 0.8 : undefined);
      compare(`generate, ${rows} at a time`, rows * tokens, times, other, isLlama ? 0.8 : 1.5);
    }
  }
  await decoder.close();
  await model.close();
  await peer.stop();
  await llama?.stop();
}
bench.close(flags.threads === "1,2" && tokens === 100 && !flags.same);
