import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hasUnspacedScript, segmentWords } from "./segment-words.js";
import { segmentedWords } from "./segmented-words.js";
import { words } from "./words.js";

test("words of scripts without blanks get blanks; what else stands in the text stays", () => {
  const spaced = {
    "今天天气很好, see you": "今天 天气 很好, see you",
    "東京都に住んでいる。": "東京 都 に 住 んで いる。",
    ฉันรักภาษาไทย: "ฉัน รัก ภาษา ไทย",
    ខ្ញុំស្រឡាញ់ភាសា: "ខ្ញុំ ស្រឡាញ់ ភាសា",
    ຂ້ອຍຮັກພາສາລາວ: "ຂ້ອຍ ຮັກ ພາສາ ລາວ",
    မြန်မာစာကိုချစ်တယ်: "မြန်မာ စာ ကို ချစ် တယ်",
    スーパーへ: "スーパー へ",
    // Where scripts meet, and where a zero width space parts the words already.
    iPhone手机2024年: "iPhone 手机 2024 年",
    使用ใช้café手机: "使用 ใช้ café 手机",
    "ភាសា\u200bភាសា": "ភាសា ភាសា",
    "𠮷野家で😀食べる": "𠮷 野家 で😀食べる",
  };
  for (const [text, expected] of Object.entries(spaced)) {
    assert.equal(segmentWords(text), expected);
    assert.equal(segmentWords(expected), expected);
  }
  for (const text of ["", "Grüße — “no” 한국어 띄어쓰기 привет", "a\u200bb", "苹果"])
    assert.equal(segmentWords(text), text);
});

test("a long text without a blank is cut in no word, in time that grows with its length", () => {
  const sentence = "我们去公园玩然后回家吃饭";
  const expected = segmentWords(sentence);
  const text = `${sentence}和`.repeat(8000);
  assert.equal(segmentWords(text), `${expected} 和 `.repeat(8000).trimEnd());
});

test("words to count by: dictionary words in such scripts, Bert's in others", () => {
  assert.deepEqual(segmentedWords("iPhone手机, ภาษาไทย!"), ["iphone", "手机", ",", "ภาษา", "ไทย", "!"]);
  assert.deepEqual(segmentedWords("苹果"), ["苹果"]);
  assert.deepEqual(segmentedWords("ABC 苹果", false), ["ABC", "苹果"]);
});

test("property: nothing but blanks is added, and texts of other scripts have the words they had", () => {
  const characters = fc.constantFrom(..."今天気がスーーภาษาไทย ភាសាаБaé.,-12 \n😀한\u200d");
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(characters).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(text, (one) => {
      assert.equal(
        segmentWords(one).replace(/ /g, ""),
        one.replace(/ /g, "").replace(/\u200b/g, (z) => z),
      );
      if (!hasUnspacedScript(one)) assert.deepEqual(segmentedWords(one), words(one));
    }),
  );
});
