// Explanations of movie reviews: integrated gradients beside Captum's on the same weights, and whether the words they name are those
// that the answers hang on.
//   node dist/bench/explain.js [--families cnn,lstm,transformer,full] [--threads 1,2] [--rows 3000] [--reviews 100] [--blocks 3]
// Needs bench/peers/setup.sh captum, and for full COLUMNIST_MODELS/all-MiniLM-L6-v2.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureTrust, openExplainer } from "../src/explain/index.js";
import { placeTokens } from "../src/explain/tokens.js";
import { wordsIn } from "../src/explain/words.js";
import { writeSafetensors } from "../src/formats/safetensors-file.js";
import { readEncoder } from "../src/networks/hugging-face/index.js";
import { writeEncoder } from "../src/networks/hugging-face/write-encoder.js";
import { tasks } from "../src/tasks/index.js";
import { defaultDataFolder, type LabelledRow, readSplit, stratifiedSplit } from "./data-sets.js";
import { alternate, median, openBench } from "./harness.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    families: { type: "string", default: "cnn,lstm,transformer,full" },
    threads: { type: "string", default: "1,2" },
    rows: { type: "string", default: "3000" },
    "rows-full": { type: "string", default: "1000" },
    reviews: { type: "string", default: "100" },
    blocks: { type: "string", default: "3" },
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    data: { type: "string", default: defaultDataFolder() },
  },
});
const bench = openBench("explain");
const labels = ["negative", "positive"];
/** Captum's default. */
const captumSteps = 50;
const task = await tasks.classify.load();
const { train, test } = await readSplit(flags.data, "movie-reviews", 1);
const reviews = stratifiedSplit(test, Number(flags.reviews) / test.length, 1).test.map(({ text }) => text);

for (const family of flags.families.split(",")) {
  const model = await trained(family);
  const folder = mkdtempSync(join(tmpdir(), "columnist-explain-"));
  try {
    await quality(family, model);
    await race(family, model, folder);
  } finally {
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
const isUsual =
  flags.rows === "3000" && flags["rows-full"] === "1000" && flags.reviews === "100" && flags.blocks === "3";
bench.close(isUsual && flags.families.split(",").length === 4 && flags.threads === "1,2");

type Model = Awaited<ReturnType<typeof trained>>;

async function trained(name: string) {
  const wanted = Number(name === "full" ? flags["rows-full"] : flags.rows);
  const some = stratifiedSplit(train, wanted / train.length, 1).test;
  const split = stratifiedSplit(some, 0.15, 2);
  const part = (rows: readonly LabelledRow[]) => ({
    texts: rows.map(({ text }) => text),
    targets: task.targets(
      rows.map(({ label }) => label),
      { labels },
    ),
  });
  const [training, validation] = [part(split.train), part(split.test)];
  const rows = { head: task.head({ labels }, training.targets), training, validation };
  const base =
    name === "full"
      ? ({ kind: "encoder", encoder: readEncoder(flags.model), source: { folder: flags.model } } as const)
      : undefined;
  const family = await task.families[name].load();
  const { model, validation: answers } = await family.train(rows, { seed: 1, threads: 2, base });
  const right = rows.head.figure.of(validation.targets, [...validation.texts.keys()], answers);
  bench.note(`${name}: ${(100 * right).toFixed(1)} % of its validation rows right`);
  return model;
}

function opened(model: Model, method: "integrated-gradients" | "occlusion", threads: number, steps?: number) {
  return openExplainer({ model, task, space: { labels }, labelColumn: "label" }, { method, threads, steps });
}

/** Comprehensiveness of both methods, whose interval is to be above that of random words. */
async function quality(name: string, model: Model): Promise<void> {
  for (const method of ["integrated-gradients", "occlusion"] as const) {
    const explainer = await opened(model, method, 2);
    const found = await explainer.explain(reviews);
    await explainer.close();
    const rows = found.map(({ text, words, read, target }) => ({
      ...{ text, words, read, target: { of: labels.indexOf(target) } },
      shares: Float64Array.from(words, ({ share }) => share),
    }));
    const trust = (await measureTrust(explainer.model, method, rows, 1))!;
    for (const figure of ["comprehensiveness", "sufficiency", "agreement"] as const) {
      const own = trust[figure];
      if (!own) continue;
      const ends =
        figure === "sufficiency"
          ? [own.randomInterval.low, own.interval.high]
          : [own.interval.low, own.randomInterval.high];
      bench.figure({
        name: `${name}: ${figure} of ${method}, the nearer ends of both intervals`,
        ours: figure === "sufficiency" ? ends[1] : ends[0],
        peer: figure === "sufficiency" ? ends[0] : ends[1],
        unit: "",
        measure: "difference",
        ...(figure === "comprehensiveness" && { atLeast: 0 }),
        details: { ...own },
      });
    }
    const gaps = found.map(({ gap = 0 }) => Math.abs(gap));
    if (method === "occlusion") continue;
    bench.figure({
      name: `${name}: share of the reviews whose shares add up within 1 %`,
      ours: (100 * gaps.filter((gap) => gap <= 0.01).length) / gaps.length,
      unit: "%",
      measure: "value",
      details: { points: found.map(({ steps }) => steps) },
    });
  }
}

async function race(name: string, model: Model, folder: string): Promise<void> {
  const network = model.network!();
  const { reading } = network;
  if (name === "full") {
    mkdirSync(join(folder, "encoder"));
    writeEncoder(join(folder, "encoder"), model.exported!.network);
  }
  writeSafetensors(
    join(folder, "weights.safetensors"),
    name === "full"
      ? new Map([...network.weights].filter(([parameter]) => parameter.startsWith("output/")))
      : network.weights,
  );
  const answers = await model.predict(reviews);
  const texts = reviews.map((text, row) => {
    const { ids, wordOf } = placeTokens(reading, text, wordsIn(text));
    const kept = [...ids.keys()].filter((at) => wordOf[at] < 0);
    return { ids: [...ids], label: answers[2 * row] >= answers[2 * row + 1] ? 0 : 1, kept, wordOf };
  });
  const sent = texts.map(({ wordOf, ...text }) => text);
  let first: string | undefined;
  for (const threads of flags.threads.split(",").map(Number)) {
    const baseline = reading.baseline ? ["--baseline", String(reading.baseline.id)] : [];
    const peer = await startPeer("captum_explain.py", [name, folder, "--threads", String(threads), ...baseline], {
      threads,
    });
    bench.addVersions(peer.hello.versions ?? {});
    const captum = () => peer.ask<{ ms: number; shares: number[][] }>("attribute", { texts: sent, steps: captumSteps });
    const own = async (steps?: number) => {
      const start = performance.now();
      const explainer = await opened(model, "integrated-gradients", threads, steps);
      const found = await explainer.explain(reviews);
      await explainer.close();
      return { ms: performance.now() - start, found };
    };
    const [ours, theirs] = [await own(captumSteps), await captum()];
    const off = texts.flatMap(({ wordOf }, row) => {
      const shares = new Float64Array(ours.found[row].words.length);
      for (const [at, word] of wordOf.entries()) if (word >= 0) shares[word] += theirs.shares[row][at];
      return ours.found[row].words.map(({ share }, word) => Math.abs(share - shares[word]));
    });
    if (first === undefined)
      bench.figure({
        name: `${name}: largest difference of a share from Captum's, ${captumSteps} points`,
        ours: Math.max(...off),
        unit: "",
        measure: "value",
        atMost: 1e-3,
      });
    const bits = JSON.stringify(ours.found);
    if (first !== undefined && bits !== first) throw new Error(`${name}: other bits on ${threads} threads`);
    first = bits;
    const times = await alternate(
      {
        own: async () => [(await own()).ms],
        same: async () => [(await own(captumSteps)).ms],
        captum: async () => [(await captum()).ms],
      },
      { blocks: Number(flags.blocks), steps: 1, warmup: 1 },
    );
    await peer.stop();
    const each = (ms: readonly number[]) => (1000 * reviews.length) / median(ms);
    const title = `${name}, ${threads} thread${threads > 1 ? "s" : ""}`;
    const common = { peer: each(times.captum), unit: "reviews/s", measure: "ratio", better: "higher" } as const;
    bench.figure({ ...common, name: `${title}: as each comes, ours to 1 %`, ours: each(times.own), atLeast: 1.5 });
    bench.figure({ ...common, name: `${title}: ${captumSteps} points on both sides`, ours: each(times.same) });
  }
}
