// The labels that rows are sorted into, and the texts that say what they mean.
import { existsSync } from "node:fs";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { hasColumn, readTexts } from "../../tables/index.js";
import { withTable } from "../add-columns.js";

export interface Label {
  name: string;
  /** What it means: its descriptions, or its own name in words. */
  texts: string[];
}

const [nameColumn, descriptionColumn] = ["name", "description"];

/**
 * @param labels names divided by commas, or the path of a table: a row for each description of a label
 * @throws UserError when there are fewer than two labels, or the table lacks a column
 * @example
 * await readLabels("refund,late_delivery"); // [{ name: "refund", texts: ["refund"] }, { …, texts: ["late delivery"] }]
 */
export async function readLabels(labels: string, watch: WorkflowWatch): Promise<Label[]> {
  const rows = isTable(labels) ? await readTable(labels, watch) : labels.split(",").map((name) => [name] as const);
  const found = new Map<string, string[]>();
  for (const [given, description] of rows) {
    const name = given?.trim() ?? "";
    if (name === "") continue;
    const texts = found.get(name) ?? [];
    texts.push(description?.trim() || inWords(name));
    found.set(name, texts);
  }
  if (found.size >= 2) return [...found].map(([name, texts]) => ({ name, texts: [...new Set(texts)] }));
  throw new UserError(
    `${option("labels")} '${labels}' has ${found.size === 0 ? "no label" : "one label"}; rows are sorted into two or more. Write ` +
      `them divided by commas, or name a table with the columns ${nameColumn} and ${descriptionColumn}.`,
  );
}

const isTable = (labels: string) => existsSync(labels) || /\.(csv|tsv|jsonl?|ndjson|parquet|duckdb)$/i.test(labels);

async function readTable(path: string, watch: WorkflowWatch) {
  return withTable({ path }, watch, async (table) => {
    if (!hasColumn(table, nameColumn))
      throw new UserError(
        `${path} has no column '${nameColumn}'. A table of labels has the columns ${nameColumn} and, for texts that say what a ` +
          `label means, ${descriptionColumn}.`,
      );
    const names = await readTexts(table, [nameColumn]);
    const descriptions = hasColumn(table, descriptionColumn) ? await readTexts(table, [descriptionColumn]) : [];
    return names.map((name, row) => [name, descriptions[row]] as const);
  });
}

/** card_arrival: card arrival */
export const inWords = (name: string) => name.replaceAll(/[_-]+/g, " ").trim() || name;
