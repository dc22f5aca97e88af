// A program's data for a model's inputs: checked against the plan, as typed arrays.
import { UserError } from "../base/errors.js";
import { describe, type InputSpec } from "../nn/index.js";
import { type DataLike, type NumberRows, readRows } from "./tensor-data.js";
import type { Topology } from "./topology.js";

/** One input's data, or with several inputs one entry per input, by name or in order. */
export type InputData = DataLike | Readonly<Record<string, DataLike>>;

export interface ModelInputs {
  rows: number;
  /** In the plan's order. */
  arrays: NumberRows[];
  /** Numbers for the named sizes. */
  named: Record<string, number>;
}

export function readInputs(plan: Topology, x: InputData, what: string): ModelInputs {
  const given = byInput(plan, x, what);
  const named: Record<string, number> = {};
  const arrays = plan.inputs.map((spec, i) => {
    const label = plan.inputs.length === 1 ? what : `${what}.${spec.name}`;
    const rows = readRows(given[i], label, spec.dtype, { pad: isFree(spec) && skipsZeros(plan, i) });
    checkSizes(spec, rows, named, label);
    checkIds(plan, i, rows, label);
    return rows;
  });
  for (const [i, { rows }] of arrays.entries())
    if (rows !== arrays[0].rows)
      throw new UserError(
        `${what}.${plan.inputs[i].name} has ${rows} rows, ${what}.${plan.inputs[0].name} has ${arrays[0].rows}; both need one entry per row.`,
      );
  if (arrays[0].rows === 0) throw new UserError(`${what} has no rows.`);
  return { rows: arrays[0].rows, arrays, named };
}

function byInput(plan: Topology, x: InputData, what: string): DataLike[] {
  if (plan.inputs.length === 1) {
    const [{ name }] = plan.inputs;
    const isNamed = typeof x === "object" && x !== null && !Array.isArray(x) && !("shape" in x) && name in x;
    return [isNamed ? (x as Record<string, DataLike>)[name] : (x as DataLike)];
  }
  const names = plan.inputs.map(({ name }) => name);
  if (Array.isArray(x) && x.length === names.length) return x as unknown as DataLike[];
  const record = x as Record<string, DataLike>;
  const missing = typeof x === "object" && x !== null ? names.find((name) => !(name in record)) : names[0];
  if (missing !== undefined)
    throw new UserError(
      `${what} is an object with the inputs ${names.join(", ")}; '${missing}' is missing in ${describe(typeof x === "object" && x !== null ? Object.keys(x).slice(0, 10) : x)}.`,
    );
  return names.map((name) => record[name]);
}

function checkSizes(spec: InputSpec, { sizes, rows }: NumberRows, named: Record<string, number>, what: string): void {
  if (rows === 0) return;
  const expected = `(rows, ${spec.shape.join(", ")})`;
  const got = `(${[rows, ...sizes].join(", ")})`;
  if (sizes.length !== spec.shape.length)
    throw new UserError(`${what} has shape ${got}, the model's input '${spec.name}' is ${expected}.`);
  for (const [axis, dim] of spec.shape.entries()) {
    if (typeof dim === "string") {
      if (named[dim] !== undefined && named[dim] !== sizes[axis])
        throw new UserError(`${what} has ${sizes[axis]}, but the size '${dim}' is already ${named[dim]}.`);
      if (sizes[axis] < 1) throw new UserError(`${what} has rows of length 0; each row needs at least one number.`);
      named[dim] = sizes[axis];
    } else if (sizes[axis] !== dim) {
      throw new UserError(
        `${what} has shape ${got}, the model's input '${spec.name}' is ${expected}: rows of ${sizes[axis]}, not ${dim}.`,
      );
    }
  }
}

/** Ids that an embedding looks up are checked here, where the row can still be named. */
function checkIds(plan: Topology, inputIndex: number, { data, sizes }: NumberRows, what: string): void {
  const vocabSize = embeddingsOf(plan, inputIndex).reduce(
    (least, { vocabSize }) => Math.min(least, vocabSize),
    Infinity,
  );
  if (vocabSize === Infinity) return;
  for (let i = 0; i < data.length; i++) {
    if (data[i] >= 0 && data[i] < vocabSize) continue;
    const row = Math.floor(
      i /
        Math.max(
          1,
          sizes.reduce((product, size) => product * size, 1),
        ),
    );
    throw new UserError(
      `row ${row} of ${what} contains the id ${data[i]}, but the embedding's vocabSize is ${vocabSize}: ids are 0 to ${vocabSize - 1}.`,
    );
  }
}

const isFree = ({ shape }: InputSpec) => typeof shape[0] === "string";

const skipsZeros = (plan: Topology, inputIndex: number) => {
  const found = embeddingsOf(plan, inputIndex);
  return found.length > 0 && found.every(({ maskZero }) => maskZero);
};

function embeddingsOf(plan: Topology, inputIndex: number): { vocabSize: number; maskZero: boolean }[] {
  return plan.calls
    .filter(({ inputs }) => inputs.some((place) => "input" in place && place.input === inputIndex))
    .map(({ layer }) => plan.layers[layer].layer)
    .filter(({ kind }) => kind === "embedding")
    .map(({ config }) => config as { vocabSize: number; maskZero: boolean });
}
