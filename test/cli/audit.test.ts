// columnist audit: what is measured is told in 80 columns, on the page and in JSON; what cannot be audited is refused.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type AuditOptions, auditModel, pretrain, trainModel } from "../../src/index.js";
import { columnist, reviews, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-audit-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const rows = reviews(240, 5).map((row, i) => ({ ...row, id: `row ${i}`, team: i % 3 ? "red" : i % 2 ? "blue" : "" }));
const [table, blind] = [path("rows.csv"), path("blind.csv")];

before(async () => {
  const quoted = (cells: readonly string[]) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
  const write = (file: string, own: readonly (readonly string[])[]) =>
    writeFileSync(file, `${own.map(quoted).join("\n")}\n`);
  // For 'red' half of the good ones are called bad.
  const moodOf = ({ mood, team }: (typeof rows)[number], i: number) => (team === "red" && i % 2 ? "bad" : mood);
  write(table, [["id", "body", "mood", "team"], ...rows.map((row, i) => [row.id, row.body, moodOf(row, i), row.team])]);
  write(blind, [["body", "team"], ...rows.map(({ body, team }) => [body, team])]);
  const source = writeCsv(path("source.csv"), reviews(160, 2));
  await trainModel(source, { text: ["body"], label: "mood", model: "linear", out: path("model") });
});

test("groups, gaps and pairs: in the terminal, on the page, as JSON", () => {
  const page = path("audit.html");
  const { code, stdout, stderr } = columnist(["audit", path("model"), table, "--group", "team", "--out", page]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Looked at 3 gaps between groups: (\d|all) (is|are) more than chance\./);
  assert.match(stdout, /team +Rows +Accuracy +gets (good|bad) +wrongly +missed +too sure/);
  assert.match(stdout, /\(no value\) +\d+ /);
  assert.match(stdout, /40 rows without a value: a group of their own/);
  const wide = stdout.split("\n").filter((line) => line.length > 80 && !line.startsWith("Written"));
  assert.deepEqual(wide, []);
  const html = readFileSync(page, "utf8");
  assert.match(html, /<h2>By team<\/h2>/);
  assert.match(html, /What these figures cannot tell/);

  const { columns } = JSON.parse(columnist(["audit", path("model"), table, "--group", "team", "--json"]).stdout);
  const accuracy = columns[0].gaps.find(({ measure }: { measure: string }) => measure === "accuracy");
  assert.ok(accuracy.isShown && accuracy.lowest.group === "red" && html.includes("30.0 points apart"));
  assert.equal(
    columns[0].groups.reduce((sum: number, { rows: own }: { rows: number }) => sum + own, 0),
    240,
  );
});

test("without the label, selection rates alone, and it says so; a label that is looked at is named", async () => {
  const said: string[] = [];
  const { columns, warnings } = await auditModel(
    path("model"),
    blind,
    { group: ["team"], positive: "good" },
    { onMessage: (one) => said.push(one) },
  );
  assert.deepEqual(
    columns![0].gaps.map(({ measure, label }) => [measure, label]),
    [["demographicParity", "good"]],
  );
  assert.match(warnings.join(" "), /no column 'mood' with the truth: only selection rates can be compared/);
  assert.deepEqual(said.slice(-warnings.length), warnings);
});

test("exchanged words: a list by name and one of a file, and none where no row has a word", async () => {
  const list = path("things.csv");
  writeFileSync(list, "shops,homes\nhotel,flat\nmeal,dinner\nphone,lamp\n");
  const { swaps, columns } = await auditModel(path("model"), blind, { swap: [list, "religion"] });
  assert.equal(columns, undefined);
  const [things, religion] = swaps!;
  assert.ok(things.withWords > 60 && things.withWords < 240 && things.swaps[0].second === "homes");
  assert.equal(religion.withWords, 0);
  const page = path("swaps.html");
  const { stdout, code, stderr } = columnist([
    "audit",
    path("model"),
    blind,
    "--swap",
    list,
    "--swap",
    "religion",
    "--out",
    page,
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /exchanging\s+them\s+changes\s+the\s+answer\s+in/);
  assert.match(stdout, /None of 240 rows has a word of it/);
  assert.deepEqual(
    stdout.split("\n").filter((line) => line.length > 80 && !line.includes(folder)),
    [],
  );
  assert.match(readFileSync(page, "utf8"), /homes rather than shops/);
});

test("a language model on pairs of sentences and on pronouns, vectors by a test of the user's", async () => {
  const source = path("source.csv");
  await pretrain(source, { text: ["body"], model: "ngram", tokenizer: "char", out: path("lm") });
  const vectors = path("vectors.txt");
  writeFileSync(vectors, "8 2\ngreat 1 0\nsuperb 1 1\nawful 0 1\ndull -1 1\nfilm 1 0\nbook 2 1\nhotel 0 1\nmeal 0 2\n");
  const [crows, wino, words] = ["crows.csv", "wino.tsv", "words.csv"].map(path);
  writeFileSync(crows, `sent_more,sent_less,bias_type\n${"The film was great,Xq zz kw vv,age\n".repeat(12)}`);
  const sentences = ["male", "female"].map(
    (who) => `pilot.x.1.${who}.txt\tThe ${who === "male" ? "film" : "qzxk"} was great\n`,
  );
  writeFileSync(wino, `sentid\tsentence\n${sentences.join("")}${sentences.join("").replaceAll("pilot", "nurse")}`);
  writeFileSync(words, "good,bad,things,others\ngreat,awful,film,hotel\nsuperb,dull,book,meal\n");
  const { stereotypes } = await auditModel(path("lm"), crows);
  assert.ok(stereotypes![0].share === 1 && stereotypes![0].isShown && stereotypes!.length === 1);
  const { pronouns } = await auditModel(path("lm"), wino);
  assert.ok(pronouns!.sentences === 2 && pronouns!.share === 1 && !pronouns!.isShown);
  const { associations } = await auditModel(vectors, words);
  assert.ok(associations!.tests[0].x === "good" && associations!.tests[0].effect > 1);
  await assert.rejects(auditModel(path("lm"), table), /has sent_more and sent_less/);
  await assert.rejects(auditModel(path("lm"), crows, { group: ["bias_type"] }), /predicts no labels/);
  await assert.rejects(auditModel(vectors, undefined, { swap: ["names"] }), /answers nothing, so swap/);
  await assert.rejects(auditModel(vectors, crows), /has four columns of words/);
  await assert.rejects(auditModel(path("model"), undefined), /audited on the rows of a table/);
  const { swaps } = await auditModel(path("lm"), blind, { swap: ["gender"], text: ["body"] });
  assert.ok(swaps![0].swaps.length > 0 && swaps![0].flips === undefined);
});

test("rows with words of a list are learned in versions; a version that is held out is not", async () => {
  const file = path("writers.csv");
  const body = (i: number) =>
    `${i % 2 ? "She" : "He"} wrote: the ${i % 4 < 2 ? "lovely" : "awful"} ${["film", "meal", "book"][i % 3]} ${Math.floor(i / 8)}`;
  writeFileSync(
    file,
    `body,mood\n${Array.from({ length: 120 }, (_, i) => `${body(i)},${i % 4 < 2 ? "good" : "bad"}\n`).join("")}`,
  );
  const options = { text: ["body"], label: "mood", model: "linear" as const, augmentSwaps: ["gender"] };
  const { comparison } = await trainModel(file, { ...options, out: path("augmented") });
  const { training, validation, heldOut } = comparison.rows;
  assert.ok(
    training + validation > 120 - heldOut && training + validation < 2 * (120 - heldOut),
    JSON.stringify(comparison.rows),
  );
  const facts = JSON.parse(readFileSync(join(path("augmented"), "columnist.json"), "utf8"));
  assert.deepEqual(facts.options.augmentSwaps, ["gender"]);
  const { comparison: without } = await trainModel(file, { ...options, augmentSwaps: ["religion"], out: path("same") });
  assert.match(without.warnings.join(" "), /No training row has a word of 'religion': augmentSwaps changes nothing/);
  await assert.rejects(
    trainModel(file, { ...options, augmentSwaps: ["gendre"], out: path("none") }),
    /augmentSwaps takes names, .*Did you mean 'gender'/,
  );
});

test("what cannot be audited is told", async () => {
  const wrong: [options: AuditOptions, message: RegExp][] = [
    [{}, /nothing to compare.*group/],
    [{ group: ["teem"] }, /Column 'teem' is not in .*Did you mean 'team'/],
    [{ group: ["id"] }, /'id' has 240 values, too many/],
    [{ group: ["mood"] }, /has the true labels/],
    [{ group: ["team"], positive: "goud" }, /no label 'goud'.*Did you mean 'good'/],
    [{ swap: ["gendre"] }, /names, gender, religion.*Did you mean 'gender'/],
    [{ group: ["team"], out: path("rows.csv") }, /rows\.csv/],
  ];
  for (const [options, message] of wrong)
    await assert.rejects(auditModel(path("model"), table, options), message, JSON.stringify(options));
  await assert.rejects(auditModel(folder, table, { group: ["team"] }), /not a model folder/);
});
