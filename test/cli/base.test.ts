// A pretrained encoder as the base of a model, and for labels without training; on a tiny one, in a cache of its own.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeCached } from "../hub-cache.js";
import { reviews, shell, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-base-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const [cache, empty] = ["hub", "none"].map((name) => join(folder, name));
const at = (name: string) => join(folder, name);
const tiny = "test/golden/encoders/bert";
const files = readdirSync(tiny, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.(json|safetensors)$/.test(name),
);
writeCached(
  cache,
  "org/tiny",
  "a".repeat(40),
  Object.fromEntries(files.map((name) => [name, readFileSync(join(tiny, name))])),
);
writeCsv(at("reviews.csv"), reviews(150, 1));
writeCsv(at("new.csv"), reviews(20, 2));

const run = (line: string, hub = cache) => shell(`columnist ${line}`, { cwd: folder, env: { HF_HUB_CACHE: hub } });
function document(line: string, hub = cache) {
  const { code, stdout, stderr } = run(`${line} --json`, hub);
  assert.equal(code, 0, stderr);
  return { ...JSON.parse(stdout), stderr };
}
const train = "train reviews.csv --text title --text body --label mood";

test("train with an id: vectors beside TF-IDF; the folder needs neither the cache nor the base", () => {
  const { models, stderr } = document(`${train} --base org/tiny --model vectors --out m`);
  assert.deepEqual(
    models.map(({ family }: { family: string }) => family),
    ["linear", "vectors"],
  );
  assert.match(stderr, /a copy of org\/tiny \(3\d\.\d kB\)/);
  document(`${train} --base org/tiny --tune vectors --model vectors --out again --threads 1`);
  const weights = ["m", "again"].map((name) => readFileSync(at(`${name}/weights.safetensors`)));
  assert.deepEqual(weights[0], weights[1]);
  assert.ok(existsSync(at("m/base/1_Pooling/config.json")));
  const { rows } = document("predict m new.csv --out answers.csv", empty);
  assert.equal(rows, 20);
  assert.ok(document("evaluate m reviews.csv", empty));
  const { facts } = document("inspect m", empty);
  assert.deepEqual([facts.options.base, facts.options.baseRevision], ["org/tiny", "a".repeat(40)]);
  assert.match(document("embed new.csv --text body --with m --out v.parquet", empty).encoder, /the vectors of m/);
  document("index new.csv --text body --with m --out index", empty);
  assert.equal(document('search index "great film"', empty).answers.length, 1);
  rmSync(at("m/base/model.safetensors"));
  const { code, stderr: told } = run("predict m new.csv", empty);
  assert.deepEqual([code, /has no base\/model\.safetensors/.test(told)], [2, true], told);
});

test("without a base, the encoder in the cache is told", () => {
  const told = /An encoder is in the cache: --base org\/tiny\./;
  assert.doesNotMatch(run(`${train} --model linear --out quiet`, empty).stderr, told);
  assert.match(run(`${train} --model linear --out told`).stderr, told);
});

test("classify: names or descriptions, a threshold, the one encoder of the cache", () => {
  writeFileSync(at("labels.csv"), "name,description\nmoney,pay the fee\nmoney,my money\nlost,lost card\n");
  writeFileSync(at("t.csv"), "id,body\n1,lost card\n2,\n3,pay the fee with my money\n");
  const answers = document("classify t.csv --text body --labels labels.csv").answers;
  assert.deepEqual(
    answers.map(({ id, label }: { id: string; label: string | null }) => [id, label]),
    [
      ["1", "lost"],
      ["2", null],
      ["3", "money"],
    ],
  );
  assert.ok(Math.abs(answers[0].score - 1) < 1e-5);
  const by = 'classify t.csv --text body --labels "lost_card, my money" --threshold';
  const { labels, withoutLabel, model, columns } = document(`${by} 0.99999 --out out.csv`);
  assert.deepEqual([labels[0], withoutLabel], [{ label: "lost_card", rows: 1 }, 2]);
  assert.deepEqual([model, columns], ["the bert encoder org/tiny", ["label", "score"]]);
  assert.match(
    readFileSync(at("out.csv"), "utf8"),
    /^id,body,label,score\n1,lost card,lost_card,\S+\n2,,,\n3,.*money,,\n$/,
  );
  assert.match(run(`${by} 0`).stdout, /^id,body,label,score\n/);
});

test("bad input ends with 2, says what to do, and writes nothing", () => {
  writeFileSync(at("wrong.csv"), "label\na\nb\n");
  for (const [line, message, hub] of [
    [`${train} --base org/tinny --out bad`, /columnist pull org\/tinny/],
    [`${train} --tune vectors --out bad`, /--tune needs --base/],
    [`${train} --model vectors --out bad`, /--model vectors needs --base/],
    [`${train} --base org/tiny --model cnn --out bad`, /not for --model cnn/],
    [`${train} --base org/tiny --model pretrained --out bad`, /needs --base, a language model/],
    ["classify t.csv --text body --labels one", /one label/],
    ["classify t.csv --text body --labels ,", /no label/],
    ["classify t.csv --text body --labels wrong.csv", /no column 'name'/],
    ["classify t.csv --text body --labels nowhere.csv", /nowhere\.csv/],
    ["classify t.csv --text body --labels a,b --threshold 2", /--threshold must be a number from -1 to 1/],
    ["classify t.csv --text body --labels a,b", /columnist pull sentence-transformers/, empty],
  ] as [string, RegExp, string?][]) {
    const { code, stderr, stdout } = run(line, hub);
    assert.deepEqual([code, stdout], [2, ""], `${line}\n${stderr}`);
    assert.match(stderr, message, line);
  }
  assert.ok(!existsSync(at("bad")));
});
