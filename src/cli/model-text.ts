// Models of the Hub in words.
import { showBytes } from "../base/show-bytes.js";
import type { ModelDescription, ModelKind } from "../hub/index.js";

const kindNames: Record<ModelKind, string> = {
  encoder: "an encoder",
  static: "static vectors",
  graph: "an ONNX graph",
  decoder: "a decoder",
  gguf: "a decoder as a GGUF file",
  unknown: "unknown",
};

/** @example kindText(description); // "an encoder (bert)" */
export function kindText({ kind, architecture }: ModelDescription): string {
  return architecture === undefined ? kindNames[kind] : `${kindNames[kind]} (${architecture})`;
}

/** @example sizeText(description); // "22.7 M parameters, 91.6 MB, licence apache-2.0" */
export function sizeText({ parameters, bytes, licence }: ModelDescription): string {
  return [
    ...(parameters === undefined ? [] : [parametersText(parameters)]),
    showBytes(bytes),
    `licence ${licence ?? "not stated"}`,
  ].join(", ");
}

/** @example parametersText(22_713_216); // "22.7 M parameters" */
export function parametersText(count: number): string {
  const shown = (size: number) => (count / size < 99.95 ? (count / size).toFixed(1) : (count / size).toFixed(0));
  return count < 999.5e6 ? `${shown(1e6)} M parameters` : `${(count / 1e9).toFixed(2)} B parameters`;
}
