// What a command may write: never what it reads, never a folder of another kind, and other work's result only when asked.
import assert from "node:assert/strict";
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findTableLabelErrors } from "../../src/workflows/check/label-errors.js";
import { checkTable } from "../../src/workflows/check/run.js";
import { findTableDuplicates } from "../../src/workflows/duplicates/run.js";
import { embedTable } from "../../src/workflows/embed/run.js";
import { trainEmbeddings } from "../../src/workflows/embeddings-train/run.js";
import { indexTable } from "../../src/workflows/index/run.js";
import { inspectModel } from "../../src/workflows/inspect/run.js";
import { predictTable } from "../../src/workflows/predict/run.js";
import { pretrain } from "../../src/workflows/pretrain/run.js";
import { scoreRows } from "../../src/workflows/score/run.js";
import { tokenizeTable } from "../../src/workflows/tokenize/run.js";
import { findTableTopics } from "../../src/workflows/topics/run.js";
import { trainModel } from "../../src/workflows/train/run.js";
import { columnist, reviews, shell, writeCsv } from "../cli/columnist.js";

const place = mkdtempSync(join(tmpdir(), "columnist-outputs-"));
const at = (name: string) => join(place, name);
after(() => rmSync(place, { recursive: true, force: true }));
const [table, other] = [at("table.csv"), at("other.csv")];
const text = ["body"];

type Make = (table: string, out: string, options?: { overwrite?: boolean; other?: boolean }) => Promise<unknown>;
/** What writes a folder; `other` reads other columns. */
const makers: Record<string, { noun: string; make: Make }> = {
  classifier: {
    noun: "a text model",
    make: (from, out, { overwrite, other: isOther } = {}) =>
      trainModel(from, { text: isOther ? ["title"] : text, label: "mood", model: "linear", out, overwrite }),
  },
  lm: {
    noun: "a language model",
    make: (from, out, { overwrite, other: isOther } = {}) =>
      pretrain(from, { text: isOther ? ["title"] : text, model: "ngram", tokenizer: "char", out, overwrite }),
  },
  vectors: {
    noun: "word vectors",
    make: (from, out, { overwrite, other: isOther } = {}) =>
      trainEmbeddings(from, { text: isOther ? ["title"] : text, dim: 3, out, overwrite }),
  },
  index: {
    noun: "an index",
    make: (from, out, { overwrite, other: isOther } = {}) =>
      indexTable(from, { text: isOther ? ["title"] : text, out, overwrite }),
  },
};

before(async () => {
  writeCsv(table, reviews(80, 1));
  writeCsv(other, reviews(80, 2));
  for (const [name, { make }] of Object.entries(makers)) await make(table, at(name));
});

const refused = (work: Promise<unknown>, message: RegExp) => assert.rejects(work, { name: "UserError", message });
const contentOf = (folder: string) => readFileSync(join(folder, "columnist.json"), "utf8");

for (const [name, { noun, make }] of Object.entries(makers)) {
  test(`${noun}: a rerun replaces it, other work only with overwrite`, async () => {
    const [out, before] = [at(name), contentOf(at(name))];
    const asked = new RegExp(`contains ${noun} made from .*table\\.csv on \\d{4}-\\d\\d-\\d\\d .* without overwrite`);
    await refused(make(other, out), asked);
    await refused(make(table, out, { other: true }), asked);
    // Asked before the table is read.
    await refused(make(at("missing.csv"), out), asked);
    assert.equal(contentOf(out), before);
    await make(table, out);
    assert.notEqual(contentOf(out), before);
    await make(other, out, { overwrite: true });
    await make(table, out, { overwrite: true });
    assert.equal((await inspectModel(out)).folder, out);
  });

  test(`${noun}: nothing else takes its place, not even with overwrite`, async () => {
    const [out, before] = [at(name), contentOf(at(name))];
    for (const [another, maker] of Object.entries(makers))
      if (another !== name)
        for (const overwrite of [false, true])
          await refused(
            maker.make(table, out, { overwrite }),
            new RegExp(`contains ${noun}, so it is not replaced by ${maker.noun}`),
          );
    assert.equal(contentOf(out), before);
  });
}

test("a folder of something else is never overwritten", async () => {
  mkdirSync(at("mine"));
  writeFileSync(at("mine/notes.txt"), "mine");
  for (const { make } of Object.values(makers))
    await refused(make(table, at("mine"), { overwrite: true }), /is not empty and .* so it is not overwritten/);
  assert.deepEqual(readdirSync(at("mine")), ["notes.txt"]);
});

/** What adds columns or writes a table. */
const writers: Record<string, (table: string, out: string) => Promise<unknown>> = {
  predict: (from, out) => predictTable(at("classifier"), from, { out }),
  score: (from, out) => scoreRows(at("lm"), from, { out }),
  embed: (from, out) => embedTable(from, { text, out }),
  tokenize: (from, out) => tokenizeTable(at("lm"), from, { text, out }),
  duplicates: (from, out) => findTableDuplicates(from, { text, out }),
  "check --label-errors": (from, out) => findTableLabelErrors(from, { text, label: "mood", out }),
  "check --html": (from, out) => checkTable(from, { text, label: "mood", html: out }),
  topics: (from, out) => findTableTopics(from, { text, out }),
  "topics --map": (from, out) => findTableTopics(from, { text, map: out }),
};

for (const [name, write] of Object.entries(writers))
  test(`${name}: what is read is not written, by path, link or pattern`, async () => {
    const source = at("source.jsonl");
    const content = reviews(30)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join("");
    for (const file of [source, at("symbolic.jsonl"), at("hard.jsonl")]) rmSync(file, { force: true });
    writeFileSync(source, content);
    symlinkSync(source, at("symbolic.jsonl"));
    linkSync(source, at("hard.jsonl"));
    for (const out of ["source.jsonl", "./../x/source.jsonl", "symbolic.jsonl", "hard.jsonl"].map((one) =>
      one.includes("/") ? `${place}/../${place.split("/").at(-1)}/source.jsonl` : at(one),
    ))
      await refused(write(source, out), /an input/);
    await refused(write(at("symbolic.jsonl"), source), /an input/);
    await refused(write(at("s*.jsonl"), source), /an input \(.*s\*\.jsonl\)/);
    assert.equal(readFileSync(source, "utf8"), content);
  });

test("no output is written into a folder of Columnist that is not read, and a map replaces maps alone", async () => {
  const source = at("rows.jsonl");
  writeFileSync(
    source,
    reviews(30)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(""),
  );
  const before = contentOf(at("classifier"));
  for (const out of ["columnist.json", "answers.csv", "sub/answers.csv"])
    await refused(tokenizeTable(at("lm"), source, { text, out: at(`classifier/${out}`) }), /inside .* a text model/);
  await refused(findTableTopics(source, { text, map: at("classifier/map.html") }), /inside .* a text model/);
  await refused(findTableTopics(source, { text, map: at("map.txt") }), /must end in \.html/);
  assert.equal(contentOf(at("classifier")), before);
  writeFileSync(at("page.html"), "<!doctype html><p>mine");
  await refused(
    findTableTopics(source, { text, out: at("page.csv") }),
    /page\.html' exists and is not a map of topics/,
  );
  assert.equal(readFileSync(at("page.html"), "utf8"), "<!doctype html><p>mine");
  for (let i = 0; i < 2; i++) await findTableTopics(source, { text, map: at("again.html") });
});

test("a file that standard input reads is not written", () => {
  const line = "columnist duplicates - --text body --out table.csv < table.csv";
  const { code, stderr } = shell(line, { cwd: place });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /'table\.csv' is the file on standard input/);
  assert.equal(shell(line.replace("--out table", "--out marked"), { cwd: place }).code, 0);
});

test("a model that is read gets no file, and no output is written twice", async () => {
  const before = readdirSync(at("classifier"));
  for (const out of ["columnist.json", "answers.csv", "metrics.json"])
    await refused(predictTable(at("classifier"), table, { out: join(at("classifier"), out) }), /is inside .* an input/);
  await refused(embedTable(table, { text, with: at("vectors"), out: join(at("vectors"), "a.parquet") }), /is inside/);
  await refused(scoreRows(at("lm"), table, { out: join(at("lm"), "tokenizer.json") }), /is inside/);
  await refused(
    tokenizeTable(join(at("lm"), "tokenizer.json"), table, { text, out: join(at("lm"), "tokenizer.json") }),
    /an input/,
  );
  await refused(findTableTopics(table, { text, out: at("x.json"), map: at("x.json") }), /written twice/);
  assert.deepEqual(readdirSync(at("classifier")), before);
});

test("training does not write over what it learns or measures from", async () => {
  const label = "mood";
  const model = "linear";
  await refused(trainModel(table, { text, label, model, test: other, out: other }), /is a file/);
  await refused(trainEmbeddings(table, { text, format: "glove", out: table }), /is an input/);
  const inside = join(at("lm"), "tokenizer.json");
  await refused(pretrain(table, { text, model: "ngram", tokenizer: inside, out: at("lm") }), /is an input inside/);
  assert.ok(readFileSync(table, "utf8").startsWith("id,title"));
});

test("inspect tells every kind, for people and for programs", () => {
  const words: Record<string, RegExp> = {
    classifier: /a text classifier, linear/,
    lm: /a language model, ngram/,
    vectors: /word vectors, by svd/,
    index: /a search index/,
  };
  for (const [name, said] of Object.entries(words)) {
    const { code, stdout, stderr } = columnist(["inspect", at(name)]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, said);
    assert.ok(
      stdout.split("\n").every((line) => line.length <= 80),
      stdout,
    );
    const { kind, facts, files } = JSON.parse(columnist(["inspect", at(name), "--json"]).stdout);
    assert.equal(facts.kind, kind);
    assert.ok(files.some((file: { name: string }) => file.name === "columnist.json"));
  }
});
