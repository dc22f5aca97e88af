// A model as a table: layers, output shapes, numbers of parameters.
import type { Shape } from "../graph/index.js";
import { inspectPlan } from "./build-graph.js";
import type { TensorPlace, Topology } from "./topology.js";

export function summarize(plan: Topology): string {
  const { parameters, callShapes } = inspectPlan(plan);
  const isChain = plan.inputs.length === 1 && plan.calls.every((call, i) => isNextOf(call.inputs, i));
  const seen = new Set<number>();
  const counts = parameters.map((specs) => specs.map(({ shape }) => product(shape)));
  const rows = plan.calls.map(({ layer, inputs }, i) => {
    const { name, layer: description } = plan.layers[layer];
    const count = seen.has(layer) ? "shared" : number(sum(counts[layer]));
    seen.add(layer);
    const label = name === description.kind ? name : `${name} (${description.kind})`;
    return [label, show(callShapes[i]), count, ...(isChain ? [] : [inputs.map((p) => nameOf(plan, p)).join(", ")])];
  });
  if (!isChain)
    rows.unshift(...plan.inputs.map(({ name, shape }) => [`${name} (input)`, show(["batch", ...shape]), "0", ""]));
  const all = sum(counts.flat());
  const frozen = sum(parameters.flat().map(({ shape, trainable }) => (trainable === false ? product(shape) : 0)));
  const header = ["Layer", "Output shape", "Parameters", ...(isChain ? [] : ["Reads"])];
  return [
    ...table(header, rows),
    `Parameters: ${number(all)} (${number(all - frozen)} trainable), ${megabytes(all * 4)} as float32`,
  ].join("\n");
}

function table(header: string[], rows: string[][]): string[] {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const isNumber = (column: number) => column === 2;
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  return [line(header), rule, ...rows.map(line), rule];
}

function isNextOf(inputs: readonly TensorPlace[], index: number): boolean {
  const [place] = inputs;
  if (inputs.length !== 1) return false;
  return index === 0 ? "input" in place : "call" in place && place.call === index - 1;
}

function nameOf(plan: Topology, place: TensorPlace): string {
  return "input" in place ? plan.inputs[place.input].name : plan.layers[plan.calls[place.call].layer].name;
}

const show = (shape: Shape) => `(${shape.join(", ")})`;
const product = (shape: readonly number[]) => shape.reduce((p, size) => p * size, 1);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const number = (value: number) => value.toLocaleString("en-US");
const megabytes = (bytes: number) =>
  bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
