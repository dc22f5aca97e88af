// What the table of kinds says of each: words for people, facts, and which files are its own.
import { z } from "zod";

export interface FolderKind {
  /** With its article. */
  noun: string;
  /** What the folder is called where it is asked for, without an article. */
  folder: string;
  /** What something else is, after "it is not empty and". */
  not: string;
  /** What makes one. */
  made: string;
  /** What takes one. */
  uses: string;
  /** What its facts say beside the common ones. */
  facts: z.ZodObject;
  /** Names of its files and of the folders in it. Others belong to whoever put them there, and stay. */
  owns: RegExp;
  /** By what a folder of format 1 is told that had its facts in another file: the file, and words in it. */
  former?: { name: string; holds: string };
}

/** Text from a stranger's file, with a bound. */
export const factText = z.string().max(10_000_000);

/** Facts of every trained model, whatever its task. */
export const modelFacts = {
  family: z.string(),
  /** Number of parameters. */
  parameters: z.number(),
  /** The family's own part. */
  model: z.unknown(),
  /** Of a model whose weights are in fewer bits than they were trained in. */
  quantized: z.object({ bits: z.int().min(1).max(16) }).optional(),
};

/** Files of every trained model. */
export const modelFiles = "weights\\.safetensors|model\\.onnx|tokenizer\\.json|metrics\\.json|report\\.html";
