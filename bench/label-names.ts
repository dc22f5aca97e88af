// Rows sorted by the names of labels alone, as `classify` does.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSet } from "./data-sets.js";
import { runCommand } from "./run-command.js";

const words: Partial<Record<DataSet, Record<string, string>>> = {
  trec: {
    ABBR: "abbreviation",
    DESC: "description",
    ENTY: "entity",
    HUM: "human",
    LOC: "location",
    NUM: "number",
  },
};

/** What the labels of a table stand for, as one would type it. */
export function wordsOf(name: DataSet, labels: Iterable<string>): Record<string, string> {
  return Object.fromEntries([...labels].sort().map((label) => [label, words[name]?.[label] ?? label]));
}

/** @param test JSON lines of text and label @param names by label @returns the share that is right, in percent */
export async function classifyByNames(
  folder: string,
  test: string,
  names: Record<string, string>,
  model: string,
): Promise<{ accuracy: number; seconds: number }> {
  const [labels, out] = [join(folder, "labels.jsonl"), join(folder, "sorted.jsonl")];
  const described = Object.entries(names).map(([name, word]) => ({ name, description: word === name ? null : word }));
  writeFileSync(labels, described.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const asked = ["classify", test, "--text", "text", "--labels", labels, "--with", model, "--out", out];
  const { seconds } = await runCommand(asked);
  const found = readFileSync(out, "utf8").trimEnd().split("\n");
  const right = found.filter((line) => {
    const { label, label_new: own } = JSON.parse(line) as { label: string; label_new: string };
    return label === own;
  });
  return { accuracy: (100 * right.length) / found.length, seconds };
}
