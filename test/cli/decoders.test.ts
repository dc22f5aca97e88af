// Commands with decoders that others have trained, tiny ones with random weights: folders, GGUF files, ids in a cache.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { columnist, shell } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-decoders-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const golden = (name: string) => join("test/golden", name);
const greedy = ["--temperature", "0", "--max-tokens", "6"];
const table = at("rows.csv");
writeFileSync(table, 'text\n"my card is lost"\n"how much money"\n"close the account please"\n');

test("generate continues a text, the same from a folder and a GGUF file", () => {
  const made = ["decoders/llama", "gguf/llama.gguf"].map((name) =>
    columnist(["generate", golden(name), "--prompt", "my card is", ...greedy, "--json"]),
  );
  const [first, second] = made.map(({ code, stdout, stderr }) => {
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  });
  assert.equal(first.isAnswer, false);
  assert.equal(first.samples[0].tokens, 6);
  assert.deepEqual(first.samples, second.samples);
});

test("generate answers where the model has a chat template, and continues with --raw", () => {
  const run = (...more: string[]) =>
    columnist(["generate", golden("gguf/qwen3.gguf"), "--prompt", "how much?", ...greedy, "--json", ...more]);
  const [answer, told, raw] = [run(), run("--system", "Be brief."), run("--raw")].map(({ stdout }) =>
    JSON.parse(stdout),
  );
  assert.deepEqual([answer.isAnswer, told.isAnswer, raw.isAnswer], [true, true, false]);
  assert.ok(raw.promptTokens < answer.promptTokens && answer.promptTokens < told.promptTokens);
  const wrong = run("--raw", "--system", "Be brief.");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--raw continues the prompt as it is/);
  const without = columnist(["generate", golden("decoders/gpt2"), "--prompt", "a", "--system", "Be brief."]);
  assert.equal(without.code, 2);
  assert.match(without.stderr, /has no chat template.*Omit --system/s);
});

test("perplexity, score, evaluate and predict take them", () => {
  const perplexity = columnist(["perplexity", golden("decoders/gpt2"), table, "--text", "text", "--json"]);
  assert.equal(perplexity.code, 0, perplexity.stderr);
  assert.equal(JSON.parse(perplexity.stdout).texts, 3);
  const scored = columnist(["score", golden("decoders/qwen2"), table, "--text", "text", "--out", at("scored.csv")]);
  assert.equal(scored.code, 0, scored.stderr);
  assert.match(
    readFileSync(at("scored.csv"), "utf8"),
    /^text,log_probability,bits_per_byte\n(.+,-\d+\.\d+,\d+\.\d+\n){3}/,
  );
  const evaluated = columnist(["evaluate", golden("gguf/qwen2.gguf"), table, "--text", "text"]);
  assert.match(evaluated.stdout, /Bits per byte/);
  const predicted = columnist(["predict", golden("gguf/llama3.gguf"), table, "--text", "text", "--out", at("p.csv")]);
  assert.equal(predicted.code, 0, predicted.stderr);
});

test("--precision rounds weights, and is refused where there is nothing to round", () => {
  const losses = ["float32", "int8", "int4"].map((precision) => {
    const run = columnist(
      ["perplexity", golden("gguf/few-bits.gguf"), table, "--text", "text", "--json"].concat([
        "--precision",
        precision,
      ]),
    );
    assert.equal(run.code, 0, run.stderr);
    return JSON.parse(run.stdout).loss;
  });
  assert.equal(new Set(losses).size, 3);
  assert.ok(Math.abs(losses[1] - losses[0]) < 0.1, losses.join());
  const lm = columnist(["pretrain", table, "--text", "text", "--model", "ngram", "--out", at("ngrams")]);
  assert.equal(lm.code, 0, lm.stderr);
  for (const command of ["evaluate", "score"]) {
    const refused = columnist([command, at("ngrams"), table, "--text", "text", "--precision", "int8"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /an n-gram model, which is computed in 32-bit floats alone. Omit --precision int8/);
  }
});

test("an id names a model in the Hub's cache; an encoder is no language model", () => {
  const snapshot = at("hub/models--org--tiny/snapshots/0123456789012345678901234567890123456789");
  mkdirSync(at("hub/models--org--tiny/refs"), { recursive: true });
  writeFileSync(at("hub/models--org--tiny/refs/main"), "0123456789012345678901234567890123456789");
  cpSync(golden("decoders/qwen2"), snapshot, { recursive: true });
  const options = { cwd: process.cwd(), env: { HF_HUB_CACHE: at("hub") } };
  const found = shell(`columnist generate org/tiny --raw --prompt "my card" ${greedy.join(" ")}`, options);
  assert.equal(found.code, 0, found.stderr);
  const missing = shell('columnist generate org/tinny --prompt "my card"', options);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /columnist pull org\/tinny/);
  const encoder = columnist(["generate", golden("encoders/bert"), "--prompt", "my card"]);
  assert.equal(encoder.code, 2);
  assert.match(encoder.stderr, /is an encoder .*Supported models that write texts: gpt2, llama/);
});
