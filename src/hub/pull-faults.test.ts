import assert from "node:assert/strict";
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { hostname } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import { type AskedRequest, firstCommit, gitHash, refuse, sendJson, sha256, startHub } from "../../test/fake-hub.js";
import {
  always,
  blobs,
  cache,
  encoder,
  folder,
  hasNoModel,
  hub,
  id,
  pull,
  refused,
  said,
  snapshot,
  useCache,
  weights,
} from "../../test/pulled-hub.js";
import { CancelledError } from "../base/errors.js";
import { claimParts } from "./blob-file.js";
import { pullModel } from "./pull.js";

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
    useCache(join(cache, "own"));
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
