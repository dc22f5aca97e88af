// columnist explain: texts and tables, of a linear model and of a network.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeFolder, writeModelFiles } from "../../src/folders/index.js";
import { explainTable, explainText, inspectModel, trainModel } from "../../src/index.js";
import { createVocabulary, createWordPiece } from "../../src/text/index.js";
import { type GoldenTensor, readGolden } from "../golden/read.js";
import { columnist, reviews, shell, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-explain-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const table = path("rows.csv");

before(async () => {
  writeCsv(table, reviews(160));
  await trainModel(table, { text: ["body"], label: "mood", model: "linear", out: path("linear") });
  await writeNetwork(path("transformer"));
});

/** A tiny Transformer that reads 16 tokens, of random weights. */
async function writeNetwork(out: string): Promise<void> {
  const { cases } = readGolden<{ weights: Record<string, GoldenTensor> }>("integrated-gradients");
  const { weights } = cases.find(({ case: name }) => name === "transformer")!;
  const tensors = new Map(
    Object.entries(weights).map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }]),
  );
  const words = "the film was great dull and is what i said on day awful lovely book meal ##s".split(" ");
  const tokenizer = createWordPiece(createVocabulary(["[PAD]", "[UNK]", ...words, "a"]));
  const sizes = { vocabSize: 20, width: 3, embeddingDim: 8, hidden: 6, blocks: 2, heads: 2, maxLength: 16 };
  const config = { family: "transformer", ...sizes, dropout: 0, inputDropout: 0 };
  const facts = {
    ...{ family: "transformer", parameters: 1000, task: "classify", textColumns: ["body"], labelColumn: "mood" },
    answers: { labels: ["bad", "fine", "good"] },
    options: { seed: 1, splitSeed: 1 },
    data: { source: "rows.csv", trainingRows: 1, validationRows: 1, heldOutRows: 0, fingerprint: "0" },
  };
  await writeFolder(out, "text-model", { ...facts, model: config }, (aside) =>
    writeModelFiles(aside, { config, tensors, tokenizer: tokenizer.toJson() }),
  );
}

test("a text: words with places and shares, for people in 80 columns and as JSON", async () => {
  const text = "The film was dull, and dull it is";
  const { code, stdout } = columnist(["explain", path("linear"), text, "--change"]);
  assert.equal(code, 0);
  assert.match(stdout, /^\nbad, \d+\.\d %\nShares of the log-odds of the label, .*\n.*weights of/);
  assert.match(stdout, /^dull +\+\d\.\d{3} {2}█/m);
  assert.match(stdout, /^Without '.*' the answer is good\.|^No few words/m);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80 && !line.includes("\u001b")));
  const inColour = shell(`columnist explain ${path("linear")} "${text}"`, {
    cwd: folder,
    env: { NO_COLOR: "", FORCE_COLOR: "1" },
  });
  assert.ok(inColour.stdout.includes("\u001b[97;48;5;27mdull\u001b[39;49m"));

  const { explanation, method } = await explainText(path("linear"), text, { label: "good", against: "bad" });
  assert.equal(method, "linear");
  assert.deepEqual([explanation.target, explanation.against], ["good", "bad"]);
  const total = explanation.words.reduce((sum, { share }) => sum + share, explanation.base!);
  assert.ok(Math.abs(total - explanation.score) < 1e-9);
  for (const { word, start, end } of explanation.words) assert.equal(word, text.slice(start, end));
});

test("a table: new columns, what drives each label, and how far to trust it, measured once and kept", async () => {
  const out = path("why.jsonl");
  const html = path("why.html");
  const first = await explainTable(path("linear"), table, { out, html, global: true });
  assert.deepEqual([first.rows, first.columns], [160, ["mood_words", "mood_top_words"]]);
  const [row] = readFileSync(out, "utf8").split("\n");
  const { body, mood_words: words, mood_top_words: top } = JSON.parse(row);
  for (const { word, start, end } of words) assert.equal(body.slice(start, end), word);
  assert.ok(words.some(({ word, share }: { word: string; share: number }) => word === top[0] && share > 0));
  const told = Object.fromEntries(
    first.global!.map(({ target, for: terms }) => [target, terms.map(({ term }) => term)]),
  );
  assert.ok(["awful", "dull", "terrible", "boring", "clumsy"].filter((word) => told.bad.includes(word)).length >= 3);
  assert.ok(["great", "superb", "lovely", "charming"].filter((word) => told.good.includes(word)).length >= 3);
  const { trust } = first;
  assert.ok(trust!.comprehensiveness.isBetter && trust!.sufficiency.isBetter && trust!.agreement!.isBetter);
  assert.equal(trust!.rows, 100);
  assert.match(readFileSync(html, "utf8"), /<mark class="for" style="--part:0\.50"/);

  // Kept as one of the folder's own files, under its checksum.
  await inspectModel(path("linear"));
  const kept = path("linear/trust-linear.json");
  assert.deepEqual(JSON.parse(readFileSync(kept, "utf8")), trust);
  const again = await explainTable(path("linear"), table, { out, seed: 9 });
  assert.deepEqual(again.trust, trust);
  const { stdout, stderr } = columnist(["explain", path("linear"), table, "--query", "SELECT * FROM input LIMIT 3"]);
  assert.match(stdout, /^id,title,body,mood,mood_words,mood_top_words\n/);
  assert.match(stderr, /Comprehensiveness 0\.\d+ \(.*random words/s);
  const whole = readFileSync(kept, "utf8");
  writeFileSync(kept, whole.replace(/"value": 0/, '"value": 1'));
  await assert.rejects(explainTable(path("linear"), table, { out }), /trust-linear\.json is damaged/);
  writeFileSync(kept, whole);
});

test("a network: gradients, attention as a picture, and what it did not read", async () => {
  const model = path("transformer");
  const messages: string[] = [];
  const long = "the film was great and dull ".repeat(4).trim();
  const watch = { onMessage: (message: string) => messages.push(message) };
  const { explanation, method, how } = await explainText(model, long, { threads: 1 }, watch);
  assert.deepEqual([method, how], ["integrated-gradients", "integrated gradients, from vectors of zeros"]);
  assert.match(messages.join(), /reads the first 16 of the text's 24 words/);
  assert.ok(explanation.words.every(({ share }, word) => (share !== 0) === word < 16));
  const unknown = await explainText(model, "xyzzy plugh", {}, watch);
  assert.equal(unknown.explanation.isUnknown, true);
  assert.match(messages.at(-1)!, /knows none of the words/);

  const html = path("looks.html");
  const looks = await explainText(model, "the film was great </script>", { method: "attention", html });
  const { rollOut, layers, words } = looks.explanation.attention!;
  assert.deepEqual([words, layers.length, layers[0].length], [7, 2, 2]);
  for (let row = 0; row < words; row++) {
    const sum = rollOut.slice(row * words, (row + 1) * words).reduce((all, one) => all + one, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5, "what is mixed into a word sums to 1");
  }
  const page = readFileSync(html, "utf8");
  assert.equal(page.match(/<rect /g)?.length, 49);
  assert.ok(!page.includes("great </script>"));

  const near = await explainText(model, "the film was great", { nearest: table, html });
  assert.equal(near.nearest!.for.length + near.nearest!.against.length, 10);
  assert.ok(near.nearest!.against.every(({ similarity }, i, all) => i === 0 || similarity <= all[i - 1].similarity));
});

test("what cannot be explained is refused by name", async () => {
  const linear = path("linear");
  const cases: [work: () => Promise<unknown>, message: RegExp][] = [
    [() => explainText(linear, "  "), /no words to explain/],
    [
      () => explainText(linear, "dull", { method: "attention" }),
      /not for this model \(linear\).*Use linear, occlusion or/s,
    ],
    [() => explainText(linear, "dull", { label: "god" }), /no label 'god'.*Did you mean 'good'/s],
    [() => explainText(linear, "dull", { nearest: table }), /a linear model has none/],
    [() => explainTable(linear, table, { change: true }), /change is for one text/],
    [() => explainTable(linear, "missing.csv"), /missing\.csv/],
    [() => explainText("test/golden/encoders/bert", "dull"), /test\/golden\/encoders\/bert/],
  ];
  for (const [work, message] of cases) await assert.rejects(work, message);
  const { code, stderr } = columnist(["explain", linear, "dull", "--out", "x.csv"]);
  assert.equal(code, 2);
  assert.match(stderr, /--out is for tables, but 'dull' is no file/);
});
