import assert from "node:assert/strict";
import { test } from "node:test";
import { detectLanguages, stopWords } from "./stop-words.js";

const english = [
  "Where is my card? It should have been here a week ago.",
  "I want to know why the payment was declined.",
];
const german = [
  "Wo bleibt denn meine Karte? Sie sollte doch schon vor einer Woche da sein.",
  "Ich weiß nicht, warum das nicht geht.",
];
const french = [
  "Je voudrais savoir pourquoi mon paiement a été refusé hier.",
  "Où est ma carte ? Elle devrait être là depuis une semaine.",
];

test("languages of texts, the most frequent first", async () => {
  assert.deepEqual(await detectLanguages(english, { share: 0.1 }), ["eng"]);
  assert.deepEqual(await detectLanguages(german, { share: 0.1 }), ["deu"]);
  const mixed = [...Array(12).fill(french).flat(), ...Array(6).fill(german).flat()];
  assert.deepEqual(await detectLanguages(mixed, { share: 0.1 }), ["fra", "deu"]);
  assert.deepEqual(await detectLanguages(mixed, { share: 0.5 }), ["fra"]);
  assert.deepEqual(await detectLanguages(["今天天气很好,我想去公园"], { share: 0.1 }), ["cmn"]);
  assert.deepEqual(await detectLanguages(["12"], { share: 0.1 }), []);
  assert.deepEqual(await detectLanguages([], { share: 0.1 }), []);
});

test("stop words: every list that is named is there", async () => {
  const expected: Record<string, string[]> = {
    eng: ["the", "will", "don't", "take", "how"],
    deu: ["und", "nicht"],
    pol: ["nie", "jest"],
    cmn: ["的"],
    tha: ["และ"],
    rus: ["и"],
  };
  for (const [language, words] of Object.entries(expected)) {
    const list = await stopWords(language);
    for (const word of words) assert.ok(list.has(word), `${language} ${word}`);
  }
  assert.equal((await stopWords("xyz")).size, 0);
  const all = await Promise.all(
    [
      "afr",
      "arb",
      "ben",
      "bul",
      "cat",
      "ces",
      "dan",
      "ekk",
      "ell",
      "epo",
      "fin",
      "fra",
      "glg",
      "guj",
      "hau",
      "heb",
      "hin",
    ]
      .concat("hrv", "hun", "hye", "ind", "ita", "jpn", "kor", "lit", "lvs", "mar", "mya", "nld", "nob", "npi", "pan")
      .concat("pes", "por", "ron", "slk", "slv", "som", "spa", "srp", "swe", "swh", "tam", "tgl", "tur", "ukr", "urd")
      .concat("vie", "yor", "zlm", "zul")
      .map(stopWords),
  );
  for (const [i, list] of all.entries()) assert.ok(list.size >= 20, String(i));
});
