// Small models that learn what large ones answer: every task, hard and soft targets, speed and agreement.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { distilModel, openModel, trainModel } from "../../src/index.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-students-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const threads = 1;

const kinds = { sun: ["sunny", "bright", "warm"], rain: ["rainy", "wet", "grey"], snow: ["snowy", "white", "icy"] };
type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];

/** Each text has one word of its kind, or of two. */
function rows(count: number, from = 0) {
  return Array.from({ length: count }, (_, i) => {
    const own = [names[i % 3], ...(i % 4 === 0 ? [names[(i + 1) % 3]] : [])];
    const told = own.map((kind) => kinds[kind][Math.floor(i / 3) % 3]).join(" and ");
    return { text: `day ${from + i} was ${told} here`, kind: own[0], all: own, degrees: 20 - 10 * (i % 3) };
  });
}
const write = (name: string, lines: readonly object[]) =>
  writeFileSync(at(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
write("labelled.jsonl", rows(90));
write("test.jsonl", rows(60, 1000));
write(
  "texts.jsonl",
  rows(240, 2000).map(({ text }) => ({ text })),
);

const teachers = [
  { task: "classify", label: "kind" },
  { task: "multilabel", label: "all" },
  { task: "regression", label: "degrees" },
] as const;

for (const { task, label } of teachers)
  test(`${task}: a linear model learns what an encoder's vectors tell`, async () => {
    const base = "test/golden/encoders/bert";
    const given = { text: ["text"], label, task, base, model: "vectors" as const, out: at(`${task}-teacher`), threads };
    await trainModel(at("labelled.jsonl"), given);
    const out = at(`${task}-student`);
    const { agreement, costs, compared, rows } = await distilModel(at(`${task}-teacher`), at("texts.jsonl"), {
      to: "linear",
      test: at("test.jsonl"),
      out,
      threads,
    });
    assert.equal(rows.training + rows.validation + rows.heldOut, 240);
    const [{ value, isShare }] = agreement;
    assert.ok(isShare ? value > 0.8 : value < 3, `${agreement[0].name} ${value}`);
    assert.ok(costs.student.bytes < costs.teacher.bytes && costs.student.rowsPerSecond > 0);
    assert.equal(compared?.pairs.length, 1);
    const facts = JSON.parse(readFileSync(join(out, "columnist.json"), "utf8"));
    assert.deepEqual([facts.task, facts.family, facts.labelColumn], [task, "linear", label]);
    const model = await openModel(out);
    const [answer] = await model.answer(["day 7 was snowy here"]);
    await model.close();
    const found = answer as { label?: string; labels?: string[]; value?: number };
    if (task === "classify") assert.equal(found.label, "snow");
    if (task === "multilabel") assert.deepEqual(found.labels, ["snow"]);
    if (task === "regression") assert.ok(Math.abs(found.value! - 0) < 5, String(found.value));
  });

test("a network learns the probabilities themselves, and a chosen threshold stays the teacher's", async () => {
  const teacher = at("sure");
  const given = { text: ["text"], label: "kind", model: "linear" as const, abstain: 0.5, out: teacher, threads };
  await trainModel(at("labelled.jsonl"), given);
  await distilModel(teacher, at("texts.jsonl"), { to: "cnn", out: at("cnn"), threads });
  const { answers } = JSON.parse(readFileSync(join(at("cnn"), "columnist.json"), "utf8"));
  assert.equal(answers.decision, undefined);
  const models = await Promise.all([teacher, at("cnn")].map((path) => openModel(path)));
  const texts = ["day 8 was wet here", "day 9 was bright and wet here"];
  const [wanted, found] = await Promise.all(models.map((model) => model.answer(texts)));
  for (const model of models) await model.close();
  for (const [row, own] of found.entries())
    for (const kind of names) {
      const of = (answer: unknown) => (answer as { probabilities: Record<string, number> }).probabilities[kind];
      assert.ok(
        Math.abs(of(own) - of(wanted[row])) < 0.25,
        `${texts[row]}, ${kind}: ${of(own)} for ${of(wanted[row])}`,
      );
    }
});

test("what cannot be learned from is refused, and nothing is written", async () => {
  const teacher = at("plain");
  await trainModel(at("labelled.jsonl"), { text: ["text"], label: "kind", model: "linear", out: teacher, threads });
  write("empty.jsonl", [{ text: "" }, { text: " " }]);
  const out = at("none");
  const attempt = (path: string, options: object, fault: RegExp) =>
    assert.rejects(distilModel(teacher, path, { out, threads, to: "cnn", ...options }), fault);
  await attempt(at("texts.jsonl"), { to: "linear" }, /family linear already/);
  await attempt(at("empty.jsonl"), {}, /no text/);
  await attempt(at("texts.jsonl"), { text: ["body"] }, /body/);
  await attempt(at("texts.jsonl"), { out: teacher }, /plain/);
  await assert.rejects(distilModel(at("absent"), at("texts.jsonl"), { out, threads }), /absent/);
});
