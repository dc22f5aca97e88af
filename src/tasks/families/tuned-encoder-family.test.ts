import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { encoderTable } from "../../networks/encoders/index.js";
import { readEncoder } from "../../networks/hugging-face/index.js";
import { classForm, classHead } from "../classify/head.js";
import type { Base } from "./base.js";
import type { TrainingRows } from "./family.js";
import { tunedEncoderFamily } from "./tuned-encoder-family.js";

const place = mkdtempSync(join(tmpdir(), "columnist-tuned-"));
after(() => rmSync(place, { recursive: true, force: true }));
const folder = join(place, "base");
cpSync("test/golden/encoders/bert", folder, { recursive: true });
const encoder = readEncoder(folder);
const base: Base = { kind: "encoder", encoder, source: { folder } };

const texts = (rows: number) => Array.from({ length: rows }, (_, i) => `my card ${i % 2 ? "pay" : "lost"} where ${i}`);
const targets = (rows: number) => ({ width: 1, values: Int32Array.from({ length: rows }, (_, i) => i % 2) });
const rows: TrainingRows = {
  head: classHead(2, targets(60)),
  training: { texts: texts(60), targets: targets(60) },
  validation: { texts: texts(20), targets: targets(20) },
};
const options = { base, seed: 3, threads: 1, epochs: 2 };
const asked = ["my card pay", "", "café 東京", "lost ".repeat(200)];

test("low-rank updates: the folder keeps them alone, and finds their base again or says why not", async () => {
  const family = tunedEncoderFamily("lora", classForm);
  const { model } = await family.train(rows, options);
  const { config, tensors, onnx, tokenizer } = await model.files();
  const answers = await model.predict(asked);
  await model.close();
  assert.deepEqual([onnx, tokenizer], [undefined, undefined]);
  // Rank 8 beside two blocks (16 wide, 24 between), and two classes.
  const learnt = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  assert.equal(learnt, 2 * 8 * (4 * (16 + 16) + 2 * (16 + 24)) + 2 * 16 + 2);
  const files = { config: JSON.parse(JSON.stringify(config)), tensors };
  const open = () => family.load(files, { threads: 1 });
  const again = await open();
  assert.deepEqual(await again.predict(asked), answers);
  assert.deepEqual((await again.files()).tensors.size, tensors.size);
  await again.close();

  renameSync(folder, `${folder}-away`);
  await assert.rejects(open(), {
    name: "UserError",
    message: /an update of the encoder in '.*base', which is not there/,
  });
  renameSync(`${folder}-away`, folder);
  const path = join(folder, "model.safetensors");
  const whole = readFileSync(path);
  const other = Buffer.from(whole);
  // The pooler stands last, and is not read.
  other[Math.floor(other.length / 2)] ^= 1;
  writeFileSync(path, other);
  await assert.rejects(open(), { name: "UserError", message: /another one is there now/ });
  writeFileSync(path, whole);
  const reference = (update: object) => ({
    ...files,
    config: { ...files.config, update: { ...files.config.update, ...update } },
  });
  for (const wrong of [
    { folder: "//host/share" },
    { id: "../x", revision: "a".repeat(40) },
    { id: "a/b", revision: "main" },
  ])
    await assert.rejects(
      family.load(reference({ base: { ...wrong, sha256: "" } }), { threads: 1 }),
      /no valid fine-tuned encoder/,
    );
  const absent = { id: "org/absent", revision: "a".repeat(40), sha256: "" };
  await assert.rejects(family.load(reference({ base: absent }), { threads: 1 }), {
    name: "UserError",
    message: /an update of the encoder org\/absent@a+\. .*pull/s,
  });
});

test("low-rank updates: merged, the folder needs no base", async () => {
  const family = tunedEncoderFamily("lora", classForm);
  const [alone, merged] = [await family.train(rows, options), await family.train(rows, { ...options, merge: true })];
  const files = await merged.model.files();
  const answers = await alone.model.predict(asked);
  assert.deepEqual(await merged.model.predict(asked), answers);
  renameSync(folder, `${folder}-away`);
  const again = await family.load({ ...files, config: JSON.parse(JSON.stringify(files.config)) }, { threads: 1 });
  renameSync(`${folder}-away`, folder);
  assert.deepEqual(await again.predict(asked), answers);
  assert.equal(await again.encoder!.dim, 16);
  assert.equal((await again.encoder!.encode(asked)).length, asked.length * 16);
  await Promise.all([alone.model.close(), merged.model.close(), again.close()]);
});

test("only the vectors of tokens that occur move", async () => {
  const { model } = await tunedEncoderFamily("full", classForm).train(rows, options);
  const { tensors } = await model.files();
  await model.close();
  const [before, later] = [encoder.weights.get(encoderTable)!, tensors.get(encoderTable)!.data];
  const read = new Set(
    [...rows.training.texts, ...rows.validation.texts].flatMap((text) => [...encoder.tokenizer.encode(text, 40)]),
  );
  const width = before.shape[1];
  for (let row = 0; row < before.shape[0]; row++) {
    const moved = before.data
      .subarray(row * width, (row + 1) * width)
      .some((value, i) => value !== later[row * width + i]);
    assert.equal(moved, read.has(row), `token ${row}`);
  }
});
