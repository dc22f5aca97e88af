// Does pretraining pay? Classifiers of movie reviews from few labelled rows: a pretrained language model that is fine-tuned,
// the same network from random numbers, the families that `train` has, and scikit-learn's TF-IDF with a linear SVC.
//   node dist/bench/fine-tune.js [--data <folder>] [--rows 200,500,2000] [--seeds 1,2,3,4,5] [--steps 2500] [--lm <folder>]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openTokenScorer } from "../src/networks/encoded-texts/index.js";
import { defaultTraining, pretrainedNetwork, textNetworkOnnx, trainTextNetwork } from "../src/networks/index.js";
import { classHead } from "../src/tasks/classify/head.js";
import { readPretrainedNetwork } from "../src/tasks/language/index.js";
import { defaultDataFolder, type LabelledRow, readSplit, stratifiedSplit } from "./data-sets.js";
import { openBench } from "./harness.js";
import { readNovels } from "./novels.js";
import { runCommand } from "./run-command.js";
import { startPeer } from "./start-peer.js";
import { readTraining } from "./train-answer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    rows: { type: "string", default: "200,500,2000" },
    seeds: { type: "string", default: "1,2,3,4,5" },
    steps: { type: "string", default: "2500" },
    objective: { type: "string", default: "next-token" },
    family: { type: "string", default: "transformer" },
    lm: { type: "string" },
    families: { type: "string", default: "all" },
  },
});
const sizes = flags.rows.split(",").map(Number);
const seeds = flags.seeds.split(",").map(Number);
/** Points that the pretrained network must be ahead of the same one from random numbers, with so many rows. */
const asked: Record<number, number> = { 200: 5 };
/** The reviews stand in the corpus as often as this: novels are a hundred times as long. */
const repeats = 20;
const shape = ["--layers", "4", "--hidden", "192", "--heads", "4", "--context", "64", "--vocab-size", "8000"];

const bench = openBench("fine-tune");
const folder = mkdtempSync(join(tmpdir(), "columnist-fine-tune-"));
const split = await readSplit(flags.data, "movie-reviews", 1);
const test = write("test", split.test);
try {
  const lm = flags.lm ?? (await pretrain());
  const { parameters, steps, tokens, seconds, validation } = JSON.parse(readFileSync(join(lm, "metrics.json"), "utf8"));
  bench.note(
    `pretrained: ${parameters} parameters, ${steps} steps, ${tokens} tokens in ${seconds.toFixed(0)} s, loss ` +
      `${validation.loss.toFixed(3)}`,
  );
  const peer = await startPeer("sklearn_text.py", ["--threads", "1"], { threads: 1 });
  bench.addVersions(peer.hello.versions ?? {});
  for (const size of sizes) {
    const found: Record<string, number[]> = {};
    const keep = (name: string, accuracy: number) => {
      found[name] = [...(found[name] ?? []), 100 * accuracy];
    };
    for (const seed of seeds) {
      const rows = stratifiedSplit(split.train, size / split.train.length, seed).test;
      const train = write(`train-${size}-${seed}`, rows);
      for (const kind of ["word", "char"])
        keep(`${kind} SVC`, (await peer.ask<{ accuracy: number }>("fit", { kind, train, test })).accuracy);
      const out = join(folder, "model");
      const args = ["train", train, "--text", "text", "--label", "label", "--test", test, "--base", lm];
      const model = flags.families === "all" ? "all" : "pretrained";
      const { stdout } = await runCommand([
        ...args,
        "--model",
        model,
        "--seed",
        String(seed),
        "--split-seed",
        String(seed),
        "--out",
        out,
        "--overwrite",
        "--json",
      ]);
      const answer = readTraining(stdout);
      for (const { family, accuracy } of answer.models) keep(family, accuracy);
      keep("winner", answer.models.find(({ family }) => family === answer.winner)!.accuracy);
      keep("same network from random numbers", await fromScratch(lm, rows, seed));
    }
    report(size, found);
  }
  await peer.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(sizes.length === 3 && seeds.length === 5 && flags.families === "all");

/** On the training rows' text, without labels, and the novels. */
async function pretrain(): Promise<string> {
  const { training } = readNovels(join(flags.data, "text/novels.jsonl.gz"));
  const texts = [
    ...Array.from({ length: repeats }, () => split.train.map(({ text }) => text)).flat(),
    ...training.texts,
  ];
  const corpus = join(folder, "corpus.jsonl");
  writeFileSync(corpus, texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
  const out = join(folder, "lm");
  const kind =
    flags.family === "lstm" ? ["--model", "lstm", ...withoutHeads(shape)] : ["--objective", flags.objective, ...shape];
  const args = ["pretrain", corpus, "--text", "text", ...kind, "--steps", flags.steps, "--batch-tokens", "4096"];
  await runCommand([...args, "--validation", "0.02", "--out", out, "--json"]);
  return out;
}

function withoutHeads(flags: readonly string[]): string[] {
  const at = flags.indexOf("--heads");
  return flags.filter((_, i) => i !== at && i !== at + 1);
}

/** The shape of the fine-tuned network, trained as `train` trains a Transformer from random numbers, on as many rows. */
async function fromScratch(lm: string, rows: readonly LabelledRow[], seed: number): Promise<number> {
  const { tokenizer, shape: body } = await readPretrainedNetwork(lm);
  const names = [...new Set(rows.map(({ label }) => label))].sort();
  const network = pretrainedNetwork({
    family: "pretrained",
    body: { ...body, dropout: 0.1 },
    width: names.length,
    maxLength: 64,
    dropout: 0.3,
  });
  const encoded = (part: readonly LabelledRow[]) => ({
    ids: part.map(({ text }) => tokenizer.encode(text).subarray(0, network.maxLength)),
    targets: { width: 1, values: Int32Array.from(part, ({ label }) => names.indexOf(label)) },
  });
  const { train, test: held } = stratifiedSplit(rows, rows.length < 2000 ? 0.2 : 0.1, seed);
  const [training, validation, answers] = [encoded(train), encoded(held), encoded(split.test)];
  const tokens = training.ids.reduce((sum, { length }) => sum + length, 0);
  const options = defaultTraining("transformer", { rows: train.length, tokens, width: names.length });
  const head = classHead(names.length, training.targets);
  const { weights } = await trainTextNetwork(network, head, { training, validation }, { ...options, seed, threads: 2 });
  const scorer = await openTokenScorer(textNetworkOnnx(network, head, weights), names.length, 2);
  const probabilities = await scorer.score(answers.ids);
  await scorer.close();
  let right = 0;
  for (const [row, label] of answers.targets.values.entries()) {
    const own = probabilities.subarray(row * names.length, (row + 1) * names.length);
    if (own.indexOf(Math.max(...own)) === label) right++;
  }
  return right / answers.targets.values.length;
}

function report(size: number, found: Record<string, number[]>): void {
  for (const [name, values] of Object.entries(found))
    bench.note(
      `${size} rows: ${name.padEnd(34)} ${mean(values).toFixed(1)} % ± ${interval(values).toFixed(1)} ` +
        `(${values.map((value) => value.toFixed(1)).join(" ")})`,
    );
  const compare = (name: string, peer: string, atLeast?: number) =>
    bench.figure({
      name: `${size} rows: ${name} over ${peer}`,
      ours: mean(found[name]),
      peer: mean(found[peer]),
      unit: "%",
      measure: "difference",
      ...(atLeast === undefined ? {} : { atLeast }),
      details: { ours: found[name], theirs: found[peer] },
    });
  compare("pretrained", "same network from random numbers", asked[size]);
  compare("pretrained", "linear");
}

function write(name: string, rows: readonly LabelledRow[]): string {
  const path = join(folder, `${name}.jsonl`);
  writeFileSync(path, rows.map(({ text, label }) => `${JSON.stringify({ text, label })}\n`).join(""));
  return path;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Half the 95 % interval of the mean over the seeds: Student's t with n − 1 degrees of freedom. */
function interval(values: readonly number[]): number {
  const t = [NaN, 12.71, 4.303, 3.182, 2.776, 2.571][values.length - 1] ?? 2;
  const center = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  return t * Math.sqrt(variance / values.length);
}
