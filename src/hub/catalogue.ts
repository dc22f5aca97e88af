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
  static: "Static vectors: hundreds of times faster, less exact",
  base: "Bases for fine-tuning a classifier on many labelled rows",
  decoder: "Text generation, extraction, perplexity",
};

export const catalogue: readonly CatalogueEntry[] = [
  entry(
    "vectors",
    "sentence-transformers/all-MiniLM-L6-v2",
    "English",
    22.7e6,
    90.9e6,
    "apache-2.0",
    "start with this one",
  ),
  entry("vectors", "BAAI/bge-small-en-v1.5", "English", 33.4e6, 133e6, "mit"),
  entry("vectors", "intfloat/e5-small-v2", "English", 33.4e6, 133e6, "mit", 'expects "query: " before each text'),
  entry(
    "vectors",
    "sentence-transformers/all-mpnet-base-v2",
    "English",
    109e6,
    438e6,
    "apache-2.0",
    "better, 5 times slower",
  ),
  entry(
    "vectors",
    "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
    "50 languages",
    118e6,
    471e6,
    "apache-2.0",
  ),
  entry(
    "vectors",
    "intfloat/multilingual-e5-small",
    "about 100 languages",
    118e6,
    471e6,
    "mit",
    'expects "query: " before each text',
  ),
  entry("static", "minishlab/potion-base-8M", "English", 7.6e6, 30.2e6, "mit"),
  entry("static", "minishlab/potion-base-32M", "English", 32.3e6, 129e6, "mit"),
  entry("static", "minishlab/potion-multilingual-128M", "about 100 languages", 128e6, 512e6, "mit"),
  entry("base", "distilbert/distilbert-base-uncased", "English", 67e6, 268e6, "apache-2.0"),
  entry("base", "answerdotai/ModernBERT-base", "English", 150e6, 599e6, "apache-2.0", "texts of up to 8,192 tokens"),
  entry("base", "FacebookAI/xlm-roberta-base", "about 100 languages", 279e6, 1.12e9, "mit"),
  entry("decoder", "HuggingFaceTB/SmolLM2-135M-Instruct", "English", 135e6, 269e6, "apache-2.0"),
  entry("decoder", "HuggingFaceTB/SmolLM2-360M-Instruct", "English", 362e6, 724e6, "apache-2.0"),
  entry("decoder", "Qwen/Qwen2.5-0.5B-Instruct", "29 languages", 494e6, 988e6, "apache-2.0"),
  entry("decoder", "Qwen/Qwen2.5-1.5B-Instruct", "29 languages", 1.54e9, 3.09e9, "apache-2.0"),
];

function entry(
  task: CatalogueEntry["task"],
  id: string,
  languages: string,
  parameters: number,
  bytes: number,
  licence: string,
  note?: string,
): CatalogueEntry {
  return { id, task, languages, parameters, bytes, licence, ...(note !== undefined && { note }) };
}
