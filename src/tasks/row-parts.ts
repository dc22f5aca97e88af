// Fingerprints of the rows of each part, so that the split can be repeated. The texts themselves are not kept.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { filePath, hasFile, inFile, openFolder, readFile } from "../folders/index.js";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.js";
import { fingerprint } from "./training-texts.js";

const rowPartsFile = "row-parts.safetensors";

const partNames = ["training", "validation", "held-out"] as const;
export type RowPart = (typeof partNames)[number];
export type PartTexts = Record<RowPart, readonly string[]>;

export interface RowParts {
  /** Number of rows of each part. */
  rows: Record<RowPart, number>;
  /** The part that rows with this text belong to; undefined for texts of none. Case and spaces do not count. */
  partOf(text: string): RowPart | undefined;
}

/** Eight bytes a row, in the order of the rows. */
export function writeRowParts(folder: string, parts: PartTexts): void {
  const tensors = partNames.map((name) => {
    const data = Float64Array.from(parts[name], fingerprint);
    return [name, { shape: [data.length], data }] as const;
  });
  writeFileSync(join(folder, rowPartsFile), encodeSafetensors(new Map(tensors)));
}

/**
 * Which rows a model was trained on, chosen by and measured on, by their text: several columns are joined by a newline, as in training. Nothing where the folder
 * was written by a version that did not keep it.
 *
 * @throws UserError when the folder is no text model's, or damaged
 * @example
 * const parts = readRowParts("model");
 * parts?.partOf("free entry, call now"); // "held-out"
 */
export function readRowParts(path: string): RowParts | undefined {
  const folder = openFolder(path, "text-model");
  if (!hasFile(folder, rowPartsFile)) return undefined;
  const bytes = readFile(folder, rowPartsFile);
  const { tensors } = inFile(filePath(folder, rowPartsFile), () => decodeSafetensors(bytes));
  const own = (name: RowPart) => (tensors.get(name)?.data as Float64Array | undefined) ?? new Float64Array(0);
  const partOf = new Map(partNames.flatMap((name) => Array.from(own(name), (print) => [print, name] as const)));
  return {
    rows: Object.fromEntries(partNames.map((name) => [name, own(name).length])) as RowParts["rows"],
    partOf: (text) => partOf.get(fingerprint(text)),
  };
}
