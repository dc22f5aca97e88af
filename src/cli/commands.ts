// The commands: one table. A command's code is loaded when it is named.
import type { CommandModule } from "./command.js";

export interface CommandEntry {
  summary: string;
  load(): Promise<CommandModule>;
}

/** Commands of two words: what the first one stands for. */
export const groups: Record<string, string> = {
  embeddings: "train or evaluate word vectors",
};

export const commands: Record<string, CommandEntry> = {
  train: {
    summary: "train text classifiers on a table and keep the best",
    load: async () => (await import("./commands/train.js")).trainCommand,
  },
  pretrain: {
    summary: "train a language model on the texts of a table",
    load: async () => (await import("./commands/pretrain.js")).pretrainCommand,
  },
  check: {
    summary: "find what is wrong with a table before training",
    load: async () => (await import("./commands/check.js")).check,
  },
  cost: {
    summary: "tell what training or answering costs: time, memory, energy",
    load: async () => (await import("./commands/cost.js")).cost,
  },
  evaluate: {
    summary: "measure a model on a table with true labels",
    load: async () => (await import("./commands/evaluate.js")).evaluate,
  },
  compare: {
    summary: "compare models on the same rows: which is better, and is it chance",
    load: async () => (await import("./commands/compare.js")).compare,
  },
  audit: {
    summary: "measure whether a model treats groups of people alike",
    load: async () => (await import("./commands/audit.js")).audit,
  },
  predict: {
    summary: "add a model's predictions to a table as new columns",
    load: async () => (await import("./commands/predict.js")).predict,
  },
  explain: {
    summary: "show which words made a model answer as it did",
    load: async () => (await import("./commands/explain.js")).explain,
  },
  classify: {
    summary: "sort rows into labels by an encoder or decoder, without training",
    load: async () => (await import("./commands/classify.js")).classifyCommand,
  },
  extract: {
    summary: "read fields out of texts into columns, by a JSON schema",
    load: async () => (await import("./commands/extract.js")).extractCommand,
  },
  embed: {
    summary: "add an embedding vector to every row of a table",
    load: async () => (await import("./commands/embed.js")).embed,
  },
  index: {
    summary: "build a search index of a table",
    load: async () => (await import("./commands/index-table.js")).indexCommand,
  },
  search: {
    summary: "find the rows most similar to a query",
    load: async () => (await import("./commands/search.js")).search,
  },
  topics: {
    summary: "find the topics of the rows and draw a map",
    load: async () => (await import("./commands/topics.js")).topics,
  },
  duplicates: {
    summary: "find duplicate rows",
    load: async () => (await import("./commands/duplicates.js")).duplicates,
  },
  perplexity: {
    summary: "measure how well a language model predicts texts",
    load: async () => (await import("./commands/perplexity.js")).perplexity,
  },
  score: {
    summary: "add a language model's log-probability of each row to a table",
    load: async () => (await import("./commands/score.js")).score,
  },
  "embeddings train": {
    summary: "learn word vectors from texts",
    load: async () => (await import("./commands/embeddings-train.js")).embeddingsTrain,
  },
  "embeddings evaluate": {
    summary: "compare word vectors with human judgements",
    load: async () => (await import("./commands/embeddings-evaluate.js")).embeddingsEvaluate,
  },
  distil: {
    summary: "make a small, fast model of a large one",
    load: async () => (await import("./commands/distil.js")).distil,
  },
  export: {
    summary: "write a model for Python's transformers and other programs",
    load: async () => (await import("./commands/export.js")).exportCommand,
  },
  similar: {
    summary: "find the words most similar to given words",
    load: async () => (await import("./commands/similar.js")).similar,
  },
  generate: {
    summary: "generate text with a language model",
    load: async () => (await import("./commands/generate.js")).generateCommand,
  },
  report: {
    summary: "open a model's report, or copy it",
    load: async () => (await import("./commands/report.js")).report,
  },
  inspect: {
    summary: "describe a folder and its measured quality, and check its files",
    load: async () => (await import("./commands/inspect.js")).inspect,
  },
  tokenize: {
    summary: "turn the texts of a table into token ids with offsets",
    load: async () => (await import("./commands/tokenize.js")).tokenize,
  },
  pull: {
    summary: "download a pretrained model, or list models worth having",
    load: async () => (await import("./commands/pull.js")).pull,
  },
  quantize: {
    summary: "write a model in 8 bits: smaller and faster",
    load: async () => (await import("./commands/quantize.js")).quantize,
  },
  models: {
    summary: "list the models that you have and the commands that take them",
    load: async () => (await import("./commands/models.js")).models,
  },
};
