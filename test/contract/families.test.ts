// What every family promises, for every task: one table over all of them. The types ask for a case for each task.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { CancelledError } from "../../src/base/errors.js";
import type { ProgressListener } from "../../src/base/progress.js";
import { createRandom } from "../../src/base/random.js";
import { readEncoder } from "../../src/networks/hugging-face/index.js";
import { countTraining } from "../../src/networks/index.js";
import { initialLanguageParameters } from "../../src/networks/language/network-parameters.js";
import type { TransformerShape } from "../../src/networks/language/shape.js";
import type { Base } from "../../src/tasks/families/base.js";
import type { TrainingOptions, TrainingRows } from "../../src/tasks/families/family.js";
import type { PretrainedNetwork } from "../../src/tasks/language/index.js";
import { type TaskName, taskNames, tasks } from "../../src/tasks/tasks.js";
import { createCharacters } from "../../src/text/tokenizers/index.js";
import type { CheckpointPace } from "../../src/train/index.js";

const random = createRandom(11);

interface TaskCase {
  rows: TrainingRows;
  space: unknown;
  /** What the head's figure reaches on the validation rows, at least or at most; by default `usual`. */
  usual: number;
  less?: Record<string, number>;
  /** Bounds of an answer. */
  from: number;
  to: number;
}

const shape: TransformerShape = {
  family: "transformer",
  objective: "next-token",
  vocabSize: 40,
  contextLength: 48,
  layers: 1,
  width: 16,
  heads: 2,
  keyValueHeads: 2,
  feedForwardSize: 32,
  feedForward: "squaredRelu",
  norm: "rms",
  positions: "rotary",
  queryKeyNorm: true,
  useBias: false,
  dropout: 0,
};
const network: PretrainedNetwork = {
  shape,
  weights: new Map(
    initialLanguageParameters(shape, 1).map(({ name, shape: size, data }) => [name, { shape: size, data }]),
  ),
  tokenizer: createCharacters({
    tokens: ["<|endoftext|>", "<unk>", ..."abcdefghijklmnopqrstuvwxyz 0123456789"],
    specials: new Map([
      ["<|endoftext|>", 0],
      ["<unk>", 1],
    ]),
    unknownId: 1,
  }),
};

const kinds = [
  ["good", "fine"],
  ["bad", "poor"],
  ["long", "slow"],
];

/** Texts whose words tell the answer at once. */
const cases: Record<TaskName, () => Promise<TaskCase>> = {
  async classify() {
    const labels = (rows: number) => Array.from({ length: rows }, (_, row) => String(row % kinds.length));
    const word = (label: string) => kinds[Number(label)][random.integer(2)];
    const text = (label: string) => `the film was ${word(label)} and ${word(label)} ${random.integer(50)}`;
    const space = { labels: ["0", "1", "2"] };
    const rows = await rowsOf("classify", space, labels(150), labels(45), text);
    return {
      rows,
      space,
      usual: 0.95,
      less: { transformer: 0.8, pretrained: 0.5, pairs: 0.5, full: 0.5, lora: 0.5 },
      from: 0,
      to: 1,
    };
  },
  async multilabel() {
    const subsets = [[0], [1], [2], [0, 2], []].map((places) => places.map(String));
    const labels = (rows: number) => Array.from({ length: rows }, (_, row) => subsets[row % subsets.length]);
    const word = (label: string) => kinds[Number(label)][random.integer(2)];
    const text = (own: readonly string[]) =>
      `the film was ${["made", ...own.map(word)].join(" and ")} ${random.integer(50)}`;
    const space = { labels: ["0", "1", "2"], separator: ";", thresholds: [0.5, 0.5, 0.5] };
    const rows = await rowsOf("multilabel", space, labels(250), labels(60), text);
    return {
      rows,
      space,
      usual: 0.9,
      less: { transformer: 0.8, pretrained: 0.7, pairs: 0.6, full: 0.6, lora: 0.6 },
      from: 0,
      to: 1,
    };
  },
  /** Far from 0, and further apart than 1: amounts are learned by their deviations from the mean. */
  async regression() {
    const amounts = [1000, 1040, 1100];
    const labels = (rows: number) => Array.from({ length: rows }, (_, row) => String(amounts[row % kinds.length]));
    const word = (label: string) => kinds[amounts.indexOf(Number(label))][random.integer(2)];
    const text = (label: string) => `the film was ${word(label)} and ${word(label)} ${random.integer(50)}`;
    const space = { least: 1000, most: 1100, areWhole: true, halfWidth: 5 };
    const rows = await rowsOf("regression", space, labels(150), labels(45), text);
    return {
      rows,
      space,
      usual: 12,
      less: { transformer: 30, pretrained: 30, full: 40, lora: 40 },
      from: 500,
      to: 1600,
    };
  },
};

async function rowsOf<Label extends string | readonly string[]>(
  name: TaskName,
  space: unknown,
  training: Label[],
  validation: Label[],
  text: (label: Label) => string,
): Promise<TrainingRows> {
  const task = await tasks[name].load();
  const part = (labels: Label[]) => ({ texts: labels.map(text), targets: task.targets(labels, space) });
  const known = part(training);
  return { head: task.head(space, known.targets), training: known, validation: part(validation) };
}

/** What some families need beside the rows. */
const encoderFolder = "test/golden/encoders/bert";
const encoder: Base = { kind: "encoder", encoder: readEncoder(encoderFolder), source: { folder: encoderFolder } };
const options: Record<string, Partial<TrainingOptions>> = {
  pretrained: { base: { kind: "language", network }, epochs: 12 },
  vectors: { base: encoder },
  pairs: { base: encoder, epochs: 4 },
  full: { base: encoder, epochs: 4 },
  lora: { base: encoder, epochs: 4 },
};
/** Families whose last layer learns by itself, before everything else or behind it. */
const stages: Record<string, number> = { pretrained: 3, full: 3, lora: 3, pairs: 4 };

/** Those that are solved in one go: nothing to go on with after an interruption, and no epochs. */
const linear = new Set(["linear", "vectors"]);

/** By steps, not by time. */
function oftenEnough(): CheckpointPace {
  let calls = 0;
  return {
    whenDue(_, write) {
      if (calls++ % 7 === 5) write();
    },
    orTell: (_, write) => write(),
    now: (write) => write(),
  };
}

for (const taskName of taskNames) {
  const task = await tasks[taskName].load();
  const { rows, space, usual, less = {}, from, to } = await cases[taskName]();
  const { width } = rows.head;
  for (const name of Object.keys(task.families)) {
    const train = async (threads: number, signal?: AbortSignal, most = options[name]?.epochs ?? 8) => {
      const family = await task.families[name].load();
      return family.train(rows, { seed: 5, ...options[name], epochs: most, threads }, { signal });
    };

    test(`${taskName}, ${name}: learns, answers alone as among others, and comes back from its files`, async () => {
      const { model, validation, stopped } = await train(2);
      assert.equal(model.family, name);
      assert.equal(model.width, width);
      assert.notEqual(stopped, "cancelled");
      assert.equal(validation.length, rows.validation.texts.length * width);
      const all = [...rows.validation.texts.keys()];
      const [value, sign] = [
        rows.head.figure.of(rows.validation.targets, all, validation),
        rows.head.figure.higherIsBetter,
      ];
      const wanted = less[name] ?? usual;
      assert.ok(sign ? value >= wanted : value <= wanted, `${rows.head.figure.name} ${value}`);

      const texts = [...rows.validation.texts.slice(0, 9), "", "unheard-of ☃ \u0000", "good ".repeat(3000)];
      const answers = await model.predict(texts);
      assert.ok(answers.every((value) => value >= from && value <= to));
      for (const row of [0, 9, 10, 11]) {
        const alone = await model.predict([texts[row]]);
        for (let c = 0; c < width; c++)
          assert.ok(Math.abs(alone[c] - answers[width * row + c]) < 1e-5 * Math.max(1, to - from));
      }
      assert.equal(task.answers(answers, space).length, texts.length);
      const columns = task.columns({ column: "answer" }, space, true);
      const values = task.values(answers, space, true);
      assert.deepEqual(
        values.map(({ length }) => length),
        columns.map(() => texts.length),
      );
      const files = await model.files();
      const numbers = [...files.tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
      // Updates of low rank are a small part of the model, which they are kept without.
      assert.ok(name === "lora" ? numbers < model.parameters : model.parameters > 0 && model.parameters <= numbers);
      const config = JSON.parse(JSON.stringify(files.config));
      const again = await (await task.families[name].load()).load({ ...files, config }, { threads: 1 });
      assert.deepEqual(await again.predict(texts), answers);
      await Promise.all([model.close(), again.close()]);
    });

    if (taskName === "classify" && !linear.has(name) && name !== "pairs")
      test(`${taskName}, ${name}: says what it would train`, async () => {
        const family = await task.families[name].load();
        const planned = await family.plan!(rows, { seed: 5, ...options[name], epochs: 2, threads: 2 });
        const stages = planned.map((one) => ({ ...countTraining(one), rows: one.rows.training.ids.length }));
        const [last, before] = stages.reverse();
        const counts = [rows.training, rows.validation].map(({ texts }) => texts.length);
        // All rows behind the training rows, each in two epochs of batches.
        assert.deepEqual([last.rows, before.rows], [counts[0] + counts[1], counts[0]]);
        assert.equal(last.steps, 2 * Math.ceil(last.rows / planned.at(-1)!.options.batchSize));
        assert.ok(last.parameters === before.parameters && last.parameters > 1000);
        for (const { flops, bytes, steps, parameters } of stages)
          assert.ok(steps > 0 && flops > steps && bytes > 4 * parameters);
      });

    // Networks meet the task in their head alone: one task shows the bits of all, the others those of the cheapest one.
    const isThorough = taskName === "classify" || linear.has(name) || name === "cnn";

    if (isThorough)
      test(`${taskName}, ${name}: the same seed gives the same bits on one thread and on two`, async () => {
        const weights = [];
        for (const threads of [1, 2]) {
          const { model } = await train(threads);
          weights.push(new Map([...(await model.files()).tensors].map(([key, { data }]) => [key, data.slice()])));
          await model.close();
        }
        assert.deepEqual(weights[0], weights[1]);
      });

    if (!linear.has(name))
      test(`${taskName}, ${name}: every parameter moves`, async () => {
        // From the same start: a parameter that stands still is the same after one epoch as after two.
        const [once, twice] = await Promise.all([1, 2].map((epochs) => train(1, undefined, epochs)));
        const [before, after] = [await once.model.files(), await twice.model.files()];
        for (const [key, { data }] of before.tensors) assert.notDeepEqual(after.tensors.get(key)!.data, data, key);
        await Promise.all([once.model.close(), twice.model.close()]);
      });

    if (isThorough)
      test(`${taskName}, ${name}: an interrupted training goes on to the same bits, whatever it was at`, async (t) => {
        const folder = mkdtempSync(join(tmpdir(), "columnist-families-"));
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const family = await task.families[name].load();
        /** What its checkpoints are copied to, by the stage that it is at. */
        const copies = new Map<string, string>();
        const trainIn = async (own: string, onProgress?: ProgressListener) => {
          const said: string[] = [];
          const place = {
            folder: join(folder, own),
            pace: oftenEnough(),
            say: (message: string) => said.push(message),
          };
          const { model, validation } = await family.train(
            rows,
            { seed: 5, epochs: 2, ...options[name], threads: 2, place },
            { onProgress },
          );
          const weights = new Map([...(await model.files()).tensors].map(([key, { data }]) => [key, data.slice()]));
          await model.close();
          return { weights, validation, said };
        };
        const whole = await trainIn("whole", ({ stage, done, total }) => {
          const isThere = existsSync(join(folder, "whole"));
          if (!isThere || copies.has(stage) || done < 0.7 * total) return;
          copies.set(stage, join(folder, `copy-${copies.size}`));
          cpSync(join(folder, "whole"), copies.get(stage)!, { recursive: true });
        });
        if (linear.has(name)) return assert.equal(copies.size, 0);
        assert.equal(copies.size, stages[name] ?? 2, [...copies.keys()].join());
        for (const [stage, copy] of copies) {
          const { weights, validation, said } = await trainIn(basename(copy));
          assert.match(said.at(-1) ?? "", /resuming after step [1-9]\d* of/, stage);
          assert.deepEqual(weights, whole.weights, stage);
          assert.deepEqual(validation, whole.validation, stage);
        }
      });

    test(`${taskName}, ${name}: a signal before training leaves nothing; wrong files are refused`, async () => {
      await assert.rejects(train(1, AbortSignal.abort()), CancelledError);
      const family = await task.families[name].load();
      const wrong = { config: { family: "other" }, tensors: new Map(), tokenizer: "{}", onnx: new Uint8Array(3) };
      await assert.rejects(family.load(wrong, { threads: 1 }), { name: "UserError" });
    });
  }
}
