import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { type SplitRows, tasks } from "../../tasks/index.js";
import { ensembleOf } from "./ensemble.js";
import { chooseModel } from "./pick-model.js";
import { type Candidate, modelResult } from "./train-family.js";

const task = await tasks.classify.load();
const random = createRandom(2);
const space = { labels: ["a", "b"] };
const labelled = (count: number) => {
  const labels = Array.from({ length: count }, () => space.labels[random.integer(2)]);
  return { labels, texts: labels.map(() => ""), targets: task.targets(labels, space) };
};
const [training, validation, heldOut] = [labelled(4), labelled(600), labelled(300)];
const rows: SplitRows = {
  ...{ space, training, validation, head: task.head(space, training.targets) },
  heldOut: { ...heldOut, source: "test" },
  labels: { training: training.labels, validation: validation.labels },
  ...{ sharedWithTest: 0, warnings: [] },
};

/** Probabilities that lean to the truth, with noise of their own. */
function model(name: string, lean: number, answering: number): Candidate {
  const answersFor = (labels: readonly string[]) =>
    Float32Array.from(
      labels.flatMap((label) => {
        const share = 1 / (1 + Math.exp(-(label === "a" ? lean : -lean) - 1.5 * random.normal()));
        return [share, 1 - share];
      }),
    );
  const own = { name, family: name };
  const trained: Candidate["trained"] = {
    ...{ validation: answersFor(validation.labels), answers: answersFor(heldOut.labels) },
    ...{ parameters: 10, seconds: 1, answering, epochs: [], stopped: "finished" as const },
    files: async () => ({ config: name, tensors: new Map() }),
    close: async () => {},
  };
  return { ...own, trained, judged: trained.validation, result: modelResult(task, own, rows, trained, 0) };
}

test("models that err apart become one, which is picked, measured and costs what they all do", async () => {
  const models = [model("linear", 1.2, 0.001), model("cnn", 1.2, 0.002), model("lstm", 1.2, 0.004)];
  const options = { metric: task.measures[0], isAsked: false, seed: 0, isLate: () => false };
  const ensemble = ensembleOf(task, rows, models, options)!;
  assert.equal(ensemble.members.length, 3);
  const judged = { candidates: [...models, ensemble], labels: validation.labels, targets: validation.targets };
  const choice = (wanted: Partial<Parameters<typeof chooseModel>[3]> = {}) =>
    chooseModel(task, rows, judged, { family: "all", metric: undefined, ...wanted });
  assert.equal(choice().chosen, ensemble);
  // What answers too slowly is not chosen, whatever was asked for.
  assert.deepEqual(choice({ allowed: models }).winner, models[0]);
  assert.equal(choice({ allowed: models, family: "lstm" }).chosen, models[2]);
  assert.equal(choice({ allowed: models.slice(0, 2), family: "lstm" }).chosen, models[0]);
  const accuracy = ({ result }: Candidate) => result.figures[0].value;
  for (const one of models) assert.ok(accuracy(ensemble) > accuracy(one) + 0.02);
  assert.ok(Math.abs(ensemble.result.secondsPerRow! - 0.007) < 1e-9);
  const { config, members } = await ensemble.trained.files();
  const names = ensemble.members.map(({ model: { name } }) => name);
  assert.deepEqual(config, { members: names.map((name) => ({ name, family: name, config: name })) });
  assert.equal(members!.length, 3);
  assert.equal(ensembleOf(task, rows, models.slice(0, 1), options), undefined);
  // One that nothing can be added to stays alone.
  const sure = model("sure", 20, 0.001);
  assert.equal(ensembleOf(task, rows, [...models, sure], options), undefined);
});
