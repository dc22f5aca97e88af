// What `cost` tells of training beside what it takes: time and memory of four networks on the beginning of the movie reviews.
//   node --expose-gc dist/bench/cost.js [--data <folder>] [--model <folder of all-MiniLM-L6-v2>] [--only cnn,lstm] [--rows 3000]
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultDataFolder } from "./data-sets.js";
import { openBench } from "./harness.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    model: { type: "string", default: join(process.env.COLUMNIST_MODELS ?? "bench/models", "all-MiniLM-L6-v2") },
    only: { type: "string", default: "cnn,lstm,transformer,full" },
    rows: { type: "string", default: "3000" },
  },
});
/** As many rows of the fine-tuned encoder, whose steps take twenty times as long. */
const rowsOf = (family: string) => (family === "full" ? Math.round(Number(flags.rows) / 5) : Number(flags.rows));
/** Shares of what was measured. */
const asked = { memory: 0.2, time: 0.25 };
const bench = openBench("cost");

interface Told {
  told: { seconds: number; bytes: number; flops: number; steps: number };
  toldIn: number;
  took: number;
  grown: number;
}

for (const family of flags.only.split(",")) {
  const base = family === "full" ? [flags.model] : [];
  const table = join(flags.data, "movie-reviews.csv");
  const args = ["--expose-gc", "dist/bench/cost-side.js", family, table, String(rowsOf(family)), "3", ...base];
  const { told, toldIn, took, grown } = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Told;
  const details = { told, toldIn, took, grown };
  bench.figure({
    name: `${family}: memory told, share of what was measured`,
    ours: told.bytes / grown,
    unit: "times",
    measure: "value",
    atLeast: 1 - asked.memory,
    atMost: 1 + asked.memory,
    details,
  });
  bench.figure({
    name: `${family}: time told, share of what was measured`,
    ours: told.seconds / took,
    unit: "times",
    measure: "value",
    atLeast: 1 - asked.time,
    atMost: 1 + asked.time,
    details,
  });
}
bench.close(flags.only.split(",").length === 4 && flags.rows === "3000");
