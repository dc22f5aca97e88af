import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createRandom } from "../../src/base/random.js";
import { writeFacts } from "../../src/folders/facts-file.js";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-unspaced-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Two subjects and what may stand between their words, in languages that write no blanks. */
const languages = {
  chinese: {
    money: ["银行", "账户", "存款", "转账", "利息", "密码"],
    weather: ["天气", "气温", "下雨", "台风", "多云", "雨伞"],
    glue: ["，", "今天", "已经", "。"],
  },
  japanese: {
    money: ["銀行", "口座", "預金", "残高", "利息", "通帳"],
    weather: ["天気", "気温", "台風", "大雪", "湿度", "予報"],
    glue: ["は", "が", "、", "今日"],
  },
  thai: {
    money: ["ธนาคาร", "บัญชี", "โอนเงิน", "ดอกเบี้ย", "รหัสผ่าน"],
    weather: ["อากาศ", "ฝนตก", "พายุ", "อุณหภูมิ", "ลมแรง"],
    glue: ["ที่", "และ", "มาก", "วันนี้"],
  },
};

function tableOf(name: keyof typeof languages): { path: string; labels: string[] } {
  const random = createRandom(11);
  const { glue, ...subjects } = languages[name];
  const pick = (list: readonly string[]) => list[random.integer(list.length)];
  const labels = Array.from({ length: 300 }, (_, row) => (row % 2 ? "money" : "weather"));
  const rows = labels.map((label) => {
    const own = subjects[label as keyof typeof subjects];
    return `${Array.from({ length: 4 }, () => pick(own) + pick(glue)).join("")},${label}`;
  });
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, `text,label\n${rows.join("\n")}\n`);
  return { path, labels };
}

for (const name of Object.keys(languages) as (keyof typeof languages)[])
  test(`${name}: words of a dictionary in vectors, their neighbours and questions`, () => {
    const { path, labels } = tableOf(name);
    const { money, weather } = languages[name];
    const vectors = join(folder, `${name}-vectors`);
    const few = ["--dim", "4", "--eigenvalue-weight", "1", "--subsample", "0"];
    const made = columnist(["embeddings", "train", path, "--text", "text", ...few, "--out", vectors, "--json"]);
    assert.equal(made.code, 0, made.stderr);
    const known = JSON.parse(readFileSync(join(vectors, "vocabulary.json"), "utf8")) as string[];
    for (const word of [money[0], money[1], weather[0]]) assert.ok(known.includes(word), word);
    const { words } = JSON.parse(columnist(["similar", vectors, money[0], "--top", "3", "--json"]).stdout);
    assert.ok(words.every(({ word }: { word: string }) => !weather.includes(word)));
    const index = join(folder, `${name}-index`);
    assert.equal(columnist(["index", path, "--text", "text", "--with", vectors, "--out", index]).code, 0);
    for (const [label, asked] of [
      ["money", money],
      ["weather", weather],
    ] as const) {
      // The question is one run of letters without a blank too.
      const { stdout, stderr } = columnist(["search", index, asked.slice(0, 2).join(""), "--top", "20", "--json"]);
      assert.equal(stderr, "");
      const { matches } = JSON.parse(stdout);
      assert.deepEqual([...new Set(matches.map(({ row }: { row: number }) => labels[row - 1]))], [label]);
    }
  });

test("a word that the vectors lack because it is several words is said so", () => {
  const { code, stderr } = columnist(["similar", join(folder, "chinese-vectors"), "银行账户"]);
  assert.equal(code, 2);
  assert.match(stderr, /'银行账户' \(split into the words 银行 账户\)/);
});

test("vectors made before words were segmented are read as they were", () => {
  const { path } = tableOf("chinese");
  const vectors = join(folder, "old-vectors");
  columnist(["embeddings", "train", path, "--text", "text", "--dim", "4", "--min-count", "1", "--out", vectors]);
  const facts = join(vectors, "columnist.json");
  const { segmented, checksum, ...old } = JSON.parse(readFileSync(facts, "utf8"));
  assert.equal(segmented, true);
  const ask = () => columnist(["search", path, "--text", "text", "--with", vectors, "银行"]);
  assert.equal(ask().code, 0);
  writeFacts(vectors, old);
  const asked = ask();
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /None of the words in '银行'/);
});
