// Models in 8 bits from outside: columnist quantize, and --precision of what takes an encoder; on tiny models.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decodeSafetensors, encodeSafetensors } from "../../src/formats/safetensors.js";
import {
  embedTable,
  exportModel,
  findTableDuplicates,
  generateText,
  indexTable,
  inspectModel,
  openModel,
  predictTable,
  quantizeModel,
  scoreRows,
  searchRows,
  trainModel,
} from "../../src/index.js";
import { columnist, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-quantize-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const [tiny, table] = [at("bert"), at("t.csv")];
cpSync("test/golden/encoders/bert", tiny, { recursive: true });
const words = ["my card is lost", "where is my money", "close the bank account", "pay the fee with card"];
writeFileSync(
  table,
  `body\n${Array.from({ length: 40 }, (_, i) => `${words[i % 4]} ${"abcdefghij"[i % 10]}`).join("\n")}\n`,
);
const text = ["body"];

before(async () => {
  await quantizeModel(tiny, { out: at("eight") });
  await quantizeModel("test/golden/encoders/modernbert", { out: at("modern") });
});

function refused(line: string, message: RegExp): void {
  const { code, stderr, stdout } = columnist(line.split(" "), undefined, { cwd: folder });
  assert.equal(code, 2, stdout + stderr);
  assert.match(stderr.replaceAll(/\s+/g, " "), message);
}

async function embedded(source: string, precision?: "float32" | "int8" | "auto") {
  const out = at("v.jsonl");
  const result = await embedTable(table, { text, with: source, precision, threads: 1, out });
  return { ...result, bytes: readFileSync(out, "utf8") };
}

test("an encoder: the folder in 8 bits gives what --precision int8 gives, and is smaller", async () => {
  const { stdout, code } = columnist(["quantize", tiny, "--out", at("told")]);
  assert.equal(code, 0);
  assert.match(
    stdout.replaceAll(/\s+/g, " "),
    /A bert encoder, 0\.0 M parameters, written to .* in 8 bits: [\d.]+ kB instead of [\d.]+ kB/,
  );
  const [float, eight, asked] = [await embedded(tiny), await embedded(at("eight")), await embedded(tiny, "int8")];
  assert.deepEqual([float.precision, eight.precision, asked.precision], ["float32", "int8", "int8"]);
  assert.equal(eight.bytes, asked.bytes);
  assert.notEqual(eight.bytes, float.bytes);
  assert.equal(asked.encoder, `the bert encoder ${tiny} in 8 bits`);
  const size = (place: string) => statSync(join(place, "model.safetensors")).size;
  assert.ok(size(at("eight")) < 0.55 * size(tiny), `${size(at("eight"))} of ${size(tiny)}`);
  const described = await inspectModel(at("eight"));
  assert.ok(described.kind === "pretrained-encoder" && described.bits === 8 && described.dim === 16);
  assert.match(columnist(["inspect", at("eight")]).stdout, /bert encoder[\s\S]*Weights +8 bits/);
  assert.match(columnist(["inspect", tiny]).stdout, /Weights +32 bits/);
  const served = await openModel(at("modern"));
  assert.equal((await served.answer(["pay the fee"])).length, 1);
  await served.close();
});

test("auto compares on the user's rows, and says what it took", async () => {
  const auto = await embedded(tiny, "auto");
  assert.match(auto.encoder, /in 8 bits \(mean cosine of 40 rows with float32: 0\.9\d+\)/);
  assert.equal(auto.precision, "int8");
  assert.equal(auto.bytes, (await embedded(tiny, "int8")).bytes);
  assert.equal((await embedded(at("eight"), "auto")).precision, "int8");
  const far = at("far");
  cpSync("test/golden/encoders/modernbert", far, { recursive: true });
  const path = join(far, "model.safetensors");
  const { tensors } = decodeSafetensors(readFileSync(path));
  for (const [name, { shape, data }] of tensors) {
    // One number of what the products read is far larger than the others, and counts for nothing: 8 bits lose the rest.
    if (/(attn|mlp)_norm/.test(name)) (data as Float32Array)[3] *= 1e4;
    if (/(Wqkv|Wi)\./.test(name)) for (let i = 3; i < data.length; i += shape[1]) data[i] = 0;
  }
  writeFileSync(path, encodeSafetensors(tensors));
  const unlike = await embedded(far, "auto");
  assert.equal(unlike.precision, "float32", unlike.encoder);
  assert.match(unlike.encoder, /in float32 \(in 8 bits the mean cosine of 40 rows with float32: 0\.\d+\)/);
  assert.equal(unlike.bytes, (await embedded(far)).bytes);
});

test("an index searches with what it was made with", async () => {
  const out = at("index");
  await indexTable(table, { text, with: tiny, precision: "int8", out });
  const size = (place: string) => statSync(join(place, "model.safetensors")).size;
  assert.equal(size(join(out, "encoder")), size(at("eight")));
  const question = `${words[0]} a`;
  const { matches, encoder } = await searchRows(out, question, { top: 1 });
  assert.match(encoder, /in 8 bits/);
  assert.ok(matches[0].similarity > 0.999 && matches[0].text === question);
  const direct = await searchRows(table, question, { text, with: tiny, precision: "int8", top: 1 });
  assert.ok(Math.abs(direct.matches[0].similarity - matches[0].similarity) < 1e-6);
  refused(`search index money --precision float32`, /was built in int8.*--precision/s);
  await indexTable(table, { text, with: tiny, out: at("plain") });
  refused(`search plain money --precision int8`, /was built in float32/);
  const found = await findTableDuplicates(table, { text, with: tiny, precision: "int8", meaning: 0.99 });
  assert.equal(found.rows, 40);
});

for (const family of ["full", "lora", "vectors"] as const)
  test(`a text model (${family}): smaller, of the same kind, read by what reads the other`, async () => {
    const [data, made, eight] = [at(`${family}.csv`), at(family), at(`${family}-8`)];
    writeCsv(data, reviews(120, 1));
    const columns = { text: ["title", "body"], label: "mood", base: tiny };
    const tune = family === "vectors" ? {} : { epochs: 1 };
    await trainModel(data, { ...columns, model: family, ...tune, threads: 2, out: made } as Parameters<
      typeof trainModel
    >[1]);
    const { bytes, description } = await quantizeModel(made, { out: eight });
    assert.equal(description, `a text model (${family})`);
    // Low-rank updates alone are smaller still; the whole model is what is in 8 bits.
    if (family !== "lora") assert.ok(bytes.after < 0.9 * bytes.before, `${bytes.after} of ${bytes.before}`);
    const inspected = await inspectModel(eight);
    assert.ok(inspected.kind === "text-model" && inspected.facts.quantized?.bits === 8);
    const models = await Promise.all([made, eight].map((model) => openModel<{ probability: number }>(model)));
    const asked = Array.from({ length: 12 }, (_, i) => `${words[i % 4]} ${i}`);
    const [plain, own] = await Promise.all(models.map((model) => model.encode!(asked)));
    for (const [i, vector] of own.entries()) {
      const [cosine, other] = [plain[i], plain[(i + 1) % plain.length]].map((one) => cosineOf(vector, one));
      assert.ok(cosine > 0.98 && cosine < 1 - 1e-9 && cosine > other, `${i}: ${cosine} ${other}`);
    }
    await Promise.all(models.map((model) => model.close()));
    const results = await Promise.all(
      [1, 2].map(async (threads) => {
        const out = at(`${family}-${threads}.csv`);
        assert.equal((await predictTable(eight, data, { threads, out })).rows, 120);
        return readFileSync(out, "utf8");
      }),
    );
    assert.equal(results[0], results[1]);
    assert.match(columnist(["inspect", eight]).stdout, /Weights +8 bits/);
    await assert.rejects(quantizeModel(eight, { out: at("twice") }), /in 8 bits already/);
    const unexported =
      family === "vectors"
        ? /of the family vectors, which transformers have no class for/
        : /has its weights in 8 bits, a form of this program's own.*export the model that it was made from/;
    await assert.rejects(exportModel(eight, { out: at("twice") }), { name: "UserError", message: unexported });
    assert.ok(!existsSync(at("twice")));
    await assert.rejects(quantizeModel(made, { out: made }), /is an input/);
    if (family === "full") await quantizeModel(made, { out: eight });
  });

function cosineOf(a: Float32Array, b: Float32Array): number {
  const product = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

test("a decoder: the folder in 4 bits writes and scores what --precision int4 does", async () => {
  const source = join(process.cwd(), "test/golden/decoders/qwen2");
  const { stdout, code } = columnist(["quantize", source, "--bits", "4", "--out", at("packed")]);
  assert.equal(code, 0);
  assert.match(
    stdout.replaceAll(/\s+/g, " "),
    /A qwen2 decoder, 0\.0 M parameters, written to .* in 4 bits: [\d.]+ kB/,
  );
  const answers = async (name: string, precision?: "int4" | "float32") => {
    const { samples } = await generateText(name, { prompt: "my card", maxTokens: 12, temperature: 0, precision });
    await scoreRows(name, table, { text, precision, out: at("scored.jsonl") });
    return [samples, readFileSync(at("scored.jsonl"), "utf8")];
  };
  assert.deepEqual(await answers(at("packed")), await answers(source, "int4"));
  assert.notDeepEqual(await answers(at("packed"), "float32"), await answers(source));
  refused("quantize packed --out more", /few bits already/);
  refused("quantize bert --out packed --overwrite", /no encoder in 8 bits/);
  await quantizeModel(source, { out: at("packed"), bits: 8, overwrite: true });
  assert.deepEqual(readFileSync(at("packed/tokenizer.json")), readFileSync(join(source, "tokenizer.json")));
});

test("what bad input gets", async () => {
  mkdirSync(at("taken"));
  writeFileSync(at("taken/letter.txt"), "Dear Ada");
  refused(`quantize bert --out taken`, /'taken' is not empty and no encoder in 8 bits/);
  refused(`quantize bert --out eight`, /contains an encoder in 8 bits.*--overwrite/s);
  writeFileSync(at("eight/letter.txt"), "Dear Ada");
  for (const old of ["eight/12_Dense", "eight/1_Notes"]) mkdirSync(at(old));
  await quantizeModel(tiny, { out: at("eight"), overwrite: true });
  assert.equal(readFileSync(at("eight/letter.txt"), "utf8"), "Dear Ada");
  assert.deepEqual([existsSync(at("eight/12_Dense")), existsSync(at("eight/1_Notes"))], [false, true]);
  refused(`quantize bert --out four --bits 4`, /can be written in 8 bits, not in 4\. Change --bits/);
  refused(`quantize eight --out more`, /in 8 bits already/);
  refused(
    `quantize ${join(process.cwd(), "test/golden/gguf/llama3.gguf")} --out d`,
    /cannot be written in fewer bits.*llama-quantize/,
  );
  refused(`quantize nowhere --out d`, /There is no folder 'nowhere'/);
  const embed = "embed t.csv --text body --out never.csv";
  refused(`${embed} --precision int8`, /--precision int8 is for pretrained encoders.*words are learned/s);
  writeFileSync(at("glove.txt"), "card 1 2\nmoney 3 4\n");
  refused(`${embed} --with glove.txt --precision int8`, /'glove\.txt' is none/);
  refused(`${embed} --with full --precision int8`, /'full' is a trained model.*columnist quantize/s);
  refused(`${embed} --with eight --precision float32`, /weights in 8 bits.*Omit --precision/s);
  refused(`${embed} --with bert --precision int4`, /--precision must be one of float32, int8, auto, not 'int4'/);
  const decoder = join(process.cwd(), "test/golden/decoders/llama");
  refused(`${embed} --with ${decoder} --precision int8`, /an encoder is needed/);
  refused(
    `train full.csv --text title --label mood --base eight --out never`,
    /weights in 8 bits, from which nothing can be trained on/,
  );
  writeCsv(at("plain.csv"), reviews(80, 3));
  await trainModel(at("plain.csv"), { text: ["body"], label: "mood", model: "linear", out: at("linear") });
  refused(`quantize linear --out never`, /family linear, which gains nothing/);
  assert.ok(!existsSync(at("never")) && !existsSync(at("never.csv")));
});
