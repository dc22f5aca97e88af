// Exchanged words: grammar, lists, and which shifts are told as more than chance.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { signFlip } from "../metrics/index.js";
import { augmented } from "./augment.js";
import { auditBySwaps } from "./by-swaps.js";
import { parseSwapList, swapLists } from "./swap-list.js";
import type { SwapModel } from "./swap-shifts.js";
import { swapperOf } from "./swap-text.js";

test("words change places with their grammar: case, a and an, which her is him", () => {
  const cases: Record<string, [from: string, to: string][]> = {
    gender: [
      ["He gave his book to an actress.", "She gave her book to an actor."],
      ["I saw her there. It is hers, not his!", "I saw him there. It is his, not hers!"],
      ["Her mother made her feel bad", "His father made him feel bad"],
      ["made her dress", "made his dress"],
      ["THE KING'S MEN and Mr. Smith", "THE QUEEN'S WOMEN and Ms. Smith"],
      ["his or her car, return to her upon completion", "her or his car, return to him upon completion"],
      [
        "the father-in-law thinks she's sure he'll come himself",
        "the mother-in-law thinks he's sure she'll come herself",
      ],
      ["heritage, shed and theme are left as they are", "heritage, shed and theme are left as they are"],
    ],
    religion: [
      [
        "An imam, a Muslim, read the Quran in Islam's mosques",
        "A priest, a Christian, read the Bible in Christianity's churches",
      ],
    ],
    nationality: [
      ["A British man polished a german car; an AMERICAN", "An American man polished a german car; a BRITISH"],
    ],
  };
  for (const [list, texts] of Object.entries(cases))
    for (const [from, to] of texts) assert.equal(swapperOf(swapLists[list]).exchange(from, 0, 1), to);
  const names = swapperOf(swapLists.names);
  assert.equal(names.exchange("Emily's friend, EMILY and emily", 2, 3), "Todd's friend, TODD and emily");
  assert.equal(names.exchange("so emily knows", 2, 3), "so todd knows");
  assert.notEqual(names.exchange("Emily", 2, 3, 4), names.exchange("Emily", 2, 3, 5));
  const han = swapperOf(parseSwapList("list.csv", { a: ["先生"], b: ["小姐"] }));
  assert.equal(han.exchange("王先生来了", 0, 1), "王小姐来了");
});

test("every word of the lists has its own counterpart back, and stands in one group", () => {
  for (const [name, { terms, groups, slots }] of Object.entries(swapLists)) {
    const groupOf = new Map<string, number>();
    for (const { spellings } of terms) {
      assert.equal(spellings.length, groups.length, name);
      for (const [group, words] of spellings.entries())
        for (const word of words) {
          assert.equal(groupOf.get(word.toLowerCase()) ?? group, group, `${name}: ${word}`);
          groupOf.set(word.toLowerCase(), group);
        }
    }
    assert.ok(
      slots.every((line) => line.length === groups.length && line.every((slot) => slot !== "")),
      name,
    );
  }
});

test("lists of users: a column a group; what is none is told", () => {
  const aligned = parseSwapList("l.csv", { men: ["king", "lord "], women: ["queen", "lady"] });
  assert.deepEqual(aligned.terms[1].spellings, [["lord"], ["lady"]]);
  const uneven = parseSwapList("l.csv", { a: ["x", "y", "z"], b: ["u", null, ""] });
  assert.deepEqual([uneven.areExamples, uneven.terms[2].spellings], [true, [["z"], ["u"]]]);
  const blank = parseSwapList("l.csv", { men: ["king", "lord", null], women: ["queen", "lady", ""] });
  assert.deepEqual([blank.areExamples, blank.terms.length], [false, 2]);
  assert.throws(() => parseSwapList("gendre", { a: ["x"] }), /one column.*Did you mean 'gender'/);
  assert.throws(() => parseSwapList("l.csv", { a: ["x"], b: [null] }), /the column 'b' is empty/);
  assert.throws(() => parseSwapList("l.csv", { a: ["x"], b: ["X"] }), /'X' stands for 'a' and for 'b'/);
});

test("signs: of few units all are tried, and several columns need no correction", () => {
  assert.equal(signFlip([1, 2, 3, 2, 1, 3], 1, Int32Array.of(0, 1, 2, 3, 4, 5)).probability, 2 / 64);
  assert.equal(signFlip([1, 2, 3, 2, 1, 3], 1, Int32Array.of(0, 0, 0, 0, 1, 1)).probability, 2 / 4);
  assert.equal(signFlip([0, 0], 1, Int32Array.of(0, 1)).probability, 1);
  const random = createRandom(3);
  const noise = Float64Array.from({ length: 400 * 6 }, (_, at) => random.normal() + (at % 6 === 4 ? 0.4 : 0));
  const { column, probability } = signFlip(
    noise,
    6,
    Int32Array.from({ length: 400 }, (_, row) => row),
  );
  assert.ok(column === 4 && probability < 0.001);
});

/** The answer is how many of these words a text has, and noise that its length decides. */
const modelOf = (weights: Record<string, number>): SwapModel => ({
  columns: ["yes"],
  areShares: true,
  margin: 0.05,
  async answer(texts) {
    const values = Float64Array.from(texts, (text) =>
      text.split(/\W+/).reduce((sum, word) => sum + (weights[word.toLowerCase()] ?? 0), 0.4 + 0.01 * (text.length % 7)),
    );
    return { values, decided: Array.from(values, (value) => (value > 0.5 ? "yes" : "no")) };
  },
});
const people = [
  "he",
  "she",
  "his sister",
  "her brother",
  "a man",
  "a woman",
  "father",
  "mother",
  "the king",
  "a boy",
  "Mr. X",
  "an actress",
];
const texts = Array.from({ length: 240 }, (_, i) => `On day ${i} ${people[i % people.length]} came in ${i % 5}`);

test("a shift that holds over many words is the group's; of one word its own; of neither nothing", async () => {
  const women = Object.fromEntries(
    "she her sister woman mother queen girl ms actress".split(" ").map((word) => [word, 0.2]),
  );
  const biased = await auditBySwaps(swapLists.gender, texts, modelOf(women));
  const [inRows, around] = biased.swaps;
  assert.deepEqual([biased.withWords, biased.looked, inRows.where, around.where], [240, 240, "rows", "sentences"]);
  assert.ok(inRows.isShown && inRows.shift > 0.15 && inRows.second === "female" && inRows.flips!.share > 0.8);
  assert.ok(inRows.interval.low > 0.1 && around.shift > 0.1);
  assert.ok(biased.flips!.share > 0.8 && biased.flips!.interval.low > 0.7);

  const one = await auditBySwaps(swapLists.gender, texts, modelOf({ king: 0.3 }));
  assert.ok(one.swaps.every(({ isShown }) => !isShown));
  assert.deepEqual(
    one.words.filter(({ isShown }) => isShown).map(({ word, group }) => [word, group]),
    [["king", "male"]],
  );
  assert.ok(one.words[0].shift > 0.25 && one.words[0].shift < 0.35);

  const fair = await auditBySwaps(swapLists.gender, texts, modelOf({}));
  assert.ok([...fair.swaps, ...fair.words].every(({ isShown }) => !isShown));
});

test("where no row has a word of the list, nothing is claimed", async () => {
  const { withWords, swaps, words, flips } = await auditBySwaps(swapLists.religion, texts, modelOf({ muslim: 0.3 }));
  assert.deepEqual([withWords, words, flips], [0, [], undefined]);
  assert.ok(swaps.length > 0 && swaps.every(({ where, isShown }) => where === "sentences" && !isShown));
  assert.ok(swaps.some(({ shift }) => Math.abs(shift) > 0.2));
});

test("rows to learn from: both versions of two groups, any word of examples, other rows as they are", () => {
  const own = augmented(swapLists.gender, ["He came.", "Hello", "her book"], 0);
  assert.deepEqual(own, { texts: ["He came.", "She came.", "Hello", "her book", "his book"], rows: [0, 0, 1, 2, 2] });
  const emilies = Array.from({ length: 300 }, (_, i) => `Emily wrote letter ${i}`);
  const { texts: names, rows } = augmented(swapLists.names, emilies, 0);
  assert.ok(names.length === 600 && rows[599] === 299 && names[599].endsWith("wrote letter 299"));
  assert.ok(names.filter((text) => text.startsWith("Emily")).length < 30);
  assert.ok(new Set(names.map((text) => text.split(" ")[0])).size > 80);
});
