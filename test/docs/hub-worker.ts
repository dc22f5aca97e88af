// Serves the models that the documents pull, with small random weights under their names.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { encodeSafetensors } from "../../src/formats/safetensors.js";
import { startHub } from "../fake-hub.js";

const weights = encodeSafetensors(new Map([["embeddings.weight", { shape: [8, 4], data: new Float32Array(32) }]]));
const decoder = "test/golden/decoders/qwen2";
const hub = await startHub({
  "HuggingFaceTB/SmolLM2-135M-Instruct": {
    files: {
      "README.md": "---\nlicense: apache-2.0\n---\n",
      ...Object.fromEntries(readdirSync(decoder).map((name) => [name, readFileSync(join(decoder, name))])),
    },
  },
  "sentence-transformers/all-MiniLM-L6-v2": {
    files: {
      "README.md": "---\nlicense: apache-2.0\n---\n",
      "1_Pooling/config.json": "{}",
      "config.json": '{"model_type": "bert"}',
      "model.safetensors": weights,
      "modules.json": "[]",
      "tokenizer.json": "{}",
    },
  },
});
parentPort!.postMessage(hub.endpoint);
