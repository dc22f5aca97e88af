// columnist train --resume from outside: runs that are killed go on to the same model, and what becomes of unfinished ones.
import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Progress } from "../../src/base/progress.js";
import { createRandom } from "../../src/base/random.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { columnist, reviews, shell, startColumnist, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-resume-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const asked = [at("reviews.csv"), "--text", "body", "--label", "mood", "--model", "cnn", "--epochs", "6"];
const train = (...args: string[]) => columnist(["train", ...args], undefined, here);
const settings = { text: ["body"], label: "mood", model: "cnn" as const, epochs: 6 };

before(async () => {
  writeCsv(at("reviews.csv"), reviews(300));
  await trainAndCopy("whole", {
    "first epoch": ({ stage, done }) => stage === "cnn" && done === 4,
    "all rows": ({ stage, done }) => stage === "cnn, all rows" && done === 4,
  });
});

/** Trains to the end; the unfinished run is copied to a folder of each name when it is time. */
async function trainAndCopy(out: string, copies: Record<string, (progress: Progress) => boolean>): Promise<void> {
  const onProgress = (progress: Progress) => {
    for (const [name, isTime] of Object.entries(copies)) {
      if (existsSync(at(name)) || !isTime({ ...progress, stage: progress.stage.replace(/^cnn: /, "") })) continue;
      cpSync(at(`${out}/run`), at(`${name}/run`), { recursive: true });
    }
  };
  await trainModel(at("reviews.csv"), { ...settings, out: at(out) }, { onProgress });
}

const resumed = (name: string, overrides: object = {}, onMessage?: (message: string) => void) =>
  trainModel(at("reviews.csv"), { ...settings, out: at(name), resume: true, ...overrides }, { onMessage });

/** A copy of a copy, so that each test has its own. */
function own(copy: string, name: string): string {
  cpSync(at(copy), at(name), { recursive: true });
  return name;
}

function assertWhole(name: string): void {
  for (const file of ["weights.safetensors", "model.onnx", "tokenizer.json"])
    assert.ok(readFileSync(at(`${name}/${file}`)).equals(readFileSync(at(`whole/${file}`))), `${name}/${file}`);
  const figures = (one: string) =>
    JSON.parse(readFileSync(at(`${one}/metrics.json`), "utf8"), (key, value) => (/seconds/i.test(key) ? 0 : value));
  assert.deepEqual(figures(name), figures("whole"));
  assert.ok(!existsSync(at(`${name}/run`)));
}

test("killed again and again, at any moment, it comes to the same model", async () => {
  const random = createRandom(Date.now() % 1000);
  let kills = 0;
  for (; kills < 5; kills++) {
    const run = startColumnist(["train", ...asked, "--resume", "--out", "killed"], here);
    const isOver = run.ended.then(({ code, stderr }) => {
      if (code !== null) assert.equal(code, 0, stderr);
      return code !== null;
    });
    await Promise.race([run.whenSaid(kills < 2 ? "linear …" : "cnn …").catch(() => {}), isOver]);
    await Promise.race([new Promise((resolve) => setTimeout(resolve, random.integer(800))), isOver]);
    run.child.kill("SIGKILL");
    if (await isOver) break;
  }
  if (existsSync(at("killed/run"))) {
    const { code, stderr } = train(...asked, "--resume", "--out", "killed");
    assert.equal(code, 0, stderr);
  }
  assertWhole("killed");
});

test("trained families are not trained again, and the one at work goes on, at the first rows and at all of them", async () => {
  for (const copy of ["first epoch", "all rows"]) {
    const said: string[] = [];
    await resumed(own(copy, `again ${copy}`), {}, (message) => said.push(message));
    assert.match(said.join("\n"), /^linear: validation .* already trained in/m);
    assert.match(said.join("\n"), /^cnn: resuming after step [1-9]/m);
    assertWhole(`again ${copy}`);
  }
});

test("torn checkpoints and torn families are told, and done again", async () => {
  const name = own("all rows", "torn");
  const run = at("torn/run");
  const files = readdirSync(run, { recursive: true, encoding: "utf8" });
  const steps = files.flatMap((file) => /^cnn.checkpoint-(\d+)\.json$/.exec(file)?.slice(1).map(Number) ?? []);
  assert.ok(steps.length > 0);
  writeFileSync(join(run, ".checkpoint-9.safetensors.0123.partial"), "torn");
  truncateSync(join(run, "linear.safetensors"), 1000);
  truncateSync(join(run, `cnn/checkpoint-${Math.max(...steps)}.safetensors`), 1000);
  const said: string[] = [];
  const work = resumed(name, {}, (message) => said.push(message));
  if (steps.length > 1) await work;
  else {
    await assert.rejects(work, {
      name: "UserError",
      message: /All checkpoints in '.*torn.run.cnn' are damaged.*remove/,
    });
    rmSync(join(run, "cnn"), { recursive: true });
    await resumed(name);
  }
  assert.match(
    said.join("\n"),
    /linear: what the run kept is damaged \(its checksum is wrong\), so it is trained again/,
  );
  assert.match(said.join("\n"), /cnn: The checkpoint of step \d+ is damaged/);
  assertWhole("torn");
});

test("an unfinished run is refused without --resume, with other options, another table, or changed rows", async () => {
  const name = own("first epoch", "refused");
  const refused = (work: Promise<unknown>, message: RegExp) => assert.rejects(work, { name: "UserError", message });
  await refused(
    resumed(name, { resume: false }),
    /contains an unfinished run\. Resume it with the same command and resume/,
  );
  await refused(resumed(name, { resume: false, overwrite: true }), /contains an unfinished run/);
  await refused(resumed(name, { seed: 7 }), /has seed 0, this command 7/);
  writeCsv(at("others.csv"), reviews(300, 2));
  const other = trainModel(at("others.csv"), { ...settings, out: at(name), resume: true });
  await refused(other, /has the table ".*reviews\.csv", this command ".*others\.csv"/);
  cpSync(at("reviews.csv"), at("kept.csv"));
  writeCsv(at("reviews.csv"), reviews(301));
  await refused(resumed(name), /learns from has changed since it began/).finally(() =>
    cpSync(at("kept.csv"), at("reviews.csv")),
  );
  const command = ["--text", "body", "--tokenizer", "char", "--steps", "2", "--out", name, "--resume"];
  const { code, stderr } = columnist(["pretrain", "reviews.csv", ...command], undefined, here);
  assert.equal(code, 2);
  assert.match(stderr, /contains an unfinished run, so it is not replaced by a language model/);
  assert.match(columnist(["predict", name, "reviews.csv"], undefined, here).stderr, /contains an unfinished run/);
  const inspected = columnist(["inspect", name], undefined, here);
  assert.match(inspected.stdout, /an unfinished run of train \(--model cnn\), no model yet/);
  assert.match(inspected.stdout, /linear is trained/);
  assert.ok(inspected.stdout.split("\n").every((line) => line.length <= 80));
  // All of that has lost nothing.
  await resumed(name, { threads: 1 });
  assertWhole(name);
});

test("a run at work is left alone; a stop writes the best so far, and nothing is left of the run", async () => {
  const name = own("first epoch", "locked");
  const stop = new AbortController();
  let work: Promise<unknown> | undefined;
  const onProgress = ({ stage }: Progress) => {
    if (stage !== "cnn" || work) return;
    work = assert.rejects(resumed(name), /Another run \(process \d+ on .*\) is using/);
    stop.abort();
  };
  const options = { ...settings, out: at(name), resume: true };
  const { cancelled } = await trainModel(at("reviews.csv"), options, { onProgress, signal: stop.signal });
  await work;
  assert.ok(work && cancelled);
  assert.ok(existsSync(at(`${name}/weights.safetensors`)) && !existsSync(at(`${name}/run`)));
});

test("no room for checkpoints is told; no room for the model either leaves nothing, or a run that goes on", (t) => {
  if (process.platform === "win32") return t.skip("it has no ulimit");
  const sizes = readdirSync(at("whole")).map((file) => statSync(at(`whole/${file}`)).size);
  const limited = (bytes: number, out: string) =>
    shell(`ulimit -f ${Math.ceil(bytes / 1024)}; columnist train ${asked.join(" ")} --out ${out}`, here);
  const tight = limited(1.5 * Math.max(...sizes), "tight");
  assert.equal(tight.code, 0, tight.stderr);
  assert.match(tight.stderr, /The checkpoint of step 1 was not written/);
  assert.ok(existsSync(at("tight/model.onnx")) && !existsSync(at("tight/run")));
  const some = limited(0.9 * Math.max(...sizes), "some");
  assert.equal(some.code, 2, some.stderr);
  assert.match(some.stderr, /exceeds the file size limit/);
  assert.deepEqual(readdirSync(at("some")), ["run"]);
  assert.equal(train(...asked, "--resume", "--out", "some").code, 0);
  assertWhole("some");
  const none = limited(10_000, "none");
  assert.equal(none.code, 2, none.stderr);
  assert.ok(!existsSync(at("none")));
});

test("--resume with nothing to resume says so and starts; bad input leaves no run behind", () => {
  const linear = ["reviews.csv", "--text", "body", "--label", "mood", "--model", "linear", "--resume"];
  const { code, stderr } = train(...linear, "--out", "nothing");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /no unfinished run in 'nothing' to resume: starting a new one/);
  assert.ok(!existsSync(at("nothing/run")));
  const wrong = train("reviews.csv", "--text", "bodi", "--label", "mood", "--out", "wrong");
  assert.equal(wrong.code, 2);
  assert.ok(!existsSync(at("wrong")));
});
