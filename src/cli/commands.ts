// The commands: one table. A command's code is loaded when it is named.
import type { z } from "zod";
import type { WorkflowWatch } from "../workflows/watch.js";

export interface CommandContext {
  watch: WorkflowWatch;
  json: boolean;
}

/** What is printed: the document with --json, otherwise the text. */
export interface CommandAnswer {
  document: object;
  text: string;
}

export interface CommandModule<Schema extends z.ZodObject = z.ZodObject> {
  /** Positional arguments, in commander's notation. */
  arguments: readonly (readonly [name: string, description: string])[];
  schema: Schema;
  /** For the end of the help. */
  example: string;
  /** Undefined when it wrote to stdout itself. */
  run(args: string[], options: z.output<Schema>, context: CommandContext): Promise<CommandAnswer | undefined>;
}

export interface CommandEntry {
  summary: string;
  load(): Promise<CommandModule>;
}

/** Keeps the options' types inside a command while the table holds all of them. */
export function command<Schema extends z.ZodObject>(module: CommandModule<Schema>): CommandModule {
  return module as unknown as CommandModule;
}

/** Commands of two words: what the first one stands for. */
export const groups: Record<string, string> = {
  embeddings: "vectors of words: train or evaluate them",
};

export const commands: Record<string, CommandEntry> = {
  train: {
    summary: "train text classifiers on a table and keep the best",
    load: async () => (await import("./commands/train.js")).train,
  },
  pretrain: {
    summary: "train a language model on the texts of a table",
    load: async () => (await import("./commands/pretrain.js")).pretrain,
  },
  evaluate: {
    summary: "measure a model on a table with true labels",
    load: async () => (await import("./commands/evaluate.js")).evaluate,
  },
  predict: {
    summary: "add a model's answers to a table as new columns",
    load: async () => (await import("./commands/predict.js")).predict,
  },
  embed: {
    summary: "add a vector to every row of a table",
    load: async () => (await import("./commands/embed.js")).embed,
  },
  index: {
    summary: "make an index of a table, to be searched",
    load: async () => (await import("./commands/index-table.js")).indexCommand,
  },
  search: {
    summary: "find the rows most like a question",
    load: async () => (await import("./commands/search.js")).search,
  },
  topics: {
    summary: "find what the rows are about, and draw a map",
    load: async () => (await import("./commands/topics.js")).topics,
  },
  duplicates: {
    summary: "find duplicate rows",
    load: async () => (await import("./commands/duplicates.js")).duplicates,
  },
  perplexity: {
    summary: "measure how well a language model foresees texts",
    load: async () => (await import("./commands/perplexity.js")).perplexity,
  },
  score: {
    summary: "add a language model's log-probability of each row to a table",
    load: async () => (await import("./commands/score.js")).score,
  },
  "embeddings train": {
    summary: "learn vectors of words from texts",
    load: async () => (await import("./commands/embeddings-train.js")).embeddingsTrain,
  },
  "embeddings evaluate": {
    summary: "compare vectors of words with what people say",
    load: async () => (await import("./commands/embeddings-evaluate.js")).embeddingsEvaluate,
  },
  similar: {
    summary: "find the words nearest to one or several words",
    load: async () => (await import("./commands/similar.js")).similar,
  },
  generate: {
    summary: "write text with a language model",
    load: async () => (await import("./commands/generate.js")).generate,
  },
  inspect: {
    summary: "say what a model folder is and how good it was",
    load: async () => (await import("./commands/inspect.js")).inspect,
  },
  tokenize: {
    summary: "turn the texts of a table into a tokenizer's ids, with places",
    load: async () => (await import("./commands/tokenize.js")).tokenize,
  },
};
