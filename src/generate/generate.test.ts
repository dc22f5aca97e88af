import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../base/random.js";
import { createCharacters } from "../text/tokenizers/index.js";
import { beamSearch } from "./beam-search.js";
import { constrainTokens, parseRegex } from "./constraint/index.js";
import type { Decoder } from "./decoder.js";
import { generate } from "./generate.js";
import { penalizeRepetition } from "./repetition-penalty.js";
import { type SamplingOptions, tokenSampler } from "./sample-token.js";
import { stopScanner } from "./stop-strings.js";

/** A chain in which the next token hangs on the one before: logits[before][next]; the row behind the last is the start. */
function chain(logits: number[][]): Decoder & { steps: number[] } {
  const vocabSize = logits[0].length;
  let last: number[] = [];
  const steps: number[] = [];
  const rows = async () => Float32Array.from(last.flatMap((id) => logits[id]));
  return {
    vocabSize,
    steps,
    start(prompts) {
      last = prompts.map((prompt) => prompt.at(-1) ?? vocabSize);
      return rows();
    },
    step(tokens) {
      assert.equal(tokens.length, last.length);
      steps.push(tokens.length);
      last = [...tokens];
      return rows();
    },
    reorder(parents) {
      last = parents.map((parent) => last[parent]);
    },
    async close() {},
  };
}

function randomChain(vocabSize: number, seed: number) {
  const random = createRandom(seed);
  return chain(
    Array.from({ length: vocabSize + 1 }, () => Array.from({ length: vocabSize }, () => 2 * random.normal())),
  );
}

const all: SamplingOptions = { temperature: 1, topK: 0, topP: 1, minP: 0 };

/** The definition, by sorting everything. */
function keptTokens(logits: number[], { temperature, topK, topP, minP }: SamplingOptions): Set<number> {
  const weights = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / temperature));
  let order = weights.map((_, id) => id).sort((a, b) => weights[b] - weights[a]);
  if (topK > 0) order = order.slice(0, topK);
  const total = order.reduce((sum, id) => sum + weights[id], 0);
  let sum = 0;
  order = order.filter((id) => {
    const isKept = sum < topP * total;
    sum += weights[id];
    return isKept;
  });
  return new Set(order.filter((id) => weights[id] >= minP));
}

test("samplers draw only what top-k, top-p and min-p keep, all of it, in the right shares", () => {
  const options = fc.record({
    temperature: fc.double({ min: 0.5, max: 2, noNaN: true }),
    topK: fc.nat(8),
    topP: fc.constantFrom(0.3, 0.6, 0.9, 1),
    minP: fc.constantFrom(0, 0.05, 0.3),
  });
  // Logits apart from each other: at a border no two tokens are equally probable.
  const rows = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(options, rows, fc.nat(), (given, row, seed) => {
      const logits = row.map((value) => value / 7);
      const choose = tokenSampler(logits.length, given);
      const random = createRandom(seed);
      const kept = keptTokens(logits, given);
      const counts = new Map<number, number>();
      const draws = 4000;
      for (let i = 0; i < draws; i++) {
        const id = choose(Float32Array.from(logits), random);
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
      for (const id of counts.keys()) assert.ok(kept.has(id), `${id} is not among ${[...kept]}`);
      const weight = (id: number) => Math.exp(logits[id] / given.temperature);
      const total = [...kept].reduce((sum, id) => sum + weight(id), 0);
      for (const id of kept) {
        const expected = weight(id) / total;
        const found = (counts.get(id) ?? 0) / draws;
        assert.ok(Math.abs(found - expected) < 5 * Math.sqrt(expected / draws) + 1e-3, `${id}: ${found}, ${expected}`);
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});

test("temperature 0 and top-k 1 take the most probable token", () => {
  const logits = Float32Array.of(1, 5, -2, 5);
  assert.equal(tokenSampler(4, { ...all, temperature: 0 })(logits, createRandom(1)), 1);
  assert.equal(tokenSampler(4, { ...all, topK: 1 })(logits, createRandom(1)), 1);
  assert.throws(() => tokenSampler(1, all)(Float32Array.of(-Infinity), createRandom(1)), /no token can follow/);
});

test("the repetition penalty is CTRL's", () => {
  const logits = Float32Array.of(2, -2, 4);
  penalizeRepetition(logits, new Set([0, 1]), 2);
  assert.deepEqual([...logits], [1, -4, 4]);
});

test("an answer hangs on seed and place alone, not on its neighbours", async () => {
  const options = { maxTokens: 12, temperature: 1, seed: 5, endIds: [0] };
  const prompts = [[1], [2, 3], []].map((ids) => Int32Array.from(ids));
  const together = await generate(randomChain(9, 1), prompts, options);
  const again = await generate(randomChain(9, 1), prompts, options);
  assert.deepEqual(again, together);
  const [alone] = await generate(randomChain(9, 1), [prompts[0]], options);
  assert.deepEqual(alone, together[0]);
  assert.notDeepEqual(await generate(randomChain(9, 1), prompts, { ...options, seed: 6 }), together);
});

test("samples share their prompt, finished answers leave the batch", async () => {
  const decoder = randomChain(12, 3);
  const answers = await generate(decoder, [Int32Array.of(1), Int32Array.of(2)], {
    maxTokens: 40,
    temperature: 1,
    samples: 3,
    endIds: [0],
  });
  assert.equal(answers.length, 6);
  for (const part of [answers.slice(0, 3), answers.slice(3)])
    assert.equal(new Set(part.map(({ ids }) => ids.join())).size, 3);
  assert.ok(decoder.steps.at(-1)! < 6, "rows are left out as answers end");
  for (const { ids, finish } of answers) {
    assert.ok(!ids.includes(0));
    assert.equal(finish, ids.length === 40 ? "length" : "end");
  }
});

test("onToken may stop an answer; never keeps tokens out", async () => {
  const heard: number[] = [];
  const [{ ids, finish }] = await generate(randomChain(5, 2), [Int32Array.of(1)], {
    maxTokens: 50,
    temperature: 1,
    never: [0, 3],
    onToken: (_, id) => heard.push(id) === 7,
  });
  assert.deepEqual([...ids], heard);
  assert.equal(ids.length, 7);
  assert.equal(finish, "stopped");
  assert.ok(!ids.includes(0) && !ids.includes(3));
});

test("beam search finds the best text where beams are as many as texts", async () => {
  for (const seed of [1, 2, 3]) {
    const decoder = randomChain(4, seed);
    const [best] = await beamSearch(decoder, Int32Array.of(1), {
      beams: 64,
      maxTokens: 3,
      lengthPenalty: 0,
      endIds: [0],
    });
    // All texts of up to 3 tokens, by hand.
    let top = { ids: [] as number[], score: -Infinity };
    const visit = async (ids: number[], score: number): Promise<void> => {
      const logits = await decoder.start([Int32Array.from([1, ...ids])]);
      const norm = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
      for (let id = 0; id < 4; id++) {
        const reached = score + logits[id] - norm;
        const longer = id === 0 ? ids : [...ids, id];
        if ((id === 0 || longer.length === 3) && reached > top.score) top = { ids: longer, score: reached };
        if (id !== 0 && longer.length < 3) await visit(longer, reached);
      }
    };
    await visit([], 0);
    assert.deepEqual([...best.ids], top.ids);
    assert.ok(Math.abs(best.score - top.score) < 1e-5);
  }
});

test("one beam is greedy, several answers come best first", async () => {
  const prompt = Int32Array.of(2);
  const [greedy] = await generate(randomChain(8, 4), [prompt], { maxTokens: 9 });
  const [beam] = await beamSearch(randomChain(8, 4), prompt, { beams: 1, maxTokens: 9 });
  assert.deepEqual(beam.ids, greedy.ids);
  const several = await beamSearch(randomChain(8, 4), prompt, { beams: 5, samples: 4, maxTokens: 6, endIds: [0] });
  assert.equal(several.length, 4);
  assert.deepEqual(
    several.map(({ score }) => score),
    several.map(({ score }) => score).sort((a, b) => b - a),
  );
});

test("constrained answers match, by sampling and by beams, with and without an end", async () => {
  const tokenizer = createCharacters({
    tokens: ["<eos>", "a", "b", "1", "2", " "],
    specials: new Map([["<eos>", 0]]),
    unknownId: 0,
  });
  const constraint = constrainTokens(parseRegex("(ab|b){2,4} [12]+").pattern, tokenizer);
  for (let seed = 0; seed < 40; seed++) {
    const rules = { constraint, endIds: seed % 2 ? [0] : [], repetitionPenalty: 1.3, never: seed % 3 ? [] : [0] };
    const maxTokens = constraint.shortest + (seed % 5);
    const [sampled] = await generate(randomChain(6, seed), [Int32Array.of(1)], {
      ...rules,
      maxTokens,
      temperature: 1,
      seed,
    });
    const beams = await beamSearch(randomChain(6, seed), Int32Array.of(1), {
      ...rules,
      maxTokens,
      beams: 3,
      samples: 3,
    });
    for (const { ids } of [sampled, ...beams]) assert.match(tokenizer.decode(ids), /^(ab|b){2,4} [12]+$/);
  }
});

test("an abort ends the work", async () => {
  const signal = AbortSignal.abort();
  const prompt = Int32Array.of(1);
  await assert.rejects(generate(randomChain(4, 1), [prompt], { maxTokens: 5, signal }), { name: "CancelledError" });
  await assert.rejects(beamSearch(randomChain(4, 1), prompt, { maxTokens: 5, beams: 2, signal }), {
    name: "CancelledError",
  });
});

test("stop strings end the text before them, however it is cut into pieces", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c", "é"), { maxLength: 14 });
  const stops = fc.array(fc.array(fc.constantFrom("a", "b", "é"), { minLength: 1, maxLength: 3 }), { maxLength: 3 });
  fc.assert(
    fc.property(texts, stops, fc.array(fc.nat(4), { maxLength: 14 }), (characters, wanted, cuts) => {
      const text = characters.join("");
      const strings = wanted.map((parts) => parts.join(""));
      const ends = strings
        .filter((stop) => text.includes(stop))
        .map((stop) => ({ from: text.indexOf(stop), end: text.indexOf(stop) + stop.length }))
        .sort((a, b) => a.end - b.end || a.from - b.from);
      const expected = ends.length > 0 ? text.slice(0, ends[0].from) : text;
      const scanner = stopScanner(strings);
      let found = "";
      let rest = text;
      let stopped = false;
      for (const cut of [...cuts, text.length]) {
        const scan = scanner.push(rest.slice(0, cut));
        rest = rest.slice(cut);
        found += scan.text;
        assert.ok(expected.startsWith(found), "what was told is never taken back");
        stopped = scan.stopped;
        if (stopped) break;
      }
      if (!stopped) found += scanner.end();
      assert.equal(found, expected);
      assert.equal(stopped, ends.length > 0);
    }),
    { seed: 7, numRuns: 500 },
  );
});
