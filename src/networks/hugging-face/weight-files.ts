// The weights of a folder in Hugging Face's layout: one safetensors file, or several and their index. Tensors are read one by
// one. Files of Python objects (.bin, .pt) run code when they are opened: they are never opened.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { inFile } from "../../folders/index.js";
import type { NamedArray } from "../../formats/safetensors.js";
import { openSafetensors, type SafetensorsFile } from "../../formats/safetensors-file.js";
import { checked, readJson } from "./json-file.js";

export interface WeightFiles {
  /** Of the files, with that of the index. */
  readonly names: readonly string[];
  /** Of all tensors, by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The name of the file that holds a tensor. */
  fileOf(name: string): string;
  /** The numbers of a tensor; undefined where there is none of that name, or it holds no 32- or 16-bit floats. */
  read(name: string): Float32Array | undefined;
  /** The numbers of a tensor of any type; undefined where there is none of that name. */
  readArray(name: string): NamedArray["data"] | undefined;
  close(): void;
}

const one = "model.safetensors";
const index = "model.safetensors.index.json";
/** A name and nothing else: no way out of the folder. */
const indexSchema = z.looseObject({
  weight_map: z.record(z.string(), z.string().regex(/^[\w.-]+\.safetensors$/, "is not the name of a safetensors file")),
});

/**
 * @throws UserError where the folder has no safetensors file, one of several is missing, or a file is damaged
 * @example
 * const weights = openWeightFiles("models/all-MiniLM-L6-v2");
 */
export function openWeightFiles(folder: string): WeightFiles {
  const path = join(folder, one);
  if (existsSync(path)) return filesOf(folder, new Map(), [one]);
  const json = readJson(join(folder, index));
  if (json === undefined) throw noWeights(folder);
  const { weight_map: map } = checked(indexSchema, json, join(folder, index));
  const names = [...new Set(Object.values(map))].sort();
  const missing = names.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0)
    throw new UserError(
      `'${folder}' lacks ${missing.length} of ${names.length} files with weights, such as ${missing[0]}. Download the ` +
        "whole model again.",
    );
  return filesOf(folder, new Map(Object.entries(map)), names);
}

/** @param promised - which file should hold a tensor */
function filesOf(folder: string, promised: ReadonlyMap<string, string>, names: readonly string[]): WeightFiles {
  const open = new Map<string, SafetensorsFile>();
  const close = () => {
    for (const file of open.values()) file.close();
  };
  try {
    const shapes = new Map<string, readonly number[]>();
    const places = new Map<string, string>();
    for (const name of names) {
      const file = inFile(join(folder, name), () => openSafetensors(join(folder, name)));
      open.set(name, file);
      for (const [tensor, shape] of file.shapes) {
        if (promised.size > 0 && promised.get(tensor) !== name) continue;
        shapes.set(tensor, shape);
        places.set(tensor, name);
      }
    }
    for (const [tensor, name] of promised)
      if (!shapes.has(tensor))
        throw new UserError(
          `${join(folder, name)} has no tensor '${tensor}', which ${index} says it holds. Download the whole model again.`,
        );
    const numbers = (tensor: string) => {
      const name = places.get(tensor);
      return name === undefined ? undefined : inFile(join(folder, name), () => open.get(name)!.read(tensor));
    };
    return {
      names: promised.size > 0 ? [...names, index] : names,
      shapes,
      fileOf: (tensor) => places.get(tensor) ?? names[0],
      read(tensor) {
        const data = numbers(tensor);
        return data instanceof Float32Array ? data : undefined;
      },
      readArray: numbers,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function noWeights(folder: string): UserError {
  const others = readdirSync(folder).filter((name) => /\.(bin|pt|pth|ckpt|h5|msgpack|onnx|gguf|ot)$/.test(name));
  const pickle = others.find((name) => /\.(bin|pt|pth|ckpt)$/.test(name));
  if (pickle !== undefined)
    return new UserError(
      `'${folder}' has its weights only as ${pickle}, a file of Python objects that can run code when it is opened, so it ` +
        "is not read. Use a model with model.safetensors, or convert it with Python: " +
        `AutoModel.from_pretrained("…").save_pretrained("…").`,
    );
  return new UserError(
    `'${folder}' has no ${one}${others.length > 0 ? ` (only ${others.slice(0, 3).join(", ")})` : ""}. Specify the folder of ` +
      "a model in Hugging Face's layout: config.json, model.safetensors and tokenizer.json.",
  );
}
