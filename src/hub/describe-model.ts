// What a model is, told by its own files without computing anything: kind, architecture, parameters, size, licence.
import { statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../base/errors.js";
import { readSmallFile } from "../base/regular-file.js";
import { openGguf } from "../formats/gguf/open-gguf.js";
import { openSafetensors } from "../formats/safetensors-file.js";
import { architectures, ggufArchitectures, isModelType, modelTypeOf } from "./architectures.js";
import { catalogue } from "./catalogue.js";
import type { FoundModel } from "./find-model.js";
import { filesBelow } from "./repository.js";

/** graph: an ONNX file alone. */
export type ModelKind = "encoder" | "decoder" | "static" | "graph" | "gguf" | "unknown";

export interface ModelDescription {
  kind: ModelKind;
  /** model_type, or general.architecture of a GGUF file. */
  architecture?: string;
  parameters?: number;
  /** Of all files, on disk. */
  bytes: number;
  /** As its card says, in the Hub's words, such as apache-2.0. */
  licence?: string;
  /** Why no command takes it. */
  problem?: string;
}

/** Of settings and of a card, in bytes. */
const longestText = 16 << 20;

/** Reads the headers of its files; a damaged file is told as a problem. */
export function describeModel(model: FoundModel): ModelDescription {
  try {
    return model.kind === "gguf" ? describeGguf(model) : describeFolder(model);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { kind: "unknown", bytes: sizeOf(model), problem: error.message };
  }
}

function describeGguf(model: FoundModel): ModelDescription {
  const { settings, tensors, close } = openGguf(model.path);
  close();
  const [architecture, licence] = ["general.architecture", "general.license"].map((name) => textOf(settings.get(name)));
  const isKnown = (ggufArchitectures as readonly (string | undefined)[]).includes(architecture);
  return {
    kind: isKnown ? "gguf" : "unknown",
    architecture,
    parameters: [...tensors.values()].reduce((total, { shape }) => total + product(shape), 0),
    bytes: sizeOf(model),
    licence: licence ?? licenceOf(model),
    ...(!isKnown && { problem: `GGUF files of ${architecture ?? "no architecture"} cannot be read` }),
  };
}

function describeFolder(model: FoundModel): ModelDescription {
  const files = filesBelow(model.path, 2);
  const read = (name: string) =>
    files.includes(name) ? readSmallFile(join(model.path, name), longestText).toString("utf8") : undefined;
  const config = read("config.json") ?? read(files.find((file) => /^0_\w+\/config\.json$/.test(file)) ?? "");
  const type = config === undefined ? undefined : modelTypeOf(config);
  const weights = files.filter((file) => file.endsWith(".safetensors"));
  const known = {
    architecture: type,
    parameters:
      weights.length === 0
        ? undefined
        : weights.reduce((total, file) => total + parametersIn(join(model.path, file)), 0),
    bytes: sizeOf(model),
    licence: licenceOf(model),
  };
  if (weights.length === 0) return { ...known, kind: "graph" };
  if (/StaticEmbedding/.test(read("modules.json") ?? "")) return { ...known, kind: "static" };
  if (isModelType(type)) return { ...known, kind: architectures[type] };
  return {
    ...known,
    kind: "unknown",
    problem: type === undefined ? "its config.json names no architecture" : `the architecture ${type} cannot be read`,
  };
}

/** Buffers that are saved with the weights are no parameters. */
function parametersIn(path: string): number {
  const file = openSafetensors(path);
  file.close();
  return [...file.shapes]
    .filter(([name]) => !/(^|\.)(position_ids|attn\.(masked_)?bias|inv_freq)$/.test(name))
    .reduce((total, [, shape]) => total + product(shape), 0);
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function sizeOf({ path, kind }: FoundModel): number {
  if (kind === "gguf") return statSync(path).size;
  return filesBelow(path, 3).reduce((total, file) => total + statSync(join(path, file)).size, 0);
}

/** The card's front matter (https://huggingface.co/docs/hub/model-cards), else what the list of models worth having says. */
function licenceOf({ path, kind, id }: FoundModel): string | undefined {
  const card = join(kind === "gguf" ? join(path, "..") : path, "README.md");
  const isThere = statSync(card, { throwIfNoEntry: false })?.isFile();
  const front = isThere
    ? /^---\r?\n(.*?)\r?\n---/s.exec(readSmallFile(card, longestText).toString("utf8"))?.[1]
    : undefined;
  const field = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(?:\\r?\\n[ \\t]*-[ \\t]*)?["']?([\\w.+-]+)`, "m").exec(front ?? "")?.[1];
  const licence = field("license");
  const told = licence === "other" ? (field("license_name") ?? licence) : licence;
  return told ?? catalogue.find((one) => one.id === id)?.licence;
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
