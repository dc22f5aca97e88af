import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { firstCommit, gitHash, sendJson, sha256 } from "../../test/fake-hub.js";
import {
  always,
  blobs,
  cache,
  encoder,
  hub,
  id,
  needed,
  pull,
  refused,
  snapshot,
  weights,
} from "../../test/pulled-hub.js";
import { findModel } from "./find-model.js";

test("what is needed comes into the cache as Python lays it out, and is found there", async () => {
  const { path, files, bytes, downloaded, revision } = await pull();
  assert.deepEqual(files.map((file) => file.path).sort(), needed);
  assert.deepEqual([path, revision], [snapshot(), firstCommit]);
  assert.equal(
    bytes,
    needed.reduce((sum, name) => sum + encoder.files[name].length, 0),
  );
  assert.equal(downloaded, bytes);
  for (const name of needed) {
    const content = encoder.files[name];
    assert.deepEqual(readFileSync(join(path, name)), Buffer.from(content as Uint8Array), name);
    const blob = /safetensors/.test(name) ? sha256(content) : gitHash(content);
    assert.equal(readlinkSync(join(path, name)), `${name.includes("/") ? "../" : ""}../../blobs/${blob}`);
    assert.equal(realpathSync(join(path, name)), join(realpathSync(blobs()), blob));
  }
  assert.equal(readFileSync(join(cache, "models--org--encoder/refs/main"), "utf8"), firstCommit);
  assert.deepEqual(findModel(id), { path, kind: "folder", id, revision: firstCommit });
  assert.equal(readdirSync(blobs()).length, needed.length);

  // Again: only the list is asked for.
  hub.requests.length = 0;
  assert.equal((await pull()).downloaded, 0);
  assert.deepEqual(
    hub.requests.map(({ url }) => url),
    [`/api/models/${id}/revision/main?blobs=true`],
  );
});

test("a new commit of main takes its place, the old one stays, and equal files are not fetched again", async () => {
  await pull();
  const commit = "d".repeat(40);
  hub.models[id] = {
    files: { ...encoder.files, "config.json": '{"model_type": "bert", "new": 1}' },
    commit,
    refs: { "v1/x": firstCommit },
  };
  hub.requests.length = 0;
  const { downloaded } = await pull();
  assert.equal(downloaded, hub.models[id].files["config.json"].length);
  assert.equal(findModel(id).path, snapshot(commit));
  assert.equal(findModel(`${id}@${firstCommit}`).path, snapshot());
  await pull(`${id}@v1/x`);
  assert.equal(findModel(`${id}@v1/x`).path, snapshot());
  await pull(`${id}@${commit}`);
});

test("a damaged file in the cache is replaced", async () => {
  await pull();
  const blob = join(blobs(), sha256(weights));
  writeFileSync(blob, Buffer.alloc(weights.length));
  assert.equal((await pull()).downloaded, weights.length);
  assert.deepEqual(readFileSync(blob), Buffer.from(weights));
});

test("the token goes to the server of the models alone, and not where that redirects", async () => {
  hub.models[id].needsToken = "hf_secret";
  await refused(pull(), /no model 'org\/encoder', or none that you may read \(401\)/, /HF_TOKEN/, /hf auth login/);
  process.env.HF_TOKEN = "hf_secret";
  await pull();
  const told = hub.requests.filter(({ headers }) => headers.authorization !== undefined);
  assert.ok(told.length > 0 && told.every(({ server }) => server === "hub"));
  assert.ok(hub.requests.some(({ server }) => server === "files"));
  process.env.HF_TOKEN = "hf_wrong";
  await refused(pull(), /token .*is not valid \(401\)/);
  process.env.HF_TOKEN = "hf_\nx";
  await refused(
    pull().catch((error) => Promise.reject(error)),
    /characters that no token has/,
  );
});

test("a model that was renamed is found by its old id, and kept under it", async () => {
  process.env.HF_TOKEN = "hf_secret";
  hub.intercept = ({ url }, response) => {
    if (!url.includes("/old/name/")) return;
    response.writeHead(307, { location: url.replace("/old/name/", `/${id}/`) }).end();
    return true;
  };
  await pull("old/name");
  assert.equal(findModel("old/name").path, snapshot(firstCommit, "old/name"));
});

test("names that lead out of the folder are refused, and nothing is written", async () => {
  for (const name of ["../config.json", "/etc/config.json", "1_Pooling/../../x.json", "..\\x", "C:\\x", "a/./b"]) {
    hub.models[id].files = { ...encoder.files, [name]: "{}" };
    await refused(pull(), /outside the model's folder/, /do not trust/);
  }
  hub.intercept = always((response) => sendJson(response, { sha: "../../x", siblings: [] }));
  await refused(pull(), /does not answer as the Hub does/);
  assert.deepEqual(readdirSync(cache), []);
});

test("what cannot be used is not downloaded", async () => {
  const serve = (files: Record<string, string>) => {
    hub.models[id].files = files;
    hub.requests.length = 0;
  };
  const config = '{"model_type": "bert"}';
  serve({ "config.json": config, "pytorch_model.bin": "x", "tokenizer.json": "{}" });
  await refused(pull(), /only in a format that can run programs/, /model\.safetensors/);
  assert.equal(hub.requests.length, 1);
  serve({
    "config.json": config,
    "model.safetensors": "x",
    "2_Dense/config.json": "{}",
    "2_Dense/pytorch_model.bin": "x",
  });
  await refused(pull(), /weights of 2_Dense only in a format/);
  serve({ "config.json": '{"model_type": "whisper"}', "model.safetensors": "x".repeat(100), "tokenizer.json": "{}" });
  await refused(pull(), /architecture 'whisper'/, /It reads bert, .*qwen3/);
  assert.ok(!hub.requests.some(({ url }) => url.includes("safetensors")));
  serve({ "README.md": "x", "model_index.json": "{}", "unet/model.safetensors": "x" });
  await refused(pull(), /no model of text/);
  serve({ "config.json": config, "model.safetensors": "x", "spiece.model": "x" });
  await refused(pull(), /no tokenizer\.json/);
  assert.equal(hub.requests.length, 1);
  serve({ "config.json": config });
  await refused(pull(), /has no weights/);
  await refused(pull("a/b/c"), /is not the id of a model/);
  process.env.HF_HUB_OFFLINE = "1";
  hub.requests.length = 0;
  await refused(pull(), /HF_HUB_OFFLINE is set/);
  assert.equal(hub.requests.length, 0);
});

test("shards, one .gguf file of several, and a graph where there is nothing else", async () => {
  const names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
  const index = JSON.stringify({ weight_map: { a: names[0], b: names[1] } });
  const files = {
    "config.json": '{"model_type": "llama"}',
    "consolidated.safetensors": "c",
    "model.safetensors.index.json": index,
    "tokenizer.json": "{}",
    [names[0]]: "1",
    [names[1]]: "22",
  };
  hub.models["org/shards"] = { files };
  const pulled = await pull("org/shards");
  assert.deepEqual(pulled.files.map(({ path }) => path).sort(), [
    "config.json",
    ...names,
    "model.safetensors.index.json",
    "tokenizer.json",
  ]);

  hub.models["org/gguf"] = {
    files: { "a-Q4_0.gguf": "GGUF4", "a-Q8_0.gguf": "GGUF8", "b-00001-of-00002.gguf": "x", "config.json": "{}" },
  };
  await refused(
    pull("org/gguf"),
    /several \.gguf files/,
    /columnist pull org\/gguf\/a-Q4_0\.gguf/,
    /a-Q8_0\.gguf {2}5 B/,
  );
  const one = await pull("org/gguf/a-Q8_0.gguf");
  assert.deepEqual([one.kind, one.path], ["gguf", join(snapshot(firstCommit, "org/gguf"), "a-Q8_0.gguf")]);
  assert.deepEqual(await pull("org/gguf", "a-Q8_0.gguf"), { ...one, downloaded: 0 });
  await refused(pull("org/gguf/c.gguf"), /no file 'c\.gguf'.*a-Q4_0/);
  await refused(pull("org/gguf", "config.json"), /not a \.gguf or \.onnx file/);
  await refused(pull("org/gguf/b-00001-of-00002.gguf"), /divided/);

  hub.models["org/graph"] = {
    files: {
      "config.json": '{"model_type": "deberta-v2"}',
      "onnx/model.onnx": "g",
      "onnx/model.onnx_data": "d",
      "onnx/model_quantized.onnx": "q",
      "pytorch_model.bin": "x",
      "tokenizer.json": "{}",
    },
  };
  const graph = await pull("org/graph");
  assert.deepEqual(
    graph.files.map(({ path }) => path),
    ["config.json", "onnx/model.onnx", "onnx/model.onnx_data", "tokenizer.json"],
  );
  assert.equal((await pull("org/graph", "onnx/model_quantized.onnx")).kind, "folder");
});

test("a mirror that lists names alone is asked for each size and hash", async () => {
  hub.intercept = ({ url }, response) => {
    if (!url.startsWith("/api/models/")) return;
    sendJson(response, { sha: firstCommit, siblings: Object.keys(encoder.files).map((rfilename) => ({ rfilename })) });
    return true;
  };
  const { downloaded } = await pull();
  assert.equal(
    downloaded,
    needed.reduce((sum, name) => sum + encoder.files[name].length, 0),
  );
  const heads = hub.requests.filter(({ method }) => method === "HEAD");
  assert.ok(heads.length >= needed.length && heads.every(({ server }) => server === "hub"));
});
