// What puts texts under labels that nobody trained.
import type { Label } from "./read-labels.js";

export interface SorterOptions {
  labels: readonly Label[];
  threads: number;
  precision?: "float32" | "int8" | "int4" | "auto";
}

export interface Sorter {
  /** For people. */
  description: string;
  /** For each text the place of the best label, and its score; undefined where nothing can be said of it. */
  sort(texts: readonly string[], onTexts: (count: number) => void): Promise<(Sorted | undefined)[]>;
  close(): Promise<void>;
}

export interface Sorted {
  label: number;
  score: number;
}
