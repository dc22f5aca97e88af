import assert from "node:assert/strict";
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { ServerResponse } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, mock, test } from "node:test";
import {
  type AskedRequest,
  type FakeHub,
  firstCommit,
  gitHash,
  refuse,
  type ServedModel,
  sendJson,
  sha256,
  startHub,
} from "../../test/fake-hub.js";
import { withoutHubVariables } from "../../test/hub-cache.js";
import { CancelledError, UserError } from "../base/errors.js";
import { encodeSafetensors } from "../formats/safetensors.js";
import { claimParts } from "./blob-file.js";
import { connect } from "./connection.js";
import { findModel } from "./find-model.js";
import { pullModel, pullThrough } from "./pull.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-pull-"));
const weights = encodeSafetensors(
  new Map([["embeddings.weight", { shape: [500, 200], data: new Float32Array(100_000).map(Math.sin) }]]),
);
const id = "org/encoder";
const encoder: ServedModel = {
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
const needed = [
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

let hub: FakeHub;
let cache: string;
let restore: () => void;
const said: string[] = [];
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

const watch = { onMessage: (message: string) => void said.push(message) };
const pull = async (name = id, file?: string) => pullThrough(connect(watch, 0.001), name, { file });
const blobs = (of = id) => join(cache, `models--${of.replace("/", "--")}`, "blobs");
const snapshot = (commit = firstCommit, of = id) =>
  join(cache, `models--${of.replace("/", "--")}`, "snapshots", commit);

async function refused(work: Promise<unknown>, ...parts: RegExp[]): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String((error as Error).stack));
    for (const part of parts) assert.match(error.message, part);
    return true;
  });
}

function always(answer: (response: ServerResponse) => unknown): FakeHub["intercept"] {
  return (_, response) => {
    answer(response);
    return true;
  };
}

/** Nothing half is left where readers look. */
function hasNoModel(of = id): void {
  assert.throws(() => findModel(of), UserError);
  assert.equal(existsSync(join(cache, `models--${of.replace("/", "--")}`, "refs/main")), false);
}

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

/** The large file breaks off after so many bytes, so often. */
function breakOff(after: number, times: number): void {
  let left = times;
  hub.intercept = ({ server, headers }, response) => {
    if (server !== "files" || left === 0) return;
    const from = Number(/\d+/.exec(headers.range ?? "0")![0]);
    const content = Buffer.from(weights);
    if (content.length < 1000 || left-- <= 0) return;
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": content.length - from,
      ...(from > 0 && { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    response.write(content.subarray(from, from + after), () => response.destroy());
    return true;
  };
}

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

/** Without the second, small file of safetensors. */
function oneLargeFile(): void {
  for (const name of Object.keys(hub.models[id].files)) if (name.startsWith("2_")) delete hub.models[id].files[name];
}

test("a connection that breaks is taken up where it was, as long as bytes come", async () => {
  oneLargeFile();
  breakOff(60_000, 6);
  await pull();
  assert.deepEqual(readFileSync(join(snapshot(), "model.safetensors")), Buffer.from(weights));
  const ranges = hub.requests.filter(({ server }) => server === "files").map(({ headers }) => headers.range);
  assert.equal(ranges.length, 7);
  assert.equal(ranges[0], undefined);
  for (const range of ranges.slice(1)) assert.match(range!, /^bytes=\d+-$/);
  assert.ok(
    said.some((message) => /The connection .*(broke off|failed).*trying again/.test(message)),
    said.join("\n"),
  );
});

test("an interrupted pull leaves no model, and the next one fetches only what is missing", async () => {
  oneLargeFile();
  breakOff(300_000, 1);
  const intercept = hub.intercept!;
  hub.intercept = (request, response) => {
    if (intercept(request, response)) return true;
    if (request.server !== "files" || !request.headers.range) return;
    response.destroy();
    return true;
  };
  await refused(pull(), /The connection to .* failed|broke off/, /kept: run the same command again/);
  hasNoModel();
  const part = readdirSync(blobs()).find((name) => name.endsWith(".incomplete"))!;
  const reached = lstatSync(join(blobs(), part)).size;
  assert.ok(reached > 0 && reached <= 300_000, String(reached));
  hub.intercept = undefined;
  hub.requests.length = 0;
  const { downloaded } = await pull();
  assert.equal(downloaded, weights.length - reached);
  assert.deepEqual(
    hub.requests.filter(({ server }) => server === "files").map(({ headers }) => headers.range),
    [`bytes=${reached}-`],
  );
  assert.deepEqual(readFileSync(join(snapshot(), "model.safetensors")), Buffer.from(weights));
  assert.equal(
    readdirSync(blobs()).some((name) => name.endsWith(".incomplete")),
    false,
  );
});

test("what a killed pull left is taken over; what a living one writes is not", async () => {
  oneLargeFile();
  mkdirSync(blobs(), { recursive: true });
  const blob = join(blobs(), sha256(weights));
  const left = (process: number, size: number, host = hostname().replace(/[^\w-]/g, "")) => {
    const path = `${blob}.${host}-${process}.incomplete`;
    writeFileSync(path, weights.slice(0, size));
    return path;
  };
  const living = left(process.ppid, 200_000);
  const elsewhere = left(2 ** 22 + 2, 200_000, "other-host");
  const python = `${blob}.0a1b2c3d.incomplete`;
  writeFileSync(python, "x");
  left(2 ** 22 + 1, 100_000);
  assert.equal((await pull()).downloaded < weights.length, true);
  assert.deepEqual(
    hub.requests.filter(({ server }) => server === "files").map(({ headers }) => headers.range),
    ["bytes=100000-"],
  );
  assert.ok([living, elsewhere, python].every(existsSync));
  // Unless it has been silent for long.
  rmSync(blob);
  utimesSync(elsewhere, 1, 1);
  hub.requests.length = 0;
  await pull();
  assert.deepEqual(
    hub.requests.filter(({ server }) => server === "files").map(({ headers }) => headers.range),
    ["bytes=200000-"],
  );
  assert.equal(existsSync(elsewhere), false);
});

test("a server that does not go on where it is asked to sends all of it, and the bytes are still right", async () => {
  oneLargeFile();
  breakOff(150_000, 1);
  const intercept = hub.intercept!;
  hub.intercept = (request, response) => {
    if (intercept(request, response)) return true;
    if (request.server !== "files") return;
    response.writeHead(200, { "content-length": weights.length }).end(weights);
    return true;
  };
  await pull();
  assert.deepEqual(readFileSync(join(snapshot(), "model.safetensors")), Buffer.from(weights));
});

test("a body that ends too early without a word is taken up as well", async () => {
  oneLargeFile();
  hub.intercept = ({ server, headers }, response) => {
    if (server !== "files" || headers.range) return;
    // In chunks: no length says that something is missing.
    response.writeHead(200).end(weights.subarray(0, 100_000));
    return true;
  };
  await pull();
  assert.match(said.join("\n"), /broke off; trying again/);
  assert.deepEqual(readFileSync(join(snapshot(), "model.safetensors")), Buffer.from(weights));
});

test("a file with a wrong hash is removed, of both kinds of hashes", async () => {
  for (const name of ["model.safetensors", "tokenizer.json"]) {
    cache = process.env.HF_HUB_CACHE = join(cache, "own");
    const content = Buffer.from(encoder.files[name] as Uint8Array);
    content[content.length - 1] ^= 1;
    hub.intercept = ({ url, headers }, response) => {
      const isIt =
        name === "tokenizer.json" ? /resolve-cache.*tokenizer\.json$/.test(url) : url === `/${sha256(weights)}`;
      if (!isIt) return;
      assert.equal(headers["accept-encoding"], "identity");
      response.writeHead(200, { "content-length": content.length }).end(content);
      return true;
    };
    await refused(pull(), new RegExp(`${name.replace(".", "\\.")} is damaged.*removed`), /git hash|SHA-256/);
    hasNoModel();
    assert.equal(
      readdirSync(blobs()).some((one) => one.endsWith(".incomplete")),
      false,
    );
  }
  hub.intercept = undefined;
  await pull();
});

test("a body that is longer than the list says is not written to the disk", async () => {
  hub.intercept = ({ url }, response) => {
    if (!/resolve-cache.*\/config\.json$/.test(url)) return;
    response.writeHead(200).end("x".repeat(1 << 20));
    return true;
  };
  await refused(pull(), /sends more of .*config\.json than its \d+ bytes/);
  hasNoModel();
});

test("refusals of the server say what to do", async () => {
  await refused(pull("org/encodr"), /no model 'org\/encodr'/, /\/models\?search=encodr/);
  await refused(pull(`${id}@v9`), /no such revision \(404\)/, /org\/encoder\/commits\/main/);
  Object.assign(hub.models[id], { needsToken: "hf_ok", isGated: true });
  await refused(pull(), /conditions to be accepted \(401\)/, new RegExp(`Accept them at ${hub.endpoint}/org/encoder`));
  delete hub.models[id].needsToken;
  // Its list is open, its files are not.
  hub.intercept = ({ url }, response) => {
    if (!url.includes("/resolve/")) return;
    refuse(response, 403, "GatedRepo");
    return true;
  };
  await refused(pull(), /'org\/encoder' asks for its conditions to be accepted \(403\)/);
  hub.intercept = always((response) => refuse(response, 403));
  await refused(pull(), /none that you may read \(403\)/);
  hub.intercept = always((response) => refuse(response, 400));
  await refused(pull(), /refused .* \(400\)/);
});

test("429 and 500 are tried again, after the time that the server asks for", async () => {
  const statuses = [500, 429, 503];
  hub.intercept = (_, response) => {
    const status = statuses.pop();
    if (status === undefined) return;
    response.writeHead(status, status === 429 ? { "retry-after": "0" } : {}).end();
    return true;
  };
  await pull();
  assert.match(
    said.join("\n"),
    /answered 503; trying again in 1 s \(1 of 4\)\..*\n.*fewer requests \(429\); trying again in 0 s.*\n.*500/,
  );
  hub.intercept = always((response) => response.writeHead(429, { "retry-after": "3000" }).end());
  await refused(pull(), /fewer requests \(429\)/);
  hub.intercept = always((response) => refuse(response, 502));
  hub.requests.length = 0;
  await refused(pull(), /answered 502/);
  assert.equal(hub.requests.length, 5);
});

test("a server that is not there, or silent, or speaks HTML", async () => {
  process.env.HF_HUB_DOWNLOAD_TIMEOUT = "0.05";
  hub.intercept = () => true;
  await refused(pull(), /nothing arrived for 0\.05 s/);
  delete process.env.HF_HUB_DOWNLOAD_TIMEOUT;
  hub.intercept = always((response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Log in</html>"),
  );
  await refused(pull(), /answered with a web page in place of JSON/, /HF_ENDPOINT/);
  hub.intercept = always((response) => sendJson(response, { error: "x" }));
  await refused(pull(), /does not answer as the Hub does \(sha/);
  hub.intercept = always((response) => response.writeHead(302, { location: "/again" }).end());
  await refused(pull(), /redirects in a circle/);
  process.env.HF_ENDPOINT = "http://127.0.0.1:1";
  await refused(pull(), /cannot be asked \(bad port\)/);
  const gone = await startHub({});
  await gone.close();
  process.env.HF_ENDPOINT = gone.endpoint;
  await refused(pull(), /connection to http:.* failed \(ECONNREFUSED\)/);
  process.env.HF_ENDPOINT = "huggingface.co";
  await refused(
    pull().catch((error) => Promise.reject(error)),
    /HF_ENDPOINT is 'huggingface\.co', not an address/,
  );
});

test("a web page in place of a file is no file", async () => {
  hub.intercept = ({ server }, response) => {
    if (server !== "files") return;
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Log in</html>");
    return true;
  };
  await refused(pull(), /broke off|is damaged|sends more/);
  hasNoModel();
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

test("two pulls at once both end with a whole model", async () => {
  await Promise.all([pull(), pullElsewhere()]);
  assert.deepEqual(readFileSync(join(snapshot(), "model.safetensors")), Buffer.from(weights));
  assert.deepEqual(
    readdirSync(blobs()).filter((name) => name.includes(".")),
    [],
  );
});

/** In another process. */
async function pullElsewhere(): Promise<void> {
  const { startColumnist } = await import("../../test/cli/columnist.js");
  const { code, stderr } = await startColumnist(["pull", id], { cwd: folder }).ended;
  assert.equal(code, 0, stderr);
}

test("one process does not write the same file twice at once", () => {
  mkdirSync(blobs(), { recursive: true });
  const { release } = claimParts(join(blobs(), "a"));
  assert.throws(() => claimParts(join(blobs(), "a")));
  release();
  claimParts(join(blobs(), "a")).release();
});

test("stopping keeps what came", async () => {
  oneLargeFile();
  const controller = new AbortController();
  breakOff(100_000, 1);
  const onProgress = ({ done }: { done: number }) => {
    if (done > 90_000) controller.abort();
  };
  const stopped = { onProgress, signal: controller.signal };
  await assert.rejects(pullModel(id, {}, stopped), (error) => error instanceof CancelledError);
  hasNoModel();
  assert.ok(readdirSync(blobs()).some((name) => name.endsWith(".incomplete")));
});

test("a full disk is named, and so is a cache that cannot be written", async () => {
  oneLargeFile();
  let room = 100_000;
  const write = fs.writeSync;
  const limited = mock.method(fs, "writeSync", (file: number, bytes: Uint8Array, from: number) => {
    room -= bytes.length - from;
    if (room < 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    return write(file, bytes, from);
  });
  syncBuiltinESMExports();
  try {
    await refused(pull(), /the disk is full\. Free some space/, /HF_HUB_CACHE/);
  } finally {
    limited.mock.restore();
    syncBuiltinESMExports();
  }
  hasNoModel();
  hub.requests.length = 0;
  assert.ok((await pull()).downloaded < weights.length, "goes on when there is room");
  writeFileSync(join(folder, "file"), "");
  process.env.HF_HUB_CACHE = join(folder, "file");
  await refused(pull(), /could not be written/, /HF_HUB_CACHE/);
});

test("more than the disk holds is refused before a byte comes", async () => {
  hub.intercept = ({ url }: AskedRequest, response) => {
    if (!url.startsWith("/api/models/")) return;
    const large = { sha256: "e".repeat(64), size: 2 ** 52, pointerSize: 1 };
    const siblings = [
      { rfilename: "config.json", size: 2, blobId: gitHash("{}") },
      { rfilename: "tokenizer.json", size: 2, blobId: gitHash("{}") },
      { rfilename: "model.safetensors", size: 2 ** 52, lfs: large },
    ];
    sendJson(response, { sha: firstCommit, siblings });
    return true;
  };
  await refused(pull(), /needs 4503599\.64 GB.*are free/, /HF_HUB_CACHE/);
  assert.equal(hub.requests.length, 1);
});
