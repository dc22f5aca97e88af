// llama.cpp, by node-llama-cpp's prebuilt binary, with a GGUF file as it is, for bench/decoders.ts.
//
//     peer.mjs <file.gguf> --threads n
//
// Lines of JSON as in ../peer.py. Commands: encode {texts} -> {ids: [[id, ...], ...]}; write {prompts: [[id, ...], ...], tokens} ->
// {promptMs, ms, ids}: greedily: the time until each prompt has its first token, and that of the others. Nothing is downloaded or built.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const [file, , threadsText] = process.argv.slice(2);
const threads = Number(threadsText);
const llama = await getLlama({
  gpu: false,
  build: "never",
  skipDownload: true,
  maxThreads: threads,
  progressLogs: false,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath: file });
const package_ = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

async function write({ prompts, tokens }) {
  const contextSize = Math.max(...prompts.map(({ length }) => length)) + tokens;
  const context = await model.createContext({ contextSize, sequences: prompts.length, batchSize: 512, threads });
  const rows = prompts.map((prompt) => ({ prompt, sequence: context.getSequence(), ids: [], first: 0 }));
  const start = performance.now();
  await Promise.all(
    rows.map(async (row) => {
      for await (const id of row.sequence.evaluate(row.prompt, { temperature: 0, yieldEogToken: true })) {
        row.first ||= performance.now();
        row.ids.push(id);
        if (row.ids.length === tokens) break;
      }
    }),
  );
  const end = performance.now();
  const begun = Math.max(...rows.map(({ first }) => first));
  await context.dispose();
  return { promptMs: begun - start, ms: end - begun, ids: rows.map(({ ids }) => ids) };
}

const commands = {
  encode: ({ texts }) => ({ ids: texts.map((text) => [...model.tokenize(text, true)]) }),
  write,
};
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
answer({ ready: true, versions: { "node-llama-cpp": package_.dependencies["node-llama-cpp"] } });
for await (const line of createInterface({ input: process.stdin })) {
  const { cmd, ...fields } = JSON.parse(line);
  try {
    answer(await commands[cmd](fields));
  } catch (error) {
    answer({ error: error.stack });
  }
}
process.exit(0);
