// What the checksums cost: folders of about 500 MB are opened with them and without, in turns. Without, as before there were
// any: every file is read.
//   npm run bench:open-folder -- [--rounds 9]
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { createWordVectors, readVectorsFolder, writeVectorsFolder } from "../src/embeddings/index.js";
import { readVectors } from "../src/embeddings/vectors-folder.js";
import { type Folder, openFolder, writeFolder } from "../src/folders/index.js";
import { readModelFiles, writeModelFiles } from "../src/folders/model-files.js";
import { initialLanguageParameters } from "../src/networks/language/network-parameters.js";
import type { LanguageNetworkShape } from "../src/networks/language/shape.js";
import { languageModelFamilies, networkFiles, readLanguageModel } from "../src/tasks/language/index.js";
import { byteCharacters } from "../src/text/tokenizers/byte-alphabet.js";
import { createByteLevelBpe, loadTokenizer } from "../src/text/tokenizers/index.js";
import { median, openBench } from "./harness.js";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const bench = openBench("open-folder");
const place = mkdtempSync(join(tmpdir(), "columnist-open-folder-"));
try {
  const vectors = join(place, "vectors");
  await writeWords(vectors);
  await compare(
    "word vectors",
    vectors,
    () => readVectorsFolder(vectors),
    async () => readVectors(openFolder(vectors, "word-vectors")),
  );
  const lm = join(place, "lm");
  await writeLanguageModel(lm);
  const threads = 2;
  await compare(
    "language model",
    lm,
    async () => (await readLanguageModel(lm, { threads })).model.close(),
    async () => {
      const files = readModelFiles(openFolder(lm, "language-model"));
      readFileSync(join(lm, "model.onnx"));
      const family = await languageModelFamilies.transformer.load();
      await (await family.load(files, loadTokenizer(files.tokenizer!), { threads })).close();
    },
  );
} finally {
  rmSync(place, { recursive: true, force: true });
}
bench.note(`load average at the end: ${loadavg()[0].toFixed(1)}`);
bench.close(Number(flags.rounds) >= 9);

async function compare(name: string, path: string, checked: () => unknown, plain: () => unknown): Promise<void> {
  const { files } = (openFolder(path, "word-vectors", "language-model") as Folder).facts;
  const bytes = Object.keys(files).reduce((sum, file) => sum + statSync(join(path, file)).size, 0);
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= Number(flags.rounds); round++)
    for (const side of round % 2 ? [0, 1] : [1, 0]) {
      const started = performance.now();
      await [checked, plain][side]();
      // The first round warms up.
      if (round > 0) times[side].push((performance.now() - started) / 1000);
    }
  const [ours, peer] = times.map(median);
  const ratios = times[0].map((time, round) => time / times[1][round]);
  bench.figure({
    name: `${name}, ${Math.round(bytes / 1e6)} MB: opening with checksums / without`,
    ours: median(ratios),
    unit: "times",
    measure: "value",
    atMost: 1.15,
    details: { checked: ours, unchecked: peer, ratios },
  });
}

/** 400,000 words of 300 numbers. */
async function writeWords(path: string): Promise<void> {
  const [count, dim] = [400_000, 300];
  const vectors = Float32Array.from({ length: count * dim }, (_, i) => Math.sin(i));
  const words = Array.from({ length: count }, (_, i) => `word${i.toString(36)}`);
  const data = { source: "made for this bench", texts: 1, tokens: 1 };
  const facts = { method: "none", lowercase: true, options: {}, data };
  await writeVectorsFolder(path, createWordVectors({ words, dim, vectors }), facts);
}

/** 62 million parameters, as weights and as ONNX. */
async function writeLanguageModel(path: string): Promise<void> {
  const random = createRandom(1);
  const specials = new Map([["<|endoftext|>", 0]]);
  const tokenizer = createByteLevelBpe({ tokens: ["<|endoftext|>", ...byteCharacters], merges: [], specials });
  const shape: LanguageNetworkShape = {
    family: "transformer",
    objective: "next-token",
    vocabSize: 48_000,
    contextLength: 512,
    layers: 12,
    width: 512,
    heads: 8,
    keyValueHeads: 8,
    feedForwardSize: 2048,
    feedForward: "squaredRelu",
    norm: "rms",
    positions: "rotary",
    queryKeyNorm: true,
    useBias: false,
    dropout: 0,
  };
  const weights = new Map(
    initialLanguageParameters(shape, random.integer(1000)).map(({ name, shape: size, data }) => [
      name,
      { shape: size, data },
    ]),
  );
  const files = networkFiles(shape, weights, tokenizer);
  const data = { source: "made", trainingTexts: 1, validationTexts: 1, trainingTokens: 1, validationTokens: 1 };
  const facts = { family: "transformer", parameters: 1, textColumns: [], vocabSize: shape.vocabSize };
  await writeFolder(
    path,
    "language-model",
    { ...facts, options: { seed: 1 }, data: { ...data, fingerprint: "" }, model: files.config },
    (folder) => writeModelFiles(folder, files),
  );
}
