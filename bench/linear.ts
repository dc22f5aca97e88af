// Settings of the linear model by cross-validation inside the training rows; the test rows are never read.
//   node dist/bench/linear.js [--data <folder>] [--only trec,...] [--folds 3] ['{"ratio":0}' '{"C":2}' ...]
// Each argument is one setting beside the default.
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { fitLinear, type LinearOptions, predictLinear } from "../src/linear/index.js";
import { accuracy, calibrationError, logLoss, predictedClasses } from "../src/metrics/index.js";
import { dataSets, defaultDataFolder, type LabelledRow, readSplit } from "./data-sets.js";

const { values: flags, positionals } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    only: { type: "string", default: dataSets.join(",") },
    folds: { type: "string", default: "3" },
  },
  allowPositionals: true,
});
const folds = Number(flags.folds);
for (const name of dataSets.filter((name) => flags.only.split(",").includes(name))) {
  const { train } = await readSplit(flags.data, name, 1);
  for (const setting of ["{}", ...positionals]) {
    const figures = await crossValidate(train, JSON.parse(setting) as LinearOptions);
    process.stdout.write(`${name.padEnd(14)} ${setting.padEnd(28)} ${figures}\n`);
  }
}

async function crossValidate(rows: readonly LabelledRow[], options: LinearOptions): Promise<string> {
  const names = [...new Set(rows.map((row) => row.label))].sort();
  const classes = names.length;
  const labels = Int32Array.from(rows, (row) => names.indexOf(row.label));
  const order = createRandom(1).shuffle(Int32Array.from(labels.keys()));
  const probabilities = new Float32Array(rows.length * classes);
  let [fitMs, predictMs] = [0, 0];
  for (let fold = 0; fold < folds; fold++) {
    const inside = order.filter((_, i) => i % folds !== fold);
    const outside = order.filter((_, i) => i % folds === fold);
    const start = performance.now();
    const texts = Array.from(inside, (row) => rows[row].text);
    const model = await fitLinear({ texts, labels: inside.map((row) => labels[row]), classes }, options);
    const fitted = performance.now();
    const answers = predictLinear(
      model,
      Array.from(outside, (row) => rows[row].text),
    );
    fitMs += fitted - start;
    predictMs += performance.now() - fitted;
    for (const [i, row] of outside.entries())
      probabilities.set(answers.subarray(i * classes, (i + 1) * classes), row * classes);
  }
  const figures = {
    accuracy: (100 * accuracy(labels, predictedClasses(probabilities, classes))).toFixed(2),
    "log loss": logLoss(labels, probabilities, classes).toFixed(4),
    "calibration error": calibrationError(labels, probabilities, classes).toFixed(4),
    "fit s": (fitMs / folds / 1000).toFixed(2),
    "rows/s": ((1000 * rows.length) / predictMs).toFixed(0),
  };
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join("  ");
}
