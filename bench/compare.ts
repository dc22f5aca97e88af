// What comparing costs beside predicting: four linear models, the fastest there are, on 100,000 rows.
//   node dist/bench/compare.js [--data <folder>] [--rows 100000] [--keep]
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareModels, predictTable, trainModel } from "../src/index.js";
import { defaultDataFolder, readRows } from "./data-sets.js";
import { openBench } from "./harness.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    rows: { type: "string", default: "100000" },
    keep: { type: "boolean", default: false },
  },
});
const folder = mkdtempSync(join(tmpdir(), "columnist-compare-bench-"));
try {
  const count = Number(flags.rows);
  const known = await readRows(join(flags.data, "movie-reviews.csv"));
  const table = join(folder, "rows.jsonl");
  const rows = Array.from({ length: count }, (_, i) => ({ ...known[i % known.length], id: i }));
  writeFileSync(table, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const models = ["a", "b", "c", "d"].map((name) => join(folder, name));
  for (const [seed, out] of models.entries())
    await trainModel(join(flags.data, "movie-reviews.csv"), {
      text: ["text"],
      label: "label",
      model: "linear",
      splitSeed: seed,
      out,
    });
  const timed = async (work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1000;
  };
  const bench = openBench("compare");
  const predicting = await timed(async () => {
    for (const model of models) await predictTable(model, table, { out: join(folder, "out.csv") });
  });
  for (const metric of ["accuracy", "macro-f1", "auroc"])
    bench.figure({
      name: `four models compared by ${metric}, beside predicting with them`,
      ours: await timed(() => compareModels(models, table, { metric })),
      peer: predicting,
      unit: "s",
      measure: "ratio",
      better: "lower",
      atLeast: 0.5,
      details: { rows: count },
    });
  bench.close(flags.keep);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
