import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../base/errors.js";
import { createRandom, type Random } from "../../base/random.js";
import { readGgufDecoder } from "../../networks/gguf/read-gguf-decoder.js";
import { readDecoder, writePackedDecoder } from "../../networks/hugging-face/index.js";
import { type NetworkWeights, roundWeights } from "../../networks/language/index.js";
import { openLanguageModel } from "./open-language-model.js";
import { pretrainedLanguageModel } from "./pretrained-model.js";

const scratch = mkdtempSync(join(tmpdir(), "columnist-damaged-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What happens to files: bytes change, are lost, are doubled, or a number becomes huge. */
const damages: ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => bytes.subarray(0, random.integer(bytes.length)),
  (bytes, random) => {
    bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[random.integer(Math.min(2000, bytes.length))] = random.integer(256);
    return bytes;
  },
  (bytes, random) => {
    bytes.fill(0xff, ...[random.integer(bytes.length)].flatMap((at) => [at, at + 1 + random.integer(8)]));
    return bytes;
  },
  (bytes, random) => {
    const at = random.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.integer(16))]);
  },
];

/** The scores of a few tokens, or the error that says what is wrong. */
async function outcome(path: string): Promise<"scored" | "refused"> {
  let model: Awaited<ReturnType<typeof openLanguageModel>>["model"] | undefined;
  try {
    ({ model } = await openLanguageModel(path, { threads: 1 }));
    const ids = model.tokenizer.encode("my card").subarray(0, 3);
    const [scores] = await model.logProbabilities([ids]);
    assert.equal(scores.length, ids.length);
    return "scored";
  } catch (error) {
    assert.ok(error instanceof UserError, `${path}: ${(error as Error).stack}`);
    return "refused";
  } finally {
    await model?.close();
  }
}

const packed = join(scratch, "made", "packed");
before(() => {
  const from = "test/golden/decoders/llama";
  mkdirSync(packed, { recursive: true });
  const { type, weights } = readDecoder(from);
  writePackedDecoder({ type, weights: roundWeights(weights as NetworkWeights, "int4") }, 4, from, packed);
});

for (const [name, from, count] of [
  ["a GGUF file", "test/golden/gguf/llama3.gguf", 60],
  ["files of Hugging Face's layout", "test/golden/decoders/qwen2", 60],
  ["files in 4 bits", packed, 40],
] as const)
  test(`damages of ${name} give an error that says so, or scores, never anything else`, async () => {
    const path = join(scratch, from.split("/").at(-1)!);
    const seen = { scored: 0, refused: 0 };
    for (let seed = 0; seed < count; seed++) {
      const random = createRandom(seed);
      rmSync(path, { recursive: true, force: true });
      cpSync(from, path, { recursive: true });
      const files = from.endsWith(".gguf") ? [path] : readdirSync(path).map((file) => join(path, file));
      const file = files[seed % files.length];
      writeFileSync(file, damages[random.integer(damages.length)](readFileSync(file), random));
      seen[await outcome(path)]++;
    }
    assert.ok(seen.refused > count / 5, JSON.stringify(seen));
  });

test("weights that are finite and make answers that are not", async () => {
  const model = readDecoder("test/golden/decoders/llama");
  const weights = new Map(model.weights);
  for (const [name, one] of weights)
    if ("data" in one && /norm/i.test(name)) weights.set(name, { ...one, data: one.data.map((value) => value * 1e38) });
  const { logProbabilities, openDecoder, close } = pretrainedLanguageModel({ ...model, weights }, { threads: 1 });
  const ids = Int32Array.of(1, 2, 3);
  await assert.rejects(logProbabilities([ids]), { name: "UserError", message: /as a log-probability: it is damaged/ });
  const decoder = await openDecoder!();
  await assert.rejects(decoder.start([ids]), { name: "UserError", message: /as a logit: it is damaged/ });
  await decoder.close();
  await close();
});

test("what stands in place of a GGUF file is named for what it is", {
  skip: process.platform === "win32",
}, async () => {
  symlinkSync("/dev/zero", join(scratch, "zero.gguf"));
  mkdirSync(join(scratch, "folder.gguf"));
  for (const [name, said] of [
    ["zero.gguf", /zero\.gguf' is a device, not a GGUF file/],
    ["folder.gguf", /folder\.gguf' is a folder, not a GGUF file/],
  ] as const)
    await assert.rejects(async () => readGgufDecoder(join(scratch, name)), { name: "UserError", message: said });
});
