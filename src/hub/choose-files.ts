// Which files of a repository are needed. Weights that could run a program are not among them.
import { UserError } from "../base/errors.js";
import { shellWord } from "../base/shell-word.js";
import { showBytes } from "../base/show-bytes.js";
import { safeWeights } from "./find-model.js";
import { isGguf, isInside } from "./model-name.js";
import type { ListedFile } from "./repository-info.js";

/** In the folder of a network: what it is, and its tokenizer. */
const beside =
  /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template)\.json$|^(vocab|merges)\.txt$|^chat_template\.jinja$/;
/** Of a sentence-transformers model, and the card, where the licence stands. */
const once = /^(modules|sentence_bert_config|config_sentence_transformers)\.json$|^README\.md$/;
/** A module of its own folder: 0_Transformer, 1_Pooling, 2_Dense. */
const moduleFolder = /^(\d+_[A-Za-z]\w*)\/([^/]+)$/;
const shard = /^model-\d{5}-of-\d{5}\.safetensors$/;
const pickles = /\.(bin|pt|pth|ckpt|pkl)$/;
const graphs = ["onnx/model.onnx", "model.onnx"];
/** Weights of a graph of more than 2 GB stand beside it. */
const graphData = (graph: string) => [`${graph}_data`, `${graph}.data`];

/**
 * The files to download: all that the model needs, or one named .gguf or .onnx file and what belongs to it.
 *
 * @throws UserError where the repository has no weights that can be read safely, or several .gguf files
 */
export function chooseFiles(id: string, files: readonly ListedFile[], named?: string): ListedFile[] {
  const chosen = named === undefined ? wanted(id, files) : namedFiles(id, files, named);
  const all = files.filter(({ path }) => chosen(path) && isInside(path));
  if (all.some(({ path }) => isGguf(path) || /^(\d+_\w+\/)?tokenizer\.json$/.test(path))) return all;
  throw new UserError(
    `${id} has no tokenizer.json, which tokenizers are read from. Choose another model or revision, or load its tokenizer with ` +
      "Python's transformers and save it (save_pretrained writes tokenizer.json).",
  );
}

type Choice = (path: string) => boolean;

function wanted(id: string, files: readonly ListedFile[]): Choice {
  const paths = files.map(({ path }) => path);
  const weights = weightsIn(paths);
  const modules = paths.flatMap((path) => moduleFolder.exec(path)?.[1] ?? []);
  const ofModules = [...new Set(modules)].flatMap((folder) => {
    const inside = paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
    const own = weightsIn(inside);
    if (own.length === 0 && inside.some((path) => pickles.test(path))) throw onlyPickles(id, folder);
    return own.map((path) => `${folder}/${path}`);
  });
  const isDescribed = paths.some((path) => path === "config.json" || path === "modules.json");
  const all = new Set([...weights, ...ofModules]);
  if (isDescribed && all.size > 0) return (path) => all.has(path) || isSmallPart(path);
  const gguf = files.filter(({ path }) => isGguf(path));
  if (gguf.length === 1) return namedFiles(id, files, gguf[0].path);
  if (gguf.length > 1)
    throw new UserError(
      `${id} has several .gguf files. Choose one, as in: columnist pull ${shellWord(`${id}/${gguf[0].path}`)}\n` +
        gguf.map(({ path, bytes }) => `  ${path}${bytes === undefined ? "" : `  ${showBytes(bytes)}`}`).join("\n"),
    );
  const graph = graphs.find((path) => paths.includes(path));
  if (isDescribed && graph !== undefined) return namedFiles(id, files, graph);
  if (paths.some((path) => pickles.test(path) || /\.(h5|msgpack|ot)$/.test(path))) throw onlyPickles(id);
  throw new UserError(
    isDescribed || all.size > 0
      ? `${id} has no ${all.size > 0 ? "config.json" : "weights"}, so it is no model that columnist can use. Models worth having: columnist pull`
      : `${id} is no model of text that columnist can use: it has no config.json and no .gguf file. Models worth having: columnist pull`,
  );
}

function namedFiles(id: string, files: readonly ListedFile[], named: string): Choice {
  const paths = files.map(({ path }) => path);
  const others = () => paths.filter((path) => isGguf(path) || path.endsWith(".onnx")).join(", ") || "none";
  if (!isGguf(named) && !named.endsWith(".onnx"))
    throw new UserError(
      `'${named}' is not a .gguf or .onnx file; other files come without being named. ${id} has: ${others()}`,
    );
  if (!paths.includes(named))
    throw new UserError(`${id} has no file '${named}'. Its .gguf and .onnx files: ${others()}`);
  if (/-\d{5}-of-\d{5}\.gguf$/.test(named))
    throw new UserError(
      `'${named}' is a part of a divided .gguf file, which cannot be read. Choose a smaller one: ${others()}`,
    );
  if (isGguf(named)) return (path) => path === named || path === "README.md";
  const data = graphData(named);
  return (path) => path === named || data.includes(path) || isSmallPart(path);
}

function isSmallPart(path: string): boolean {
  const inside = moduleFolder.exec(path)?.[2];
  return inside === undefined ? beside.test(path) || once.test(path) : beside.test(inside) || once.test(inside);
}

/** The safetensors of one folder; none of another precision or in another division of the same weights. */
function weightsIn(paths: readonly string[]): string[] {
  const own = paths.filter((path) => /^[^/]+\.safetensors$/.test(path));
  if (own.includes("model.safetensors")) return ["model.safetensors"];
  const shards = own.filter((path) => shard.test(path));
  return shards.length > 0 ? [...shards, "model.safetensors.index.json"] : [];
}

function onlyPickles(id: string, folder?: string): UserError {
  return new UserError(
    `${id} has the weights ${folder === undefined ? "" : `of ${folder} `}only in a format that can run programs (.bin and the ` +
      `like), which is never downloaded. ${safeWeights}`,
  );
}
