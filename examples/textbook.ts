// The textbook program: two LSTMs over word vectors, as the field writes such a model. The texts are made up: each is a
// row of word numbers, and its class is the group that most of its words come from.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../src/base/random.js";
import { loadModel, oneHot, sequential } from "../src/layer-models/index.js";
import { dense, dropout, embedding, lstm } from "../src/nn/index.js";

const vocabSize = 60;
const embeddingDim = 16;
const maxLength = 12;
const hiddenUnits = 16;
const numClasses = 3;
const epochs = 8;
const batchSize = 32;

const [xTrain, yTrain] = makeTexts(600, 1);
const [xVal, yVal] = makeTexts(120, 2);
const [xTest, yTest] = makeTexts(120, 3);

const model = sequential([
  embedding({ vocabSize, embeddingDim, inputLength: maxLength }),
  lstm({ units: hiddenUnits, returnSequences: true }),
  dropout(0.5),
  lstm({ units: hiddenUnits }),
  dense({ units: numClasses, activation: "softmax" }),
]);
console.log(model.summary());

model.compile({ loss: "categoricalCrossentropy", optimizer: "adam", metrics: ["accuracy"] });
const history = await model.fit(xTrain, yTrain, { epochs, batchSize, validationData: [xVal, yVal] });
for (const [epoch, accuracy] of history.history.valAccuracy.entries())
  console.log(`epoch ${epoch + 1}: loss ${history.history.loss[epoch].toFixed(3)}, held-out accuracy ${accuracy}`);

const { loss, accuracy } = await model.evaluate(xTest, yTest);
console.log(`test: loss ${loss.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`);

const folder = process.argv[2] ?? join(tmpdir(), "columnist-textbook");
const probabilities = await model.predict(xTest);
await model.save(folder);
const again = await loadModel(folder);
const same = await again.predict(xTest);
const isSame = probabilities.data.every((value, i) => value === same.data[i]);
console.log(`saved to ${folder}; loaded again, it gives ${isSame ? "the same" : "other"} probabilities`);

function makeTexts(rows: number, seed: number): [x: number[][], y: number[][]] {
  const random = createRandom(seed);
  const classes = Array.from({ length: rows }, () => random.integer(numClasses));
  const group = vocabSize / numClasses;
  const x = classes.map((own) =>
    Array.from({ length: maxLength }, () => {
      const from = random.float() < 0.6 ? own : random.integer(numClasses);
      return from * group + random.integer(group);
    }),
  );
  const y = oneHot(classes, numClasses);
  return [x, classes.map((_, row) => [...y.data.subarray(row * numClasses, (row + 1) * numClasses)])];
}
