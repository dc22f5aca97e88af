import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLanguageModel } from "../../tasks/language/index.js";
import { classifyTable } from "./run.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-by-decoder-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const texts = ["my card is lost", "", "please help me with the fee ".repeat(9), "how much"];
writeFileSync(at("mails.csv"), `id,body\n${texts.map((text, i) => `${i},${text}`).join("\n")}\n`);
writeFileSync(at("labels.csv"), "name,description\nlost_card,\nfee,it costs money\n");
const names = ["lost card", "fee"];

/** Tiny decoders, with a chat template and without, whose context holds a prompt. */
const decoders = { qwen3: "max_position_embeddings", llama: "max_position_embeddings" };
for (const [name, setting] of Object.entries(decoders)) {
  cpSync(`test/golden/decoders/${name}`, at(name), { recursive: true });
  const path = join(at(name), "config.json");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), [setting]: 120 }));
}

async function classify(more: Partial<Parameters<typeof classifyTable>[1]> = {}) {
  const out = at("out.jsonl");
  const options = { text: ["body"], labels: "lost_card,fee", with: at("llama"), system: "Sort.", threads: 1, out };
  const result = await classifyTable(at("mails.csv"), { ...options, ...more });
  const rows = readFileSync(out, "utf8").trimEnd().split("\n");
  return { result, rows: rows.map((line) => JSON.parse(line) as { label: string | null; score: number | null }) };
}

test("a label's score is its probability behind the text, by that behind an empty text, among all labels", async () => {
  const { rows, result } = await classify();
  const { model } = await openLanguageModel(at("llama"), { threads: 1 });
  const { tokenizer, writing } = model;
  const decoder = await model.openDecoder!();
  const of = async (text: string) => {
    const prompt = [...writing!.before, ...tokenizer.encode(`Sort.\n\nText: ${text}\n\nLabel:`)];
    const sums: number[] = [];
    for (const answer of names.map((label) => [...tokenizer.encode(` ${label}`)])) {
      const logits = await decoder.start(answer.map((_, i) => Int32Array.from([...prompt, ...answer.slice(0, i)])));
      const each = answer.map((id, i) => {
        const row = logits.subarray(i * decoder.vocabSize, (i + 1) * decoder.vocabSize);
        return row[id] - Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));
      });
      sums.push(each.reduce((sum, value) => sum + value, 0));
    }
    return sums;
  };
  const empty = await of("");
  for (const row of [0, 3]) {
    const [lost, fee] = (await of(texts[row])).map((value, label) => Math.exp(value - empty[label]));
    assert.equal(rows[row].label, lost > fee ? "lost_card" : "fee");
    assert.ok(Math.abs(rows[row].score! - Math.max(lost, fee) / (lost + fee)) < 1e-3);
  }
  assert.deepEqual([rows[1].label, rows[1].score], [null, null]);
  // Longer than the context: its beginning is read.
  assert.ok(rows[2].label !== null);
  assert.deepEqual([result.rows, result.withoutLabel, result.model], [4, 1, `${at("llama")}, a decoder`]);
  await decoder.close();
  await model.close();
});

test("chat templates, descriptions, a threshold; what one row says does not depend on the others", async () => {
  const [plain, described] = [await classify({ with: at("qwen3") }), await classify({ labels: at("labels.csv") })];
  const [first] = plain.rows;
  assert.ok(first.score! >= 0.5 && first.score! <= 1);
  assert.notEqual(described.rows[0].score, first.score);
  const { rows, result } = await classify({
    with: at("qwen3"),
    threshold: 1,
    query: "select * from input where id = 0",
  });
  assert.deepEqual([rows[0].label, result.withoutLabel], [null, 1]);
  const alone = await classify({ with: at("qwen3"), query: "select * from input where id = 0" });
  assert.ok(Math.abs(alone.rows[0].score! - first.score!) < 1e-5);
  const rounded = await classify({ with: at("qwen3"), precision: "int4" });
  assert.notEqual(rounded.rows[0].score, first.score);
});

test("what cannot be sorted is told", async () => {
  const wrong = [
    [{ precision: "auto" }, /auto/],
    [{ with: "test/golden/encoders/bert", system: undefined, precision: "int4" }, /not computed in 4 bits/],
    [{ with: "test/golden/encoders/bert", system: "Sort." }, /system is for decoders, and .*bert' is none/],
    [{ system: "Sort the texts below. ".repeat(40) }, /of the 120 tokens/],
  ] as const;
  for (const [options, message] of wrong) await assert.rejects(classify(options), message);
});
