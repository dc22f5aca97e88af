// A folder of every kind, how it is made, and what it answers: what its damage is measured by.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  createWordVectors,
  openWordRows,
  readVectorsFolder,
  readWordVectors,
  similarWords,
  writeVectorsBinary,
  writeVectorsFolder,
  writeVectorsText,
} from "../../src/embeddings/index.js";
import { openFolder, writeFolder } from "../../src/folders/index.js";
import { dense, input, loadModel, sequential } from "../../src/index.js";
import { createHnswWriter } from "../../src/neighbours/index.js";
import { readStaticVectors } from "../../src/networks/hugging-face/index.js";
import { openTextModel } from "../../src/tasks/index.js";
import { openLanguageEncoder } from "../../src/tasks/language/encoder.js";
import { readLanguageModel } from "../../src/tasks/language/index.js";
import { withOutOfFold } from "../../src/tasks/out-of-fold.js";
import { readRowParts } from "../../src/tasks/row-parts.js";
import { indexTable } from "../../src/workflows/index/run.js";
import { inspectModel } from "../../src/workflows/inspect/run.js";
import { pretrain } from "../../src/workflows/pretrain/run.js";
import { quantizeModel } from "../../src/workflows/quantize/run.js";
import { searchRows } from "../../src/workflows/search/run.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { reviews, writeCsv } from "../cli/columnist.js";

export interface Subject {
  make(place: string): Promise<void>;
  /** Plain data, which holds every number that is answered. */
  answer(folder: string, place: string): Promise<unknown>;
  /** Its files carry no checksums of Columnist: damage may give another answer, but none that is no answer. */
  isForeign?: boolean;
  /** Cases cost a training. */
  isDear?: boolean;
}

const threads = 1;
const texts = ["The film was great, and I said so", "dull", "", "☃ unheard-of"];
const table = (place: string) => join(place, "reviews.csv");
const amounts = (place: string) => join(place, "amounts.csv");

export function makeTables(place: string): void {
  const rows = reviews(90);
  writeCsv(table(place), rows);
  const lines = rows.map(
    ({ body, mood }, i) => `"${body.replaceAll('"', "")}",${mood},${mood === "good" ? 4.5 : 1.25},${mood};day${i % 2}`,
  );
  writeFileSync(amounts(place), `${["body,mood,stars,tags", ...lines].join("\n")}\n`);
}

type TrainSettings = Partial<Parameters<typeof trainModel>[1]>;

const textModel = (name: string, settings: TrainSettings, base?: string): Subject => ({
  async make(place) {
    const out = join(place, name);
    const own = {
      text: ["body"],
      label: "mood",
      epochs: 1,
      threads,
      ...settings,
      ...(base && { base: join(place, base) }),
    };
    await trainModel(amounts(place), { ...own, out });
  },
  async answer(folder) {
    const { model, task, space } = await openTextModel(folder, { threads });
    try {
      const answers = await model.predict(texts);
      const vectors = await model.encoder?.encode(texts);
      await inspectModel(folder);
      const learned = reviews(90).map(({ body }) => body);
      const kept = settings.folds ? await withOutOfFold({ task, model }, folder).model.predict(learned) : [];
      return [
        [...kept],
        Object.values(readRowParts(folder)?.rows ?? {}),
        task.answers(answers, space),
        task.values(answers, space, true).map((one) => Array.from<unknown>(one)),
        [...(vectors ?? [])],
      ];
    } finally {
      await model.close();
    }
  },
});

const small = { layers: 1, hidden: 16, heads: 2, context: 16, batchTokens: 64, steps: 3, threads };

const languageModel = (name: string, settings: Partial<Parameters<typeof pretrain>[1]>): Subject => ({
  async make(place) {
    const own = { text: ["body"], tokenizer: "char" as const, ...small, ...settings };
    await pretrain(table(place), { ...own, out: join(place, name) });
  },
  async answer(folder) {
    const { model } = await readLanguageModel(folder, { threads });
    const numbers: number[] = [];
    try {
      const ids = texts.map((text) => model.tokenizer.encode(text));
      for (const one of await model.logProbabilities(ids)) numbers.push(...one);
      const decoder = await model.openDecoder!();
      numbers.push(...(await decoder.start([ids[0]])), ...(await decoder.step(ids[0].slice(0, 1))));
      await decoder.close();
      await inspectModel(folder);
    } finally {
      await model.close();
    }
    if (name === "lm-ngram") return numbers.map((value) => Math.max(value, -1e300));
    const encoder = await openLanguageEncoder(folder, threads);
    numbers.push(...(await encoder.encode(texts)));
    await encoder.close();
    return numbers;
  },
});

const vectorsFile = (
  name: string,
  write: (path: string, vectors: Awaited<ReturnType<typeof readVectorsFolder>>["vectors"]) => Promise<unknown>,
): Subject => ({
  isForeign: true,
  async make(place) {
    mkdirSync(join(place, name));
    const { vectors } = await readVectorsFolder(join(place, "vectors"));
    await write(join(place, name, name), vectors);
  },
  async answer(folder) {
    const vectors = await readWordVectors(join(folder, name));
    return [vectors.dim, vectors.words.length, ...vectors.vectors];
  },
});

/** Of others, in a folder. */
const staticVectors: Subject = {
  isForeign: true,
  async make(place) {
    cpSync("test/golden/static/model2vec", join(place, "static"), { recursive: true });
  },
  async answer(folder) {
    const vectors = await readStaticVectors(folder);
    return [vectors.dim, texts.map((text) => [...vectors.tokens!.encode(text)]), ...vectors.vectors];
  },
};

const search = async (folder: string) => {
  const { matches } = await searchRows(folder, "great film", { threads });
  return matches.map(({ row, text, similarity }) => [row, text, similarity]);
};

/** An unfinished run goes on to its end; what it comes to is the answer. */
const trainingRun: Subject = {
  isDear: true,
  async make(place) {
    const onProgress = copyOnce(place, "training-run", ({ stage = "", done }) => stage.endsWith("cnn") && done === 2);
    const settings = { text: ["body"], label: "mood", model: "cnn" as const, epochs: 2, threads };
    await trainModel(table(place), { ...settings, out: join(place, "training-run-whole") }, { onProgress });
  },
  async answer(folder, place) {
    const settings = { text: ["body"], label: "mood", model: "cnn" as const, epochs: 2, threads };
    await trainModel(table(place), { ...settings, out: folder, resume: true });
    const { model } = await openTextModel(folder, { threads });
    const answers = await model.predict(texts);
    await model.close();
    return [...answers];
  },
};

const pretrainingRun: Subject = {
  isDear: true,
  async make(place) {
    const onProgress = copyOnce(place, "pretraining-run", ({ stage, done }) => stage === "training" && done === 4);
    const settings = { text: ["body"], tokenizer: "char" as const, ...small, steps: 6 };
    await pretrain(table(place), { ...settings, out: join(place, "pretraining-run-whole") }, { onProgress });
  },
  async answer(folder, place) {
    const settings = { text: ["body"], tokenizer: "char" as const, ...small, steps: 6 };
    await pretrain(table(place), { ...settings, out: folder, resume: true });
    const { model } = await readLanguageModel(folder, { threads });
    const scored = await model.logProbabilities(texts.map((text) => model.tokenizer.encode(text)));
    await model.close();
    return scored.map((one) => [...one]);
  },
};

/** Copies the unfinished run when it is time. */
function copyOnce(place: string, name: string, isTime: (progress: { stage?: string; done: number }) => boolean) {
  let isKept = false;
  return (progress: { stage?: string; done: number }) => {
    if (isKept || !isTime(progress)) return;
    isKept = true;
    cpSync(join(place, `${name}-whole/run`), join(place, name, "run"), { recursive: true });
    rmSync(join(place, name, "run/lock"), { force: true, recursive: true });
  };
}

export const subjects: Record<string, Subject> = {
  "lm-transformer": languageModel("lm-transformer", {}),
  "lm-lstm": languageModel("lm-lstm", { model: "lstm" }),
  "lm-ngram": languageModel("lm-ngram", { model: "ngram" }),
  "class-linear": textModel("class-linear", { model: "linear", folds: 2 }),
  "class-cnn": textModel("class-cnn", { model: "cnn" }),
  "class-lstm": textModel("class-lstm", { model: "lstm" }),
  "class-transformer": textModel("class-transformer", { model: "transformer" }),
  "class-pretrained": textModel("class-pretrained", { model: "pretrained" }, "lm-transformer"),
  "sets-linear": textModel("sets-linear", { label: "tags", task: "multilabel", model: "linear" }),
  "sets-lstm": textModel("sets-lstm", { label: "tags", task: "multilabel", model: "lstm" }),
  "numbers-linear": textModel("numbers-linear", { label: "stars", task: "regression", model: "linear" }),
  "numbers-cnn": textModel("numbers-cnn", { label: "stars", task: "regression", model: "cnn" }),
  "numbers-pretrained": textModel(
    "numbers-pretrained",
    { label: "stars", task: "regression", model: "pretrained" },
    "lm-lstm",
  ),
  vectors: {
    async make(place) {
      const words = ["great", "film", "dull", "plot", "said"];
      const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i + 1));
      const ngrams = { minLength: 2, maxLength: 3, buckets: 40, vectors: numbers(160) };
      const vectors = createWordVectors({ words, dim: 4, vectors: numbers(20), ngrams });
      const data = { source: "none", texts: 1, tokens: 5 };
      await writeVectorsFolder(join(place, "vectors"), vectors, { method: "none", lowercase: true, options: {}, data });
    },
    async answer(folder) {
      const { vectors } = await readVectorsFolder(folder);
      const rows = await openWordRows(folder);
      const lazily = [...(rows.vectorOf("film") ?? []), ...(rows.vectorOf("fil") ?? [])];
      rows.close();
      await inspectModel(folder);
      return [lazily, similarWords(vectors, ["film"], { top: 3 }).map(({ similarity }) => similarity)];
    },
  },
  "vectors.txt": vectorsFile("vectors.txt", (path, vectors) => writeVectorsText(path, vectors, "word2vec")),
  "vectors.vec": vectorsFile("vectors.vec", (path, vectors) => writeVectorsText(path, vectors, "glove")),
  "vectors.bin": vectorsFile("vectors.bin", writeVectorsBinary),
  "index-words": {
    make: async (place) => {
      await indexTable(table(place), { text: ["body"], threads, out: join(place, "index-words") });
    },
    answer: search,
  },
  "index-model": {
    make: async (place) => {
      const own = { text: ["body"], with: join(place, "class-cnn"), threads };
      await indexTable(table(place), { ...own, out: join(place, "index-model") });
    },
    answer: search,
  },
  "index-hnsw": {
    make: (place) => withShards(join(place, "index-words"), join(place, "index-hnsw")),
    answer: search,
  },
  layers: {
    async make(place) {
      await sequential([input({ shape: [3] }), dense({ units: 4, activation: "relu" }), dense({ units: 1 })]).save(
        join(place, "layers"),
      );
    },
    async answer(folder) {
      const model = await loadModel(folder);
      const { data } = await model.predict([[1, 2, 3]]);
      return [...data];
    },
  },
  "training-run": trainingRun,
  "pretraining-run": pretrainingRun,
  "class-eight-bits": {
    ...textModel("class-eight-bits", {}),
    async make(place) {
      const base = { model: "full" as const, base: resolve("test/golden/encoders/bert") };
      const whole = { ...base, text: ["body"], label: "mood", epochs: 1, threads, out: join(place, "class-whole") };
      await trainModel(amounts(place), whole);
      await quantizeModel(whole.out, { out: join(place, "class-eight-bits") });
    },
  },
  static: staticVectors,
};

/** The same index as a larger table has it: with files of an approximate one. */
async function withShards(exact: string, out: string): Promise<void> {
  const { facts } = openFolder(exact, "row-index");
  const { rows, dim } = facts;
  let shards: number[] = [];
  await writeFolder(
    out,
    "row-index",
    () => ({ ...facts, shards }),
    async (folder) => {
      cpSync(exact, folder, { recursive: true });
      rmSync(join(folder, "columnist.json"));
      const writer = createHnswWriter(folder, { dim, threads, rowsPerShard: 64 });
      await writer.add(Float32Array.from({ length: rows * dim }, (_, i) => Math.sin(i)));
      shards = await writer.finish();
      await writer.close();
    },
  );
}

/** Whether every number in plain data is one. */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isWellFormed);
  if (typeof value === "object" && value !== null) return Object.values(value).every(isWellFormed);
  return true;
}
