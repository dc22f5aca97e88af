// Word vectors and pretrained encoders, audited by associations of words.
import { type AssociationAudit, type AssociationTest, auditAssociations, type WordForm } from "../../audit/index.js";
import { UserError } from "../../base/errors.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { vectorOf } from "../../embeddings/index.js";
import { isHuggingFaceFolder } from "../../networks/hugging-face/folder.js";
import { isStaticFolder } from "../../networks/hugging-face/static-vectors.js";
import { openRowEncoder, openVectors, vectorsPath } from "../../row-vectors/index.js";
import { sampleColumns } from "../../tables/index.js";
import { withTable } from "../add-columns.js";
import type { AuditSettings } from "./options.js";

/** Sentences that say nothing but the word (C. May et al. 2019). */
const frames = ["This is {}.", "Here is {}."];
const mostWords = 1000;

export async function auditVectors(
  name: string,
  path: string | undefined,
  { seed, threads, table, query }: AuditSettings & { threads: number },
  watch: WorkflowWatch,
): Promise<AssociationAudit & { output: string }> {
  const own = path === undefined ? undefined : [await readTest({ path, table, query }, watch)];
  const place = vectorsPath(name);
  watch.onProgress?.({ stage: "reading vectors", done: 0, total: 1 });
  if (!isHuggingFaceFolder(place) || isStaticFolder(place)) {
    const vectors = await openVectors(name, watch.onMessage);
    const lookUp = (word: string) => vectorOf(vectors, word) ?? vectorOf(vectors, word.toLowerCase());
    const form: WordForm = { name: "words", vectorsOf: async (words) => words.map(lookUp) };
    const output = `vectors of ${vectors.words.length.toLocaleString("en")} ${vectors.tokens ? "tokens" : "words"}`;
    return { output, ...(await auditAssociations([form], seed, own)) };
  }
  const encoder = await openRowEncoder([], { with: name, seed, threads }, watch);
  const formOf = (title: string, frame: string): WordForm => ({
    name: title,
    async vectorsOf(words) {
      const { vectors, known } = await encoder.encode(words.map((word) => frame.replace("{}", word)));
      return words.map((_, i) => (known[i] ? vectors.slice(i * encoder.dim, (i + 1) * encoder.dim) : undefined));
    },
  });
  try {
    const forms = [formOf("words", "{}"), ...frames.map((frame) => formOf(frame.replace("{}", "…"), frame))];
    return { output: `an encoder: ${encoder.description}`, ...(await auditAssociations(forms, seed, own)) };
  } finally {
    await encoder.close();
  }
}

/** A test of the user's: a table of four columns, X, Y, A and B, named after their sets. */
async function readTest(
  source: { path: string; table?: string; query?: string },
  watch: WorkflowWatch,
): Promise<AssociationTest> {
  return withTable(source, watch, async (table) => {
    const names = table.columns.map(({ name }) => name);
    if (names.length !== 4)
      throw new UserError(
        `${table.description} has ${names.length} columns. For vectors, a table has four columns of words: two sets that are compared, ` +
          "and the two that they may be near. Without a table, known sets are used.",
      );
    const { values } = await sampleColumns(table, names, mostWords);
    const [x, y, a, b] = names.map((name, i) => ({ name, words: values[i].flatMap((word) => word?.trim() || []) }));
    return { x, y, a, b };
  });
}
