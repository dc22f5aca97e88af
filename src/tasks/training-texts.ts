// Fingerprints of the texts that a model was trained on, so that it can be said which rows it has seen. The texts
// themselves are not kept.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { filePath, hasFile, inFile, openFolder, readFile } from "../folders/index.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";

const trainingTextsFile = "training-texts.safetensors";

/** 1 MB. Of more texts those with the smallest fingerprints are kept: as good as drawn by lot, the same ones every time. */
const mostKept = 1 << 17;

export interface TrainingTexts {
  /** Whether the text is one of those that are kept. */
  has(text: string): boolean;
  /** How many of the texts are kept, from 0 to 1. */
  share: number;
}

/** Texts that differ only in case and spaces are the same. */
export function textKey(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

export function writeTrainingTexts(folder: string, texts: readonly string[]): void {
  const all = Float64Array.from(new Set(texts.map(fingerprint))).sort();
  const kept = all.slice(0, mostKept);
  const share = new Float64Array([kept.length / Math.max(1, all.length)]);
  const tensors = new Map([
    ["fingerprints", { shape: [kept.length], data: kept }],
    ["share", { shape: [1], data: share }],
  ]);
  writeFileSync(join(folder, trainingTextsFile), encodeSafetensors(tensors));
}

/**
 * Nothing where the folder has none.
 *
 * @throws UserError when the file is damaged
 */
export function readTrainingTexts(path: string): TrainingTexts | undefined {
  const folder = openFolder(path, "text-model");
  if (!hasFile(folder, trainingTextsFile)) return undefined;
  const bytes = readFile(folder, trainingTextsFile);
  const { tensors } = inFile(filePath(folder, trainingTextsFile), () => decodeSafetensors(bytes));
  const kept = new Set(tensors.get("fingerprints")?.data as Float64Array | undefined);
  return { has: (text) => kept.has(fingerprint(text)), share: Number(tensors.get("share")?.data[0] ?? 1) };
}

/** 53 bits, all that a double holds: among 130,000 texts one in 10¹⁰ is taken for another. After bryc's cyrb53. */
export function fingerprint(text: string): number {
  return hashOf(textKey(text));
}

/** The same of a text as it is. */
export function hashOf(key: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return 2 ** 32 * (low & 0x1fffff) + (high >>> 0);
}
