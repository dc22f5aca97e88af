// README.md of an exported folder: what it is, and the few lines of Python that use it.

export interface Exported {
  /** model_type of config.json. */
  type: string;
  /** The class of transformers that has the head too. */
  headClass?: string;
  /** With its article, as in "a text classifier". */
  what: string;
  /** Where a model answers labels: their column, and what model.onnx calls the numbers. */
  answers?: { output: string; labelColumn: string };
  /** Before every text. */
  prompt?: string;
}

/** @param by - what wrote it */
export function modelCard({ type, headClass, what, answers, prompt = "" }: Exported, by: string): string {
  const isVectors = type === "model2vec";
  const text = prompt === "" ? '"A text."' : `${JSON.stringify(prompt)} + "A text."`;
  const library = answers || isVectors ? "sentence-transformers" : "transformers";
  const task = answers ? "text-classification" : isVectors ? "feature-extraction" : "text-generation";
  const parts = [
    `---\nlibrary_name: ${library}\npipeline_tag: ${task}\n---`,
    `# ${what[0].toUpperCase()}${what.slice(1)}`,
    `Written by ${by}.${answers ? ` It answers '${answers.labelColumn}'.` : ""}`,
  ];
  if (answers) {
    const { output } = answers;
    parts.push(
      `What it gives for a text are ${output}, in the order of id2label in config.json.`,
      python(`from sentence_transformers import SentenceTransformer
model = SentenceTransformer("this folder")
${output} = model.encode(["A text."])
# The vectors below the last layer:
vectors = SentenceTransformer(modules=list(model)[:-1]).encode(["A text."])`),
    );
    if (headClass)
      parts.push(
        python(`from transformers import pipeline
classify = pipeline("text-classification", model="this folder", top_k=None)  # ${headClass}
classify([${text}])`),
      );
    parts.push(
      "The same as one ONNX file, with any runtime:",
      python(`import numpy, onnxruntime, tokenizers
tokenizer = tokenizers.Tokenizer.from_file("tokenizer.json")
tokenizer.enable_padding()
batch = tokenizer.encode_batch([${text}])
onnxruntime.InferenceSession("model.onnx").run(["${output}"], {
    "input_ids": numpy.array([one.ids for one in batch], numpy.int64),
    "attention_mask": numpy.array([one.attention_mask for one in batch], numpy.int64)})`),
    );
  } else if (isVectors)
    parts.push(
      python(`from sentence_transformers import SentenceTransformer
vectors = SentenceTransformer("this folder").encode(["A text."])`),
    );
  else
    parts.push(
      python(`from transformers import AutoModelForCausalLM, AutoTokenizer
tokenizer, model = AutoTokenizer.from_pretrained("this folder"), AutoModelForCausalLM.from_pretrained("this folder")
tokenizer.decode(model.generate(**tokenizer("Call me", return_tensors="pt"), max_new_tokens=20)[0])`),
    );
  return `${parts.join("\n\n")}\n`;
}

const python = (code: string) => `\`\`\`python\n${code}\n\`\`\``;
