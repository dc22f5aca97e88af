// columnist generate on a real n-gram model and on a small network with weights of its own.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeFolder } from "../../src/folders/index.js";
import { type ModelFiles, writeModelFiles } from "../../src/folders/model-files.js";
import { initialLanguageParameters } from "../../src/networks/language/network-parameters.js";
import type { LanguageNetworkShape } from "../../src/networks/language/shape.js";
import { networkFiles, ngramFiles, trainNgram } from "../../src/tasks/language/index.js";
import { byteCharacters } from "../../src/text/tokenizers/byte-alphabet.js";
import { createByteLevelBpe, createCharacters } from "../../src/text/tokenizers/index.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-generate-"));
const at = (name: string) => join(folder, name);
after(() => rmSync(folder, { recursive: true, force: true }));

const specials = new Map([
  ["<|endoftext|>", 0],
  ["<|unknown|>", 1],
]);
const letters = [...'abcdefghijklmnopqrstuvwxyz .,0123456789{}":-'];
const characters = createCharacters({ tokens: [...specials.keys(), ...letters], specials, unknownId: 1 });
const bytes = createByteLevelBpe({
  tokens: ["<|endoftext|>", ...byteCharacters],
  merges: [],
  specials: new Map([["<|endoftext|>", 0]]),
});
const shape: LanguageNetworkShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 260,
  contextLength: 16,
  layers: 1,
  width: 8,
  heads: 2,
  keyValueHeads: 1,
  feedForwardSize: 16,
  feedForward: "gelu",
  norm: "rms",
  positions: "rotary",
  queryKeyNorm: false,
  useBias: false,
  dropout: 0,
};

async function write(name: string, family: string, vocabSize: number, files: ModelFiles): Promise<void> {
  const data = { source: "", trainingTexts: 1, validationTexts: 0, trainingTokens: 1, validationTokens: 0 };
  const facts = { family, vocabSize, parameters: 1, textColumns: [], options: { seed: 0 }, model: files.config };
  await writeFolder(at(name), "language-model", { ...facts, data: { ...data, fingerprint: "" } }, (aside) =>
    writeModelFiles(aside, files),
  );
}

before(async () => {
  const texts = [
    "the cat sat on the mat. the dog sat on the cat.",
    "a cat and a dog, and the mat. 42 cats and 7 dogs.",
  ];
  const ngrams = await trainNgram(
    texts.map((text) => characters.encode(text)),
    { order: 5, vocabSize: characters.vocabSize, endId: 0 },
  );
  await write("ngram", "ngram", characters.vocabSize, ngramFiles(ngrams, characters));
  const weights = new Map(initialLanguageParameters(shape, 1).map(({ name, shape, data }) => [name, { shape, data }]));
  await write("network", "transformer", shape.vocabSize, networkFiles(shape, weights, bytes));
  const masked: LanguageNetworkShape = { ...shape, objective: "masked" };
  await write("masked", "transformer", shape.vocabSize, networkFiles(masked, weights, bytes));
  const schema = { type: "object", properties: { cat: { type: "boolean" }, n: { type: "integer" } }, required: ["n"] };
  writeFileSync(at("schema.json"), JSON.stringify(schema));
});

function document(args: string[]) {
  const { code, stdout, stderr } = columnist(["generate", ...args, "--json"]);
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout), stderr };
}

test("generate: what is streamed is what the document has; the seed decides", () => {
  const args = ["generate", at("ngram"), "--prompt", "the ", "--max-tokens", "30", "--seed", "3"];
  const { code, stdout, stderr } = columnist(args);
  assert.equal(code, 0, stderr);
  const { samples, promptTokens } = document(args.slice(1));
  assert.equal(stdout, `${samples[0].text}\n`);
  assert.equal(promptTokens, 4);
  assert.equal(columnist(args).stdout, stdout);
  assert.notEqual(columnist([...args.slice(0, -1), "4"]).stdout, stdout);
});

test("generate: samples, beams, stop texts", () => {
  const { samples } = document([
    at("ngram"),
    "--samples",
    "3",
    "--max-tokens",
    "40",
    "--stop",
    "cat",
    "--stop",
    " dog",
  ]);
  assert.equal(samples.length, 3);
  for (const { text, finish } of samples) {
    assert.ok(!text.includes("cat") && !text.includes(" dog"), text);
    assert.ok(["end", "stop", "length"].includes(finish));
  }
  const greedy = document([at("ngram"), "--prompt", "the cat s", "--temperature", "0", "--max-tokens", "3"]);
  assert.equal(greedy.samples[0].text, "at ");
  const beams = document([at("ngram"), "--beams", "4", "--samples", "2", "--max-tokens", "20"]);
  assert.ok(beams.samples[0].score >= beams.samples[1].score);
  const two = columnist(["generate", at("ngram"), "--samples", "2", "--max-tokens", "5"]);
  assert.match(two.stdout, /^--- 1 of 2\n.*\n--- 2 of 2\n/);
});

test("generate: answers by pattern, choice and schema always hold", () => {
  for (const model of ["ngram", "network"])
    for (const seed of ["1", "2", "3"]) {
      const common = [at(model), "--seed", seed, "--temperature", "1.5"];
      const [byRegex] = document([...common, "--regex", "[0-9]{2,4} (cats|dogs)", "--max-tokens", "9"]).samples;
      assert.match(byRegex.text, /^[0-9]{2,4} (cats|dogs)$/);
      const [chosen] = document([...common, "--choices", "yes, no,perhaps"]).samples;
      assert.ok(["yes", "no", "perhaps"].includes(chosen.text));
      const [json] = document([...common, "--json-schema", at("schema.json"), "--max-tokens", "25"]).samples;
      assert.ok(Number.isInteger(JSON.parse(json.text).n), json.text);
    }
});

test("generate: a character is never cut in two, also where a model writes bytes", () => {
  const { code, stdout } = columnist(["generate", at("network"), "--regex", "(é|😀|日){6}", "--max-tokens", "30"]);
  assert.equal(code, 0);
  assert.match(stdout, /^(é|😀|日){6}\n$/u);
});

test("generate: a text longer than the context slides, said once; unknown characters are named", () => {
  const long = document([at("network"), "--prompt", "x".repeat(40), "--max-tokens", "30", "--regex", "[a-z]{30}"]);
  assert.equal(long.stderr.match(/has 40 tokens, but the context of the model is 16/g)?.length, 1);
  assert.equal(long.samples[0].text.length, 30);
  const growing = document([at("network"), "--max-tokens", "30", "--regex", "[a-z]{30}"]);
  assert.equal(growing.stderr.match(/the beginning of a longer text is not used/g)?.length, 1);
  const unknown = document([at("ngram"), "--prompt", "Ünd thé"]);
  assert.match(unknown.stderr, /not in the model's vocabulary \('Ü' 'é'\)/);
});

test("generate: bad input is refused in plain words with code 2", () => {
  for (const [args, message] of [
    [[at("none")], /no model folder/],
    [[at("masked")], /predicts masked tokens/],
    [[at("ngram"), "--regex", "(a"], /regular expression/],
    [[at("ngram"), "--regex", "[0-9]{50}", "--max-tokens", "20"], /takes 50 tokens, more than --max-tokens 20/],
    [[at("ngram"), "--regex", "Ä+"], /cannot be|lacks characters/],
    [[at("ngram"), "--regex", "a", "--choices", "a"], /--regex and --choices cannot be combined/],
    [[at("ngram"), "--choices", "a,,b"], /empty choice/],
    [[at("ngram"), "--json-schema", at("none.json")], /There is no file/],
    [[at("ngram"), "--beams", "2", "--temperature", "1"], /omit --temperature/],
    [[at("ngram"), "--beams", "2", "--samples", "3"], /more than --beams 2/],
    [[at("ngram"), "--regex", "a", "--stop", "b"], /omit one of them/],
    [[at("ngram"), "--top-p", "0"], /--top-p must be/],
    [[at("ngram"), "--max-tokens", "x"], /--max-tokens must be a whole number/],
  ] as const) {
    const { code, stderr } = columnist(["generate", ...args]);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, message);
  }
});
