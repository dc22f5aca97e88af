import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readWordVectors, similarWords } from "../../src/embeddings/index.js";
import { readSafetensors } from "../../src/formats/safetensors-file.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-embeddings-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

/** Two topics whose words never meet: any method must keep them apart. */
const topics = [
  ["river", "water", "bank", "boat", "fish", "stream"],
  ["card", "money", "account", "payment", "cash", "fee"],
];
const rows = Array.from({ length: 400 }, (_, i) => {
  const words = topics[i % 2];
  return Array.from({ length: 8 }, (_, j) => words[(i * 7 + j * j * (1 + (i % 5))) % words.length]).join(" ");
});
writeFileSync(at("texts.csv"), `id,body\n${rows.map((row, i) => `${i},"${row}"`).join("\n")}\n`);
writeFileSync(
  at("pairs.tsv"),
  "first\tsecond\tscore\nriver\twater\t9\nriver\tcash\t1\nCard\tmoney\t8\nriver\tunicorn\t5\n",
);
writeFileSync(at("analogies.txt"), ": section\nriver water river water\nriver water unicorn bank\n");

test("train, similar and evaluate, for people and for programs", async () => {
  const trained = columnist([
    "embeddings",
    "train",
    at("texts.csv"),
    "--text",
    "body",
    "--dim",
    "2",
    "--subsample",
    "0",
    "--out",
    at("v"),
  ]);
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stdout, /3,200 words in 400 texts, 12 distinct/);
  assert.ok(
    trained.stdout.split("\n").every((line) => line.length <= 80),
    trained.stdout,
  );
  const found = JSON.parse(columnist(["similar", at("v"), "River", "water", "--top", "4", "--json"]).stdout);
  assert.deepEqual(found.words.map(({ word }: { word: string }) => word).sort(), ["bank", "boat", "fish", "stream"]);
  const tests = ["--similarity", at("pairs.tsv"), "--analogies", at("analogies.txt")];
  const said = columnist(["embeddings", "evaluate", at("v"), ...tests]);
  assert.match(said.stdout, /3 of 4 \(75\.0 %\)/);
  const { similarity, analogies } = JSON.parse(
    columnist(["embeddings", "evaluate", at("v"), ...tests, "--json"]).stdout,
  );
  assert.ok(similarity[0].spearman > 0.4);
  assert.deepEqual([analogies[0].questions, analogies[0].covered], [2, 1]);
});

test("glove and skipgram keep the topics apart and give the same bits on any number of threads", async () => {
  for (const args of [
    ["--method", "glove", "--start", "svd", "--subsample", "0", "--dim", "2", "--epochs", "4"],
    ["--method", "glove", "--dim", "8", "--epochs", "30"],
    ["--method", "skipgram", "--dim", "8", "--epochs", "20", "--subsample", "0"],
    // One pass from random vectors would not do.
    ["--method", "skipgram", "--start", "svd", "--dim", "2", "--epochs", "1", "--subsample", "0"],
  ]) {
    const found = [1, 2].map((threads) => {
      const out = at(`method-${threads}`);
      const { code, stderr } = columnist(
        ["embeddings", "train", at("texts.csv"), "--text", "body", "--out", out].concat(args, [
          "--threads",
          `${threads}`,
        ]),
      );
      assert.equal(code, 0, stderr);
      return out;
    });
    const [one, two] = await Promise.all(found.map((path) => readWordVectors(path)));
    assert.deepEqual(one, two);
    const nearest = similarWords(one, ["river"], { top: 5 }).map(({ word }) => word);
    assert.deepEqual(nearest.sort(), ["bank", "boat", "fish", "stream", "water"], args.join(" "));
  }
});

test("each format holds the same vectors, on any number of threads", async () => {
  const train = (out: string, ...args: string[]) => {
    const { code, stderr } = columnist([
      "embeddings",
      "train",
      at("texts.csv"),
      "--text",
      "body",
      "--out",
      out,
      ...args,
    ]);
    assert.equal(code, 0, stderr);
    return stderr;
  };
  const said = train(at("wide"), "--threads", "1");
  assert.match(said, /The vectors have \d+ dimensions, not 300/);
  const wanted = await readWordVectors(at("wide"));
  for (const format of ["word2vec", "word2vec-binary", "glove"]) {
    train(at(format), "--threads", "3", "--format", format);
    assert.deepEqual((await readWordVectors(at(format))).vectors, wanted.vectors);
  }
});

test("train --embeddings: networks start from the vectors, whatever their width", () => {
  const labelled = at("labelled.csv");
  writeFileSync(
    labelled,
    `body,topic\n${rows.map((row, i) => `"${row} ${i}",${i % 2 ? "money" : "water"}`).join("\n")}\n`,
  );
  const vectors = at("words.txt");
  const words = topics.flat();
  writeFileSync(
    vectors,
    words.map((word, i) => `${word} ${[1, 2, 3, 4, 5, 6].map((d) => Math.sin(i * d))}`.replaceAll(",", " ")).join("\n"),
  );
  const args = ["train", labelled, "--text", "body", "--label", "topic", "--epochs", "2", "--json"];
  const answer = columnist([...args, "--model", "transformer", "--embeddings", vectors, "--out", at("model")]);
  assert.equal(answer.code, 0, answer.stderr);
  const facts = JSON.parse(readFileSync(join(at("model"), "columnist.json"), "utf8"));
  assert.equal(facts.options.embeddings, vectors);
  assert.equal(facts.model.embeddingDim, 6);
  const tableAfter = (epochs: string, ...more: string[]) => {
    const flags = [
      "--model",
      "cnn",
      "--embeddings",
      vectors,
      "--out",
      at(`cnn-${epochs}`),
      "--epochs",
      epochs,
      ...more,
    ];
    const { code, stderr } = columnist([...args, ...flags]);
    assert.equal(code, 0, stderr);
    return readSafetensors(join(at(`cnn-${epochs}`), "weights.safetensors")).tensors.get("embedding/table")!.data;
  };
  assert.notDeepEqual(tableAfter("1"), tableAfter("2"));
  assert.deepEqual(tableAfter("1", "--freeze-embeddings"), tableAfter("2", "--freeze-embeddings"));
  const alone = columnist([...args, "--freeze-embeddings", "--out", at("no-model")]);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /needs --embeddings/);
  const missing = columnist([...args, "--embeddings", at("nothing"), "--out", at("no-model")]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /There are no vectors at/);
});

test("wrong input ends with 2 and keeps what is there", () => {
  const kept = at("kept");
  writeFileSync(kept, "mine");
  writeFileSync(at("one.csv"), "body\nword word word word word word\n");
  const train = ["embeddings", "train", at("texts.csv"), "--text", "body"];
  const cases: [string[], RegExp][] = [
    [[...train, "--out", kept], /is a file/],
    [[...train, "--out", folder], /contains no word vectors, so it is not overwritten/],
    [[...train, "--method", "svg"], /--method must be one of .* Did you mean 'svd'/],
    [["embeddings", "train", at("texts.csv"), "--text", "bodi"], /Did you mean 'body'/],
    [["embeddings", "train", at("one.csv"), "--text", "body", "--out", at("none")], /are too short/],
    [["embeddings", "train", at("texts.csv"), "--text", "body", "--min-count", "1000"], /No word occurs 1000 times/],
    [["similar", at("v"), "rivr"], /'rivr' \(did you mean 'river'\?\)/],
    [["similar", at("nothing"), "river"], /There are no vectors at/],
    [["embeddings", "evaluate", at("v")], /--similarity/],
    [
      ["embeddings", "evaluate", at("v"), "--similarity", at("texts.csv")],
      /texts\.csv, line 2: expected two words and a number/,
    ],
    [["embeddings", "trian"], /Did you mean train/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = columnist(args);
    assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
    assert.match(stderr, message);
  }
  assert.equal(readFileSync(kept, "utf8"), "mine");
  assert.equal(existsSync(at("none")), false);
});

test("--ngrams: a misspelt word is near the right one; formats without room for them are refused", () => {
  const args = ["embeddings", "train", at("texts.csv"), "--text", "body", "--dim", "2", "--subsample", "0", "--ngrams"];
  const trained = columnist([...args, "--out", at("grams")]);
  assert.equal(trained.code, 0, trained.stderr);
  const { words } = JSON.parse(columnist(["similar", at("grams"), "acount", "--top", "3", "--json"]).stdout);
  assert.ok(
    words.every(({ word }: { word: string }) => topics[1].includes(word)),
    JSON.stringify(words),
  );
  const refused = columnist([...args, "--format", "glove", "--out", at("grams.txt")]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /cannot store n-gram vectors/);
});
