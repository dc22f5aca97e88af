// For the tests of pull: a Hub with one encoder before each of them, and an empty cache.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach } from "node:test";
import { UserError } from "../src/base/errors.js";
import { encodeSafetensors } from "../src/formats/safetensors.js";
import { connect } from "../src/hub/connection.js";
import { findModel } from "../src/hub/find-model.js";
import { pullThrough } from "../src/hub/pull.js";
import { type FakeHub, firstCommit, type ServedModel, startHub } from "./fake-hub.js";
import { withoutHubVariables } from "./hub-cache.js";

export const folder = mkdtempSync(join(tmpdir(), "columnist-pull-"));
export const weights = encodeSafetensors(
  new Map([["embeddings.weight", { shape: [500, 200], data: new Float32Array(100_000).map(Math.sin) }]]),
);
export const id = "org/encoder";
export const encoder: ServedModel = {
  files: {
    ".gitattributes": "*.safetensors filter=lfs",
    "README.md": "---\nlicense: apache-2.0\n---\nAn encoder.",
    "1_Pooling/config.json": '{"pooling_mode_mean_tokens": true}',
    "2_Dense/config.json": "{}",
    "2_Dense/model.safetensors": encodeSafetensors(new Map([["w", { shape: [1], data: new Float32Array([2]) }]])),
    "2_Dense/pytorch_model.bin": "pickle",
    "config.json": '{"model_type": "bert"}',
    "model.safetensors": weights,
    "model.fp16.safetensors": "other weights",
    "modules.json": "[]",
    "onnx/model.onnx": "graph",
    "pytorch_model.bin": "pickle",
    "tf_model.h5": "pickle",
    "train_script.py": "print()",
    "tokenizer.json": '{"model": {}}',
    "vocab.txt": "",
  },
};
export const needed = [
  "1_Pooling/config.json",
  "2_Dense/config.json",
  "2_Dense/model.safetensors",
  "README.md",
  "config.json",
  "model.safetensors",
  "modules.json",
  "tokenizer.json",
  "vocab.txt",
];

export let hub: FakeHub;
export let cache: string;
export let restore: () => void;
/** The cache of what follows in the same test. */
export function useCache(path: string): void {
  cache = process.env.HF_HUB_CACHE = path;
}

export const said: string[] = [];
beforeEach(async () => {
  restore = withoutHubVariables();
  cache = mkdtempSync(join(folder, "cache-"));
  process.env.HF_HUB_CACHE = cache;
  hub = await startHub({ [id]: { ...encoder, files: { ...encoder.files } } });
  process.env.HF_ENDPOINT = hub.endpoint;
  said.length = 0;
});
afterEach(async () => {
  await hub.close();
  restore();
});
after(() => rmSync(folder, { recursive: true, force: true }));

export const watch = { onMessage: (message: string) => void said.push(message) };
export const pull = async (name = id, file?: string) => pullThrough(connect(watch, 0.001), name, { file });
export const blobs = (of = id) => join(cache, `models--${of.replace("/", "--")}`, "blobs");
export const snapshot = (commit = firstCommit, of = id) =>
  join(cache, `models--${of.replace("/", "--")}`, "snapshots", commit);

export async function refused(work: Promise<unknown>, ...parts: RegExp[]): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String((error as Error).stack));
    for (const part of parts) assert.match(error.message, part);
    return true;
  });
}

export function always(answer: (response: ServerResponse) => unknown): FakeHub["intercept"] {
  return (_, response) => {
    answer(response);
    return true;
  };
}

/** Nothing half is left where readers look. */
export function hasNoModel(of = id): void {
  assert.throws(() => findModel(of), UserError);
  assert.equal(existsSync(join(cache, `models--${of.replace("/", "--")}`, "refs/main")), false);
}
