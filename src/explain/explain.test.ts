import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type GoldenTensor, readGolden } from "../../test/golden/read.js";
import { createRandom } from "../base/random.js";
import { wordRuns } from "../linear/ngram-scanner.js";
import { networkParameters, type TokenReading, wordNetwork, wordTableName } from "../networks/index.js";
import { type TaskName, type TextModel, tasks } from "../tasks/index.js";
import { loadFramedTokenizer } from "../text/tokenizers/index.js";
import { rollOut } from "./attention.js";
import { openExplainer } from "./explain-rows.js";
import { gaussLegendre } from "./gauss-legendre.js";
import { integratedGradients } from "./integrated-gradients.js";
import type { MethodName } from "./methods.js";
import { smallestChange } from "./smallest-change.js";
import { scoreOf, type Target } from "./target.js";
import { placeTokens } from "./tokens.js";
import { measureTrust } from "./trust.js";
import { trustSentences } from "./trust-sentences.js";
import { textWithout, wordsIn } from "./words.js";

const sum = (values: Iterable<number>) => [...values].reduce((all, one) => all + one, 0);
const near = (a: number, b: number, most: number) => assert.ok(Math.abs(a - b) <= most, `${a} and ${b}`);

test("words have places in the text that the user wrote, in every script", () => {
  const cases: Record<string, string[]> = {
    "Don't go!! (it's 5 o’clock)": ["Don't", "go", "!!", "(", "it's", "5", "o’clock", ")"],
    "今天天气很好, see you": ["今天", "天气", "很好", ",", "see", "you"],
    "ภาษาไทยง่าย\u200bมาก": ["ภาษา", "ไทย", "ง่าย", "มาก"],
    "  ": [],
    "☃️ naïve e\u0301t": ["☃", "️", "naïve", "e\u0301t"],
  };
  for (const [text, words] of Object.entries(cases))
    assert.deepEqual(
      wordsIn(text).map(({ start, end }) => text.slice(start, end)),
      words,
    );
  const text = "a silly, silly film";
  assert.equal(
    textWithout(text, wordsIn(text), (word) => word === 1 || word === 3),
    "a , film",
  );
});

test("the score of an answer keeps its digits near 1, and is that of logits", () => {
  const softmax = { output: "probabilities", activation: "softmax" } as const;
  near(scoreOf(softmax, Float32Array.of(1, 1e-12), { of: 0 }), Math.log(1e12), 1e-4);
  near(scoreOf(softmax, [0.5, 0.3, 0.2], { of: 1 }), Math.log(0.3 / 0.7), 1e-12);
  near(scoreOf(softmax, [0.5, 0.3, 0.2], { of: 1, against: 2 }), Math.log(0.3 / 0.2), 1e-12);
  near(scoreOf({ ...softmax, activation: "sigmoid" }, [0.5, 0.3], { of: 1 }), Math.log(0.3 / 0.7), 1e-12);
  assert.equal(scoreOf({ output: "values", activation: "linear" }, [7], { of: 0 }), 7);
});

/** Of our networks, a text is its ids. */
const reading: TokenReading = {
  idsOf: (text) => Int32Array.from(text.split(" "), Number),
  pieces: (text) => Int32Array.from(text.trim() === "" ? [] : text.trim().split(" "), Number),
  before: 0,
  after: 0,
  prompt: "",
};

interface NetworkCase {
  weights: Record<string, GoldenTensor>;
  ids: number[];
  label: number;
  score: number;
  base: number;
  shares: number[];
}

test("integrated gradients equal Captum's, add up, and have the same bits on any number of threads", async () => {
  for (const { case: name, ids, label, ...golden } of readGolden<NetworkCase>("integrated-gradients").cases) {
    const family = name as "cnn" | "lstm" | "transformer";
    const sizes = { vocabSize: 20, embeddingDim: 8, width: 3, hidden: 6, blocks: 2, heads: 2, maxLength: 16 };
    const network = wordNetwork({ family, ...sizes, dropout: 0, inputDropout: 0 });
    const weights = new Map(
      networkParameters(network).map(({ name: parameter, shape }) => {
        const { data, shape: own } = golden.weights[parameter];
        assert.deepEqual(own, shape);
        return [parameter, { shape, data: Float32Array.from(data) }];
      }),
    );
    const form = { output: "probabilities", activation: "softmax" } as const;
    const model = {
      family,
      network: () => ({ network, weights, form, table: wordTableName, reading }),
    } as Partial<TextModel> as TextModel;
    const text = ids.join(" ");
    const one = { text, words: wordsIn(text), target: { of: label } };
    const against = (label + 1) % 3;
    const targets: Target[] = [one.target, { of: label, against }, { of: against, against: label }];
    const explained = async (threads: number, options: { steps?: number }) => {
      const opened = await integratedGradients.open({ model, form, threads }, options);
      return opened.explain(targets.map((target) => ({ ...one, target }))).finally(() => opened.close());
    };
    const [same, lead, back] = await explained(1, { steps: 50 });
    near(same.score, golden.score, 1e-5);
    near(same.base!, golden.base, 1e-5);
    for (const [i, share] of golden.shares.entries()) near(same.shares[i], share, 1e-3);
    near(lead.score, -back.score, 1e-5);
    const [all, together] = [await explained(1, {}), await explained(2, {})];
    assert.deepEqual(together, all);
    const [alone] = all;
    assert.ok(Math.abs(alone.gap!) <= 0.01, `${name} misses ${alone.gap} after ${alone.steps} points`);
    near(
      sum(alone.shares),
      alone.score - alone.base!,
      0.01 * Math.max(0.1, Math.abs(alone.score - alone.base!)) + 1e-6,
    );
  }
});

test("the quadrature is exact for polynomials, and its weights sum to 1", () => {
  for (const n of [1, 2, 14, 510]) {
    const { points, weights } = gaussLegendre(n);
    near(sum(weights), 1, 1e-12);
    near(sum(points.map((x, i) => weights[i] * x ** (2 * n - 1))), 1 / (2 * n), 1e-12);
  }
});

test("tokens are placed in words whatever made them: special ones, a cut, tokens that a user writes", () => {
  const bert = readFileSync("test/golden/encoders/bert/tokenizer.json", "utf8");
  const { tokenizer, frame, encode } = loadFramedTokenizer(bert);
  const own: TokenReading = {
    idsOf: (text) => encode(`query: ${text}`, 12),
    pieces: (text) => tokenizer.encode(text),
    before: frame.before.length,
    after: frame.after.length,
    prompt: "query: ",
    unknown: tokenizer.roles.unknown,
  };
  const text = "Unbelievable [MASK] don't";
  const words = wordsIn(text);
  const { ids, wordOf, read } = placeTokens({ ...own, idsOf: (t) => encode(`query: ${t}`, 99) }, text, words);
  assert.equal(read, words.length);
  const pieces = (word: number) => ids.filter((_, at) => wordOf[at] === word);
  assert.deepEqual(pieces(0), tokenizer.encode("Unbelievable"));
  assert.deepEqual(pieces(words.length - 1), tokenizer.encode("don't"));
  assert.equal(wordOf[0], -1);
  assert.equal(wordOf.at(-1), -1);
  const long = "good film ".repeat(40);
  const cut = placeTokens(own, long, wordsIn(long));
  assert.equal(cut.ids.length, 12);
  assert.ok(cut.read > 1 && cut.read < 12);
  assert.equal(Math.max(...cut.wordOf), cut.read - 1);
});

type LinearModel = Awaited<ReturnType<typeof trainLinear>>;
const trained = new Map<TaskName, Promise<LinearModel>>();
function linearModel(name: TaskName): Promise<LinearModel> {
  if (!trained.has(name)) trained.set(name, trainLinear(name));
  return trained.get(name)!;
}

/** From a few rows. */
async function trainLinear(name: TaskName) {
  const random = createRandom(4);
  const task = await tasks[name].load();
  const kinds = [
    ["good", "今天天气"],
    ["bad", "poor"],
    ["long", "İstanbul"],
  ];
  const labels = Array.from({ length: 90 }, (_, row) => row % 3);
  const textOf = (label: number) => `the film was ${kinds[label][random.integer(2)]}, don't ${random.integer(9)}`;
  const spaces = {
    classify: { labels: ["0", "1", "2"] },
    multilabel: { labels: ["0", "1", "2"], separator: ";", thresholds: [0.5, 0.5, 0.5] },
    regression: { least: 0, most: 2, areWhole: true, halfWidth: 1 },
  };
  const said = labels.map((label) => (name === "multilabel" ? [String(label)] : String(label)));
  const rows = { texts: labels.map(textOf), targets: task.targets(said, spaces[name]) };
  const family = await task.families.linear.load();
  const head = task.head(spaces[name], rows.targets);
  const { model } = await family.train({ head, training: rows, validation: rows }, { seed: 1, threads: 1 });
  return { task, space: spaces[name], model, labelColumn: "kind" };
}

test("shares of linear models add up to the decision, for every task", async () => {
  for (const name of ["classify", "multilabel", "regression"] as const) {
    const opened = await linearModel(name);
    const explainer = await openExplainer(opened, { method: "auto", threads: 1 });
    assert.equal(explainer.method, "linear");
    const texts = ["The film was good, good, 今天天气 don't", "was İstanbul\u0000 long film bad", "zzz"];
    const explained = await explainer.explain(texts);
    for (const [row, { words, score, base, isUnknown }] of explained.slice(0, 2).entries()) {
      near(base! + sum(words.map(({ share }) => share)), score, 1e-9);
      assert.equal(isUnknown, undefined);
      assert.ok(words.some(({ share }) => share !== 0));
      if (name === "classify") continue;
      const answer = await opened.model.predict([texts[row]]);
      const [target] = explainer.targetsOf(answer);
      const expected = scoreOf(opened.task.form, answer, target);
      // Numbers beyond those of training are not answered.
      near(name === "regression" ? Math.min(2, Math.max(0, score)) : score, expected, 1e-3);
    }
    // Three labels: the lead on another one is what softmax tells.
    if (name !== "classify") continue;
    const pair = await openExplainer(opened, { method: "linear", label: "0", against: "2", threads: 1 });
    const answer = await opened.model.predict(texts);
    for (const [row, { score }] of (await pair.explain(texts.slice(0, 2))).entries())
      near(score, Math.log(answer[3 * row] / answer[3 * row + 2]), 1e-4);
  }
});

test("of several labels, the likeliest of those that are answered is explained", async () => {
  const { task, model, space } = await linearModel("multilabel");
  const width = (space as { labels: string[] }).labels.length;
  const strict = {
    ...(space as object),
    thresholds: Array.from({ length: width }, (_, label) => (label === 1 ? 0.1 : 0.9)),
  };
  const { targetsOf } = await openExplainer(
    { task, model, space: strict, labelColumn: "l" },
    { method: "auto", threads: 1 },
  );
  const own = Float32Array.from({ length: width }, (_, label) => (label === 0 ? 0.8 : label === 1 ? 0.3 : 0.05));
  assert.deepEqual(targetsOf(own), [{ of: 1, against: undefined }]);
  assert.deepEqual(targetsOf(own.map((value) => value / 10)), [{ of: 0, against: undefined }]);
});

test("occlusion is what the answer loses", async () => {
  const opened = await linearModel("classify");
  const explainer = await openExplainer(opened, { method: "occlusion", label: "1", threads: 1 });
  const text = "the film was bad, don't";
  const [{ words, score }] = await explainer.explain([text]);
  const answers = await opened.model.predict([text, "the film was , don't"]);
  const odds = (row: number) => scoreOf(opened.task.form, answers.subarray(3 * row, 3 * row + 3), { of: 1 });
  near(score, odds(0), 1e-9);
  near(words[3].share, odds(0) - odds(1), 1e-9);
  assert.equal(words[3].word, "bad");
});

test("what cannot be explained is said", async () => {
  const opened = await linearModel("classify");
  const open = (options: { method?: MethodName; label?: string; against?: string }) =>
    openExplainer(opened, { method: "auto", threads: 1, ...options });
  await assert.rejects(
    open({ method: "integrated-gradients" }),
    /not for this model \(linear\).*Use linear, occlusion or auto/,
  );
  await assert.rejects(open({ label: "3" }), /no label '3'.*Its labels are 0, 1, 2/s);
  await assert.rejects(open({ label: "1", against: "1" }), /both '1'/);
  const number = await linearModel("regression");
  await assert.rejects(openExplainer(number, { method: "auto", threads: 1, label: "1" }), /predicts a number/);
});

/** Bad is what has more of the bad words than of the good ones. */
const counting = {
  width: 2,
  async predict(texts: readonly string[]) {
    return Float32Array.from(
      texts.flatMap((text) => {
        const lead = (text.match(/bad|poor/g)?.length ?? 0) - (text.match(/good/g)?.length ?? 0) - 0.5;
        const bad = 1 / (1 + Math.exp(-lead));
        return [bad, 1 - bad];
      }),
    );
  },
} as unknown as TextModel;

test("the smallest change: words go until the answer turns, and what need not go comes back", async () => {
  const model = { model: counting, form: { output: "probabilities", activation: "softmax" }, threads: 1 } as const;
  const text = "bad, poor and bad, but good";
  const words = wordsIn(text);
  const isTurned = (answer: Float32Array) => answer[0] < 0.5;
  const found = await smallestChange(model, { text, words, read: words.length, target: { of: 0 } }, isTurned);
  assert.equal(found!.left.length, 2);
  assert.ok(found!.left.every((word) => /bad|poor/.test(text.slice(words[word].start, words[word].end))));
  assert.ok(found!.answer[0] < 0.5);
  const never = await smallestChange(model, { text, words, read: words.length, target: { of: 0 } }, () => false);
  assert.equal(never, undefined);
});

test("trust: the words that an answer hangs on are told from random ones, and wrong ones from both", async () => {
  const model = { model: counting, form: { output: "probabilities", activation: "softmax" }, threads: 1 } as const;
  const random = createRandom(3);
  const texts = Array.from({ length: 40 }, (_, row) =>
    random.shuffle(["bad", "poor", ..."a film that i saw with you on a day".split(" "), `${row}`]).join(" "),
  );
  const rowsOf = (shareOf: (word: string) => number) =>
    texts.map((text) => {
      const words = wordsIn(text);
      const shares = Float64Array.from(words, ({ start, end }) => shareOf(text.slice(start, end)));
      return { text, words, read: words.length, target: { of: 0 }, shares };
    });
  const right = await measureTrust(
    model,
    "some",
    rowsOf((word) => (/bad|poor/.test(word) ? 1 : 0)),
    1,
  );
  assert.ok(right!.comprehensiveness.isBetter && right!.sufficiency.isBetter && right!.agreement!.isBetter);
  assert.ok(right!.agreement!.value > 0.99);
  const wrong = await measureTrust(
    model,
    "some",
    rowsOf((word) => word.length / 100 - 1),
    1,
  );
  assert.ok(!wrong!.comprehensiveness.isBetter);
  assert.match(trustSentences(wrong!).join(" "), /not shown to be better than random words/);
  assert.equal(await measureTrust(model, "some", [], 1), undefined);
});

test("attention is rolled out as it mixes: half is kept, half comes by the mean of the heads", () => {
  const same = [1, 0, 0, 1];
  assert.deepEqual([...rollOut([[[0, 1, 0.5, 0.5]]], 2)], [0.5, 0.5, 0.25, 0.75]);
  assert.deepEqual([...rollOut([[[0, 1, 1, 0], same]], 2)], [0.75, 0.25, 0.25, 0.75]);
  assert.deepEqual([...rollOut([[same], [[0, 1, 0, 1]]], 2)], [0.5, 0.5, 0, 1]);
});

test("runs of words are those of the scanner", () => {
  const runs: string[] = [];
  wordRuns(2, { wordNgrams: 2 } as Parameters<typeof wordRuns>[1], (first, last) => runs.push(`${first} ${last}`));
  assert.deepEqual(runs, ["-1 0", "0 0", "0 1", "1 1", "1 2"]);
});
