import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { commands } from "../../src/cli/commands.js";
import { encodeSafetensors } from "../../src/formats/safetensors.js";
import { catalogue } from "../../src/hub/catalogue.js";
import { commandsOf } from "../../src/workflows/models/run.js";
import { type FakeHub, firstCommit, startHub } from "../fake-hub.js";
import { columnist, startColumnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-cli-pull-"));
const weights = encodeSafetensors(
  new Map([["w", { shape: [500_000], data: new Float32Array(500_000).map(Math.cos) }]]),
);
const id = "org/encoder";
let hub: FakeHub;
before(async () => {
  hub = await startHub({
    [id]: {
      files: {
        "config.json": '{"model_type": "bert"}',
        "model.safetensors": weights,
        "README.md": "---\nlicense: mit\n---",
        "tokenizer.json": "{}",
      },
    },
  });
});
after(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]) =>
  startColumnist(args, {
    cwd: folder,
    env: { HF_ENDPOINT: hub.endpoint, HF_HOME: folder, HF_HUB_CACHE: "", HF_HUB_OFFLINE: "", HF_TOKEN: "" },
  });
const blobs = join(folder, "hub/models--org--encoder/blobs");

test("a pull that is killed goes on where it was; models tells what is there", { timeout: 60_000 }, async () => {
  const empty = await run("models").ended;
  assert.deepEqual(
    [empty.code, empty.stdout],
    [0, `No models in ${join(folder, "hub")}.\nModels worth having: columnist pull\n`],
  );

  hub.intercept = ({ server }, response) => {
    if (server !== "files") return;
    response.writeHead(200, { "content-length": weights.length });
    response.write(weights.subarray(0, 700_000));
    return true;
  };
  const killed = run("pull", id);
  const part = () => readdirSync(blobs).find((name) => name.endsWith(".incomplete"));
  await killed.whenSaid("downloading");
  while (part() === undefined || statSync(join(blobs, part()!)).size < 700_000)
    await new Promise((done) => setTimeout(done, 20));
  killed.child.kill("SIGKILL");
  await killed.ended;
  hub.intercept = undefined;
  hub.requests.length = 0;

  const { code, stdout, stderr } = await run("pull", id).ended;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^org\/encoder: 1 file, 2\.0 MB, from http/);
  assert.match(stdout, /an encoder \(bert\), 0\.5 M parameters, 2\.0 MB, licence mit; 4 files, 1\.3 MB\s+downloaded/);
  assert.match(stdout, /Next: columnist embed <table> --text <column> --with org\/encoder/);
  const ranges = hub.requests.filter(({ server }) => server === "files").map(({ headers }) => headers.range);
  assert.deepEqual(ranges, ["bytes=700000-"]);

  const models = await run("models").ended;
  assert.match(
    models.stdout,
    /^Encoders: columnist embed, .*\n {2}org\/encoder\n {4}bert, 0\.5 M parameters, 2\.0 MB, licence mit, main c0ffee00\n/s,
  );
  const { models: listed } = JSON.parse((await run("models", "--json").ended).stdout);
  assert.deepEqual(
    [listed.length, listed[0].name, listed[0].revision, listed[0].parameters],
    [1, id, firstCommit, 500_000],
  );
  assert.ok(listed[0].commands.includes("embed"));
});

test("faults end with code 2 and say what to do", async () => {
  for (const [args, message] of [
    [["pull", "org/encodr"], /no model 'org\/encodr'/],
    [["pull", "org"], /no model 'org'/],
    [["pull", "a b"], /is not the id of a model/],
    [["pull", id, "--file", "x.gguf"], /has no file 'x\.gguf'/],
  ] as const) {
    const { code, stdout, stderr } = await run(...args).ended;
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, message);
  }
});

test("without an id, models worth having, and no request", () => {
  const { code, stdout } = columnist(["pull"]);
  assert.equal(code, 0);
  for (const { id: name } of catalogue) assert.ok(stdout.includes(name), name);
  assert.deepEqual(
    stdout.split("\n").filter((line) => line.length > 80),
    [],
  );
  assert.deepEqual(JSON.parse(columnist(["pull", "--json"]).stdout).models.length, catalogue.length);
});

test("the commands that take a model are commands", () => {
  for (const name of Object.values(commandsOf).flat()) assert.ok(Object.hasOwn(commands, name), name);
});
