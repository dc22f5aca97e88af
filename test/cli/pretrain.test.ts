// columnist pretrain from outside: every family, a run that is killed and goes on, and what bad input gets.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Progress } from "../../src/base/progress.js";
import { openFolder, writeOpenFacts } from "../../src/folders/index.js";
import { runLengthSchema } from "../../src/train/index.js";
import type { PretrainOptions } from "../../src/workflows/pretrain/options.js";
import { pretrain as pretrainModel } from "../../src/workflows/pretrain/run.js";
import { columnist, shell, startColumnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-pretrain-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

const sentence = (i: number) => `Row ${i}: the cat number ${i % 7} sat on the mat of dog ${i % 5}, and it was good.`;
const text = Array.from({ length: 900 }, (_, i) => sentence(i)).join("\n");
writeFileSync(at("story.txt"), text);
writeFileSync(at("rows.csv"), `body\n${Array.from({ length: 300 }, (_, i) => `"${sentence(i)}"`).join("\n")}\n`);
const stepsKept = (name: string) =>
  readdirSync(at(`${name}/run`)).flatMap((file) => /^checkpoint-(\d+)\.json$/.exec(file)?.slice(1).map(Number) ?? []);
const small = ["--layers", "1", "--hidden", "16", "--heads", "2", "--context", "16", "--batch-tokens", "64"];

function pretrain(out: string, ...args: string[]) {
  return columnist(["pretrain", at("story.txt"), "--tokenizer", "char", "--out", at(out), ...args], undefined, {
    cwd: folder,
  });
}

function document(answer: { code: number | null; stdout: string; stderr: string }) {
  assert.equal(answer.code, 0, answer.stderr);
  return JSON.parse(answer.stdout);
}

test("a Transformer on a text file: the folder, its figures, and what perplexity says of it", () => {
  const first = document(pretrain("lm", ...small, "--steps", "30", "--json"));
  assert.deepEqual(readdirSync(at("lm")).sort(), [
    "columnist.json",
    "metrics.json",
    "model.onnx",
    "report.html",
    "tokenizer.json",
    "weights.safetensors",
  ]);
  assert.equal(first.steps, 30);
  assert.ok(first.validation.loss < 3.5 && first.validation.bitsPerByte > 1);
  const { bitsPerByte } = document(columnist(["perplexity", at("lm"), at("story.txt"), "--json"]));
  assert.ok(Math.abs(bitsPerByte - first.validation.bitsPerByte) < 0.5);
  const report = readFileSync(at("lm/report.html"), "utf8");
  assert.match(report, /<h2>Loss</);
  assert.match(report, /Samples during training/);
  assert.ok(first.history[0].sample.length > 0);
  const inspected = columnist(["inspect", at("lm")]);
  assert.equal(inspected.code, 0, inspected.stderr);
  assert.match(inspected.stdout, /a language model, transformer/);
  assert.match(inspected.stdout, new RegExp(first.validation.bitsPerByte.toFixed(4)));
  assert.ok(inspected.stdout.split("\n").every((line) => line.length <= 80));
  const { facts: told, contextLength } = document(columnist(["inspect", at("lm"), "--json"]));
  assert.deepEqual([told.kind, told.family, contextLength], ["language-model", "transformer", 16]);
  const again = document(pretrain("lm-again", ...small, "--steps", "30", "--threads", "1", "--json"));
  assert.equal(again.validation.loss, first.validation.loss);
  assert.deepEqual(readFileSync(at("lm/weights.safetensors")), readFileSync(at("lm-again/weights.safetensors")));
});

test("rows of a table, BPE, an LSTM and a masked Transformer", () => {
  const table = ["pretrain", at("rows.csv"), "--text", "body", "--vocab-size", "300", "--json"];
  const lstm = [...table, "--model", "lstm", "--layers", "1", "--hidden", "16", "--context", "16"];
  const { validation, family } = document(
    columnist([...lstm, "--batch-tokens", "64", "--steps", "5", "--out", at("lstm")]),
  );
  assert.equal(family, "lstm");
  assert.match(validation.heldOut, /^\d+ texts, drawn with seed 0$/);
  const masked = document(
    columnist([...table, ...small, "--objective", "masked", "--steps", "5", "--out", at("masked")]),
  );
  assert.equal(masked.validation.perplexity, undefined);
  const refused = columnist(["perplexity", at("masked"), at("rows.csv"), "--text", "body"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--objective next-token/);
});

test("token vectors begin as what the text tells of them, where there are many of them or it is asked for", () => {
  const startOf = (name: string, ...args: string[]) => {
    document(pretrain(name, ...small, "--steps", "2", "--json", ...args));
    return JSON.parse(readFileSync(at(`${name}/columnist.json`), "utf8")).options.start;
  };
  assert.equal(startOf("few"), "random");
  assert.equal(startOf("asked", "--start", "svd"), "svd");
  assert.equal(startOf("many", "--tokenizer", "bpe", "--vocab-size", "300"), "svd");
  const [few, asked] = ["few", "asked"].map((name) => readFileSync(at(`${name}/weights.safetensors`)));
  assert.ok(!few.equals(asked));
});

test("n-grams, by the same command", () => {
  const { family, validation } = document(pretrain("ngram", "--model", "ngram", "--order", "4", "--json"));
  assert.equal(family, "ngram");
  assert.ok(validation.bitsPerByte < 2);
});

test("a run that is killed goes on with --resume, and its weights have the same bits", async () => {
  const args = [...small, "--steps", "400", "--start", "svd"];
  document(pretrain("whole", ...args, "--json"));
  const command = ["pretrain", at("story.txt"), "--tokenizer", "char", "--out", at("killed"), ...args];
  const run = startColumnist(command, { cwd: folder });
  await run.whenSaid("step 60 of 400");
  run.child.kill("SIGINT");
  const stopped = await run.ended;
  assert.equal(stopped.code, 1);
  assert.match(stopped.stderr, /--resume/);
  const refused = columnist(command);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /contains an unfinished run.*--resume/);
  const other = columnist([...command, "--resume", "--seed", "7"]);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /has --seed 0, this command 7/);

  // Killed without a word, at once after it has gone on.
  const second = startColumnist([...command, "--resume"], { cwd: folder });
  await second.whenSaid("Resuming after step");
  await second.whenSaid("step 100 of 400");
  second.child.kill("SIGSTOP");
  const locked = columnist([...command, "--resume"]);
  assert.match(locked.stderr, /Another run/);
  second.child.kill("SIGKILL");
  await second.ended;
  const third = columnist([...command, "--resume"]);
  assert.equal(third.code, 0, third.stderr);
  assert.deepEqual(readFileSync(at("killed/weights.safetensors")), readFileSync(at("whole/weights.safetensors")));
  assert.ok(!existsSync(at("killed/run")));
});

test("a damaged checkpoint is passed over", async () => {
  const command = [
    "pretrain",
    at("story.txt"),
    "--tokenizer",
    "char",
    "--out",
    at("damaged"),
    ...small,
    "--steps",
    "300",
  ];
  const run = startColumnist(command, { cwd: folder });
  await run.whenSaid("step 30 of 300");
  run.child.kill("SIGINT");
  await run.ended;
  const newest = Math.max(...stepsKept("damaged"));
  const damage = (step: number) => {
    const path = at(`damaged/run/checkpoint-${step}.safetensors`);
    const bytes = readFileSync(path);
    bytes[bytes.length - 9] ^= 1;
    writeFileSync(path, bytes);
  };
  damage(newest);
  const second = startColumnist([...command, "--resume"], { cwd: folder });
  await second.whenSaid("Resuming after step");
  second.child.kill("SIGKILL");
  const { stderr: said } = await second.ended;
  assert.match(said, new RegExp(`checkpoint of step ${newest} is damaged .*; the previous one is used`));
  for (const step of stepsKept("damaged")) if (step !== newest) damage(step);
  if (!stepsKept("damaged").includes(newest)) return;
  const { code, stderr } = columnist([...command, "--resume"]);
  assert.equal(code, 2);
  assert.match(stderr, /All checkpoints/);
});

const tiny = { tokenizer: "char", layers: 1, hidden: 16, heads: 2, context: 16, batchTokens: 64 };

/** Runs to the end; the unfinished run is copied to the folder `copy` when `isTime`. */
async function pretrainAndCopy(
  out: string,
  copy: string,
  options: object,
  isTime: (progress: Progress) => boolean = ({ stage }) => stage === "measuring",
): Promise<void> {
  let isKept = false;
  const onProgress = (progress: Progress) => {
    if (isKept || !isTime(progress)) return;
    isKept = true;
    cpSync(at(`${out}/run`), at(`${copy}/run`), { recursive: true });
  };
  await pretrainModel(at("story.txt"), { ...tiny, ...options, out: at(out) }, { onProgress });
}

const weightsOf = (name: string) => readFileSync(at(`${name}/weights.safetensors`));

test("a run whose last checkpoint is the end of training needs only the model to be written", async () => {
  await pretrainAndCopy("to-the-end", "cut-off", { steps: 30 });
  assert.ok(existsSync(at("cut-off/run/checkpoint-30.json")));
  const { history } = await pretrainModel(at("story.txt"), { ...tiny, steps: 30, out: at("cut-off"), resume: true });
  assert.deepEqual(weightsOf("cut-off"), weightsOf("to-the-end"));
  const metrics = (name: string) => JSON.parse(readFileSync(at(`${name}/metrics.json`), "utf8"));
  assert.equal(history.length, metrics("to-the-end").history.length);
  assert.deepEqual(metrics("cut-off").validation, metrics("to-the-end").validation);
});

test("the first checkpoint comes after the first step, and one between two evaluations tells the same history", async () => {
  const options = { steps: 100 };
  // Evaluations come every 5 steps.
  await pretrainAndCopy("from-one", "one-step", options, ({ stage, done }) => stage === "training" && done === 4);
  assert.ok(stepsKept("one-step").length > 0 && stepsKept("one-step").every((step) => step < 4));
  const { history } = await pretrainModel(at("story.txt"), { ...tiny, ...options, out: at("one-step"), resume: true });
  assert.deepEqual(weightsOf("one-step"), weightsOf("from-one"));
  const told = JSON.parse(readFileSync(at("from-one/metrics.json"), "utf8")).history;
  const losses = (points: typeof history) => points.map(({ step, trainingLoss }) => [step, trainingLoss]);
  assert.deepEqual(losses(history), losses(told));
});

test("a run of a given time ends, and keeps what it decided about its steps", async () => {
  await pretrainAndCopy("timed", "timed-run", { budget: "5s" });
  const { decided: length } = JSON.parse(readFileSync(at("timed-run/run/columnist.json"), "utf8"));
  assert.equal(length.budget, 5);
  const { steps } = JSON.parse(readFileSync(at("timed/columnist.json"), "utf8")).options;
  assert.equal(length.plans.at(-1).steps, steps);
});

test("a run whose steps were revised makes the same ones when it goes on, before the revision or after it", async () => {
  const options = { steps: 100 };
  const settings = { ...tiny, ...options, resume: true };
  for (const copy of ["revised", "revised-again"]) {
    rmSync(at("long"), { recursive: true, force: true });
    await pretrainAndCopy("long", copy, options, ({ stage, done }) => stage === "training" && done === 4);
    const { becomes, options: asked, decided } = openFolder(at(`${copy}/run`), "unfinished-run").facts;
    const length = runLengthSchema.parse(decided);
    length.plans.push({ from: 30, steps: 60, looks: 3 });
    writeOpenFacts(at(`${copy}/run`), "unfinished-run", { becomes, options: asked, decided: length });
  }
  const { history, steps } = await pretrainModel(at("story.txt"), { ...settings, out: at("revised") });
  assert.equal(steps, 60);
  assert.deepEqual(
    history.map(({ step }) => step),
    [5, 10, 15, 20, 25, 30, 40, 50, 60],
  );
  const stop = new AbortController();
  const onProgress = ({ stage, done }: Progress) => {
    if (stage === "training" && done === 45) stop.abort();
  };
  const again = { ...settings, out: at("revised-again") };
  await assert.rejects(pretrainModel(at("story.txt"), again, { onProgress, signal: stop.signal }), /step 45 of 60/);
  await pretrainModel(at("story.txt"), again);
  assert.deepEqual(weightsOf("revised-again"), weightsOf("revised"));
  assert.notDeepEqual(weightsOf("revised"), weightsOf("long"));
});

test("--resume with nothing to resume says so and starts", () => {
  const { code, stderr } = pretrain("nothing-to-resume", ...small, "--steps", "2", "--resume");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /no unfinished run in .*nothing-to-resume' to resume: starting a new one/);
});

test("no room for the model: nothing half-written, and the run goes on where there is room", (t) => {
  if (process.platform === "win32") return t.skip("it has no ulimit");
  const wide = "--layers 2 --hidden 96 --heads 2 --context 16 --batch-tokens 64 --steps 5";
  const line = `columnist pretrain story.txt --tokenizer char ${wide} --out full`;
  const { code, stderr } = shell(`ulimit -f 300; ${line}`, { cwd: folder });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /exceeds the file size limit/);
  assert.deepEqual(readdirSync(at("full")), ["run"]);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith(".")),
    [],
  );
  const again = shell(`${line} --resume`, { cwd: folder });
  assert.equal(again.code, 0, again.stderr);
  assert.ok(existsSync(at("full/model.onnx")) && !existsSync(at("full/run")));
});

test("however few the texts, one is held out, and no figure is null", async () => {
  const table = at("few.jsonl");
  const write = (texts: readonly string[]) =>
    writeFileSync(table, texts.map((body) => `${JSON.stringify({ body })}\n`).join(""));
  const numbersOf = (out: string) => readFileSync(at(`${out}/metrics.json`), "utf8");
  const settings: PretrainOptions = {
    text: ["body"],
    model: "ngram",
    tokenizer: "char",
    out: at("few"),
    overwrite: true,
  };
  const texts = (count: number) => Array.from({ length: count }, (_, i) => `${sentence(i)} ${"abcdefgh"[i % 8]}`);
  for (const [rows, validation] of [
    [24, "0.02"],
    [20, "0.001"],
    [20, "0.1"],
  ] as const)
    for (let seed = 0; seed < 8; seed++) {
      write(texts(rows));
      const result = await pretrainModel(table, { ...settings, validation, seed });
      assert.match(result.validation.heldOut, /^(1 text|[2-9] texts), drawn with seed \d$/);
      assert.ok(Number.isFinite(result.validation.loss) && Number.isFinite(result.validation.bitsPerByte));
      assert.doesNotMatch(numbersOf("few"), /null/);
    }
  // Two texts among blank rows: one on each side. One text, or few: their end.
  for (const [rows, heldOut] of [
    [["", ...texts(2), ...Array.from({ length: 20 }, () => "")], /^1 text, drawn/],
    [[...texts(1), ...Array.from({ length: 20 }, () => "")], /^the last 10 % of the text$/],
    [texts(2), /^the last 10 % of the text$/],
    [["ab"], /^the last 10 % of the text$/],
  ] as const)
    for (const seed of [0, 1, 2]) {
      write(rows);
      const { validation } = await pretrainModel(table, { ...settings, seed });
      assert.match(validation.heldOut, heldOut);
      assert.ok(Number.isFinite(validation.loss), JSON.stringify(rows));
      assert.doesNotMatch(numbersOf("few"), /null/);
    }
  const inspected = columnist(["inspect", at("few")]);
  assert.equal(inspected.code, 0, inspected.stderr);
  writeFileSync(at("blank.jsonl"), '{"body":""}\n');
  const work = pretrainModel(table, { ...settings, validation: at("blank.jsonl") });
  await assert.rejects(work, { name: "UserError", message: /blank\.jsonl has no text to measure on/ });
});

test("an unfinished run is told, and nothing else is written over it", async () => {
  const command = [
    "pretrain",
    at("story.txt"),
    "--tokenizer",
    "char",
    "--out",
    at("begun"),
    ...small,
    "--steps",
    "300",
  ];
  const run = startColumnist(command, { cwd: folder });
  await run.whenSaid("step 15 of 300");
  run.child.kill("SIGINT");
  await run.ended;
  for (const path of [at("begun"), at("begun/run")]) {
    const { kind, facts, done, steps } = document(columnist(["inspect", path, "--json"]));
    assert.deepEqual([kind, steps, facts.options.tokenizer], ["unfinished-run", 300, "char"]);
    assert.ok(done >= 15);
  }
  assert.match(columnist(["inspect", at("begun")]).stdout, /an unfinished run of pretrain .*no\s+model yet/);
  const other = columnist(["index", at("rows.csv"), "--text", "body", "--out", at("begun"), "--overwrite"]);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /contains an unfinished run/);
  const opened = columnist(["perplexity", at("begun"), at("story.txt")]);
  assert.equal(opened.code, 2);
  assert.match(opened.stderr, /contains an unfinished run, not a language model/);
  assert.equal(columnist([...command, "--resume"]).code, 0);
});

test("bad input: code 2, what was received and what to do", () => {
  writeFileSync(at("empty.txt"), "");
  writeFileSync(at("short.txt"), "abcabc");
  writeFileSync(at("broken.txt"), Buffer.from([0x61, 0xff, 0xfe]));
  const cases: [string[], RegExp][] = [
    [[at("none.txt")], /none\.txt/],
    [[at("empty.txt")], /empty\.txt/],
    [[at("short.txt"), "--tokenizer", "char"], /tokens; with a context of/],
    [[at("broken.txt")], /not UTF-8/],
    [[at("rows.csv")], /text column/],
    [[at("rows.csv"), "--text", "bodi"], /Did you mean 'body'/],
    [[at("story.txt"), "--steps", "5", "--budget", "1m"], /--steps and --budget/],
    [[at("story.txt"), "--budget", "soon"], /--budget must be a time/],
    [[at("story.txt"), "--budget", "3"], /--budget must be a time .*not '3'\. Add a unit/],
    [[at("story.txt"), "--tokenizer", "bep"], /there is no file 'bep'/],
    [[at("story.txt"), "--vocab-size", "20"], /vocabulary needs room/],
    [[at("story.txt"), "--heads", "3", "--hidden", "16"], /does not divide/],
    [[at("story.txt"), "--model", "lstm", "--objective", "masked"], /needs --model transformer/],
    [[at("story.txt"), "--validation", "0.9"], /--validation must be a share/],
    [[at("none.txt"), "--resume"], /none\.txt/],
  ];
  for (const [i, [args, said]] of cases.entries()) {
    const out = at(`bad${i}`);
    const { code, stderr } = columnist(["pretrain", ...args, "--out", out], undefined, { cwd: folder });
    assert.equal(code, 2, `${args}: ${stderr}`);
    assert.match(stderr, said);
    assert.ok(!existsSync(out), `${args}: '${out}' was left behind`);
  }
  // The mended command needs no other folder.
  assert.equal(pretrain("bad0", ...small, "--steps", "2").code, 0);
});
