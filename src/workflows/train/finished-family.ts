// A family that is trained, before it is measured; and as the unfinished run keeps it, so that it is not trained again.
import { readdirSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import type { ModelFiles } from "../../folders/index.js";
import { checkFinite } from "../../formats/finite.js";
import type { NamedArray } from "../../formats/safetensors.js";
import type { Training } from "../../tasks/families/family.js";
import { exactNumber, readNoted, writeNoted } from "../../train/index.js";

export interface FinishedFamily extends Omit<Training, "model"> {
  /** For the held-out rows. */
  answers: Float32Array;
  parameters: number;
  seconds: number;
  /** Seconds that a text takes to be answered, among many; measured where it counts. */
  answering?: number;
  files(): Promise<ModelFiles>;
  /** Frees what the model holds outside of JavaScript. */
  close(): Promise<void>;
}

/** Numbers that answers for the rows consist of. */
export interface AnswerSizes {
  validation: number;
  heldOut: number;
}

const noteSchema = z
  .object({
    epochs: z.array(
      z.object({ trainingLoss: exactNumber, validationLoss: exactNumber, validationFigure: exactNumber }),
    ),
    keptEpoch: z.number().optional(),
    kept: z.enum(["best", "last"]).optional(),
    stopped: z.enum(["finished", "early"]),
    parameters: z.number(),
    seconds: z.number(),
    answering: z.number().optional(),
    config: z.unknown(),
    tokenizer: z.string().optional(),
    /** Where the base is read when the run goes on; that it is the same is checked before. */
    base: z.object({ folder: z.string(), files: z.array(z.string()) }).optional(),
  })
  .refine(
    ({ keptEpoch, epochs }) => keptEpoch === undefined || epochs[keptEpoch] !== undefined,
    "its epoch is not there",
  );

/** Names of the tensors; those of the model stand behind the last one. */
const [validationName, heldOutName, onnxName, modelName] = ["validation", "held-out", "onnx", "model/"];

export async function keepFamily(folder: string, name: string, family: FinishedFamily): Promise<void> {
  const { answers, validation, files, close, ...note } = family;
  const { config, tokenizer, onnx, tensors, base } = await files();
  const row = (data: NamedArray["data"]): NamedArray => ({ shape: [data.length], data });
  const all = new Map([
    [validationName, row(validation)],
    [heldOutName, row(answers)],
    ...(onnx ? [[onnxName, row(onnx)] as const] : []),
    ...[...tensors].map(([key, tensor]) => [modelName + key, tensor] as const),
  ]);
  writeNoted(folder, name, all, { ...note, config, tokenizer, base });
}

/** @throws an error that says what is damaged */
export function readFamily(folder: string, name: string, sizes: AnswerSizes): FinishedFamily {
  const { tensors, note } = readNoted(folder, name, noteSchema);
  checkFinite(tensors);
  const { config, tokenizer, base, ...rest } = note;
  const answersOf = (key: string, length: number) => {
    const data = tensors.get(key)?.data;
    if (!(data instanceof Float32Array) || data.length !== length)
      throw new UserError(`its answers for the ${key} rows are not ${length} numbers`);
    return data;
  };
  const onnx = tensors.get(onnxName)?.data as Uint8Array | undefined;
  const own = new Map(
    [...tensors].flatMap(([key, tensor]) =>
      key.startsWith(modelName) ? [[key.slice(modelName.length), tensor] as const] : [],
    ),
  );
  return {
    ...rest,
    validation: answersOf(validationName, sizes.validation),
    answers: answersOf(heldOutName, sizes.heldOut),
    files: async () => ({
      config,
      tensors: own,
      ...(tokenizer !== undefined && { tokenizer }),
      ...(onnx && { onnx }),
      ...(base && { base }),
    }),
    async close() {},
  };
}

/** Of a fold. */
export function keepAnswers(folder: string, name: string, answers: Float32Array): void {
  writeNoted(folder, name, new Map([[heldOutName, { shape: [answers.length], data: answers }]]), {});
}

/** @throws an error that says what is damaged */
export function readAnswers(folder: string, name: string, length: number): Float32Array {
  const { tensors } = readNoted(folder, name, z.object({}));
  checkFinite(tensors);
  const data = tensors.get(heldOutName)?.data;
  if (data instanceof Float32Array && data.length === length) return data;
  throw new UserError(`its answers are not ${length} numbers`);
}

/** Names of those that a run keeps. */
export function finishedFamilies(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => /^([\w-]+)\.safetensors$/.exec(name)?.[1] ?? []);
}
