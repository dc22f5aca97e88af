// Serves the models that the documents pull: tiny ones with random weights under their names.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { startHub } from "../fake-hub.js";

const tiny = "test/golden/encoders/bert";
const names = readdirSync(tiny, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.(json|safetensors)$/.test(name),
);
const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(tiny, name))]));
const decoder = "test/golden/decoders/qwen2";
/** Prompts of the documents are longer than those of the tiny model's own tests. */
const withContext = (tokens: number) => {
  const config = JSON.parse(readFileSync(join(decoder, "config.json"), "utf8"));
  return Buffer.from(JSON.stringify({ ...config, max_position_embeddings: tokens }));
};
const hub = await startHub({
  "HuggingFaceTB/SmolLM2-135M-Instruct": {
    files: {
      "README.md": "---\nlicense: apache-2.0\n---\n",
      ...Object.fromEntries(readdirSync(decoder).map((name) => [name, readFileSync(join(decoder, name))])),
      "config.json": withContext(2048),
    },
  },
  "sentence-transformers/all-MiniLM-L6-v2": {
    files: { ...files, "README.md": "---\nlicense: apache-2.0\n---\n" },
  },
});
parentPort!.postMessage(hub.endpoint);
