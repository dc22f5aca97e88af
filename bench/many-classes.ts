// Training with many classes of few rows each, against scikit-learn's LinearSVC on words and characters: seconds of one
// processor, and how they grow with the classes. The rows are made up: each class has a name of its own among common words.
//   node dist/bench/many-classes.js [--classes 250,500,1000] [--rows 4]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { fitLinear, predictLinear } from "../src/linear/index.js";
import { openBench } from "./harness.js";
import { startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: { classes: { type: "string", default: "250,500,1000" }, rows: { type: "string", default: "4" } },
});
const common = "film phone train letter garden river good bad odd quick late small talk number about with from".split(
  " ",
);
const bench = openBench("many-classes");
const folder = mkdtempSync(join(tmpdir(), "columnist-many-classes-"));
const peer = await startPeer("sklearn_text.py", ["--threads", "1"], { threads: 1 });
bench.addVersions(peer.hello.versions ?? {});
try {
  for (const classes of flags.classes.split(",").map(Number)) await race(classes, Number(flags.rows));
} finally {
  await peer.stop();
  rmSync(folder, { recursive: true, force: true });
}
bench.close();

async function race(classes: number, rows: number): Promise<void> {
  const random = createRandom(classes);
  const word = () => common[random.integer(common.length)];
  const made = (each: number) =>
    Array.from({ length: classes * each }, (_, i) => ({
      text: [`topic${i % classes}`, word(), word(), `number ${i % classes}`, word(), word(), word()].join(" "),
      label: `c${i % classes}`,
    }));
  const [train, test] = [made(rows), made(1)];
  const files = [join(folder, "train.csv"), join(folder, "test.csv")];
  for (const [i, part] of [train, test].entries())
    writeFileSync(files[i], ["text,label", ...part.map(({ text, label }) => `${text},${label}`), ""].join("\n"));
  const labels = Int32Array.from(train, ({ label }) => Number(label.slice(1)));
  const begun = process.cpuUsage();
  const model = await fitLinear({ texts: train.map(({ text }) => text), labels, classes });
  const used = process.cpuUsage(begun);
  const ours = (used.user + used.system) / 1e6;
  const probabilities = predictLinear(
    model,
    test.map(({ text }) => text),
  );
  let right = 0;
  for (let row = 0; row < test.length; row++) {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    if (own.indexOf(Math.max(...own)) === Number(test[row].label.slice(1))) right++;
  }
  const theirs = await peer.ask<{ accuracy: number; fitCpuMs: number }>("fit", {
    kind: "word-char",
    train: files[0],
    test: files[1],
  });
  bench.figure({
    name: `${classes} classes of ${rows} rows`,
    ours,
    peer: theirs.fitCpuMs / 1000,
    unit: "s",
    measure: "ratio",
    better: "lower",
    atLeast: classes === 1000 ? 1 / 3 : undefined,
    details: { accuracy: (100 * right) / test.length, peerAccuracy: 100 * theirs.accuracy },
  });
}
