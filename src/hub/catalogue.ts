// Models worth having, for `columnist pull` without an id. All of them have safetensors or GGUF weights, and a licence that
// allows use at work.

export interface CatalogueEntry {
  id: string;
  task: keyof typeof catalogueTasks;
  languages: string;
  parameters: number;
  /** Of the weights' file or files. */
  bytes: number;
  /** The Hub's word for it. */
  licence: string;
  note?: string;
}

export const catalogueTasks = {
  vectors: "Vectors of texts: search, topics, duplicates, few labels, no labels",
  static: "Static vectors of tokens: the same, hundreds of times faster and less exact",
  base: "Bases for fine-tuning a classifier on many labelled rows",
  decoder: "Text generation, extraction, perplexity",
};

export const catalogue: readonly CatalogueEntry[] = [
  {
    task: "vectors",
    id: "sentence-transformers/all-MiniLM-L6-v2",
    languages: "English",
    parameters: 22.7e6,
    bytes: 90.9e6,
    licence: "apache-2.0",
    note: "start with this one",
  },
  {
    task: "vectors",
    id: "BAAI/bge-small-en-v1.5",
    languages: "English",
    parameters: 33.4e6,
    bytes: 133e6,
    licence: "mit",
  },
  {
    task: "vectors",
    id: "sentence-transformers/all-mpnet-base-v2",
    languages: "English",
    parameters: 109e6,
    bytes: 438e6,
    licence: "apache-2.0",
    note: "larger, more exact",
  },
  {
    task: "vectors",
    id: "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    languages: "50 languages",
    parameters: 118e6,
    bytes: 471e6,
    licence: "apache-2.0",
  },
  {
    task: "vectors",
    id: "intfloat/multilingual-e5-small",
    languages: "about 100 languages",
    parameters: 118e6,
    bytes: 471e6,
    licence: "mit",
    note: 'expects "query: " before each text',
  },
  {
    task: "static",
    id: "minishlab/potion-base-8M",
    languages: "English",
    parameters: 7.56e6,
    bytes: 30.2e6,
    licence: "mit",
  },
  {
    task: "static",
    id: "sentence-transformers/static-retrieval-mrl-en-v1",
    languages: "English",
    parameters: 31.3e6,
    bytes: 125e6,
    licence: "apache-2.0",
    note: "for questions and what answers them",
  },
  {
    task: "static",
    id: "sentence-transformers/static-similarity-mrl-multilingual-v1",
    languages: "multilingual",
    parameters: 108e6,
    bytes: 434e6,
    licence: "apache-2.0",
  },
  {
    task: "base",
    id: "distilbert/distilbert-base-uncased",
    languages: "English",
    parameters: 67e6,
    bytes: 268e6,
    licence: "apache-2.0",
  },
  {
    task: "base",
    id: "answerdotai/ModernBERT-base",
    languages: "English",
    parameters: 150e6,
    bytes: 599e6,
    licence: "apache-2.0",
    note: "texts of up to 8,192 tokens",
  },
  {
    task: "base",
    id: "FacebookAI/xlm-roberta-base",
    languages: "about 100 languages",
    parameters: 279e6,
    bytes: 1.12e9,
    licence: "mit",
  },
  {
    task: "decoder",
    id: "HuggingFaceTB/SmolLM2-135M-Instruct",
    languages: "English",
    parameters: 135e6,
    bytes: 269e6,
    licence: "apache-2.0",
  },
  {
    task: "decoder",
    id: "HuggingFaceTB/SmolLM2-360M-Instruct",
    languages: "English",
    parameters: 362e6,
    bytes: 724e6,
    licence: "apache-2.0",
  },
  {
    task: "decoder",
    id: "Qwen/Qwen2.5-0.5B-Instruct",
    languages: "29 languages",
    parameters: 494e6,
    bytes: 988e6,
    licence: "apache-2.0",
  },
  {
    task: "decoder",
    id: "Qwen/Qwen2.5-1.5B-Instruct",
    languages: "29 languages",
    parameters: 1.54e9,
    bytes: 3.09e9,
    licence: "apache-2.0",
  },
];
