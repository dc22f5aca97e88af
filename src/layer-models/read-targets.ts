// A program's targets for a model's losses: checked against what each loss can take, as typed arrays.
import { UserError } from "../base/errors.js";
import type { Shape } from "../graph/index.js";
import { describe, type LossName } from "../nn/index.js";
import type { OutputLoss } from "./compile-options.js";
import { type DataLike, type NumberRows, readRows } from "./tensor-data.js";

export type TargetData = DataLike | Readonly<Record<string, DataLike>>;

/** One array a loss; `outputShapes` have the batch first, and numbers where sizes were named. */
export function readTargets(
  losses: readonly OutputLoss[],
  outputShapes: readonly Shape[],
  y: TargetData,
  rows: number,
  what: string,
): NumberRows[] {
  return byLoss(losses, y, what).map((value, i) => {
    const { loss, output, name } = losses[i];
    const label = losses.length === 1 ? what : `${what}.${name}`;
    const sizes = outputShapes[output].slice(1).map(Number);
    const target = readOne(loss, value, sizes, label);
    if (target.rows !== rows)
      throw new UserError(`${label} has ${target.rows} rows, the inputs have ${rows}; both need one entry per row.`);
    return target;
  });
}

function byLoss(losses: readonly OutputLoss[], y: TargetData, what: string): DataLike[] {
  if (losses.length === 1) {
    const [{ name }] = losses;
    const isNamed = typeof y === "object" && y !== null && !Array.isArray(y) && !("shape" in y) && name in y;
    return [isNamed ? (y as Record<string, DataLike>)[name] : (y as DataLike)];
  }
  if (Array.isArray(y) && y.length === losses.length) return y as unknown as DataLike[];
  return losses.map(({ name }) => {
    const value = (y as Record<string, DataLike> | undefined)?.[name];
    if (value === undefined)
      throw new UserError(
        `${what} is an object with ${losses.map((l) => l.name).join(", ")}; '${name}' is missing in ${describe(y)}.`,
      );
    return value;
  });
}

function readOne(loss: LossName, value: DataLike, outputSizes: readonly number[], what: string): NumberRows {
  if (loss === "sparseCategoricalCrossentropy") return readClasses(value, outputSizes, what);
  const target = readRows(value, what, "float32");
  // One number a row may come as a plain list.
  const sizes = target.sizes.length === 0 && outputSizes.length === 1 && outputSizes[0] === 1 ? [1] : target.sizes;
  if (target.rows > 0 && sizes.join() !== outputSizes.join()) {
    const hint =
      loss === "categoricalCrossentropy" && sizes.length === outputSizes.length - 1
        ? ' These look like class numbers: use the loss "sparseCategoricalCrossentropy", or oneHot(y, classes).'
        : "";
    throw new UserError(
      `${what} has shape (${[target.rows, ...sizes].join(", ")}), ${loss} needs (rows, ${outputSizes.join(", ")}), like the model's output.${hint}`,
    );
  }
  if (loss === "categoricalCrossentropy") checkDistributions(target, outputSizes.at(-1) ?? 1, what);
  if (loss === "binaryCrossentropy") checkShares(target, outputSizes, what);
  return { ...target, sizes };
}

function readClasses(value: DataLike, outputSizes: readonly number[], what: string): NumberRows {
  const classes = outputSizes.at(-1) ?? 1;
  const target = readRows(value, what, "int32");
  const wanted = outputSizes.slice(0, -1);
  // Keras also takes a column of class numbers.
  const sizes = target.sizes.length === wanted.length + 1 && target.sizes.at(-1) === 1 ? wanted : target.sizes;
  if (target.rows > 0 && sizes.join() !== wanted.join()) {
    const hint =
      sizes.at(-1) === classes ? ' These look like one-hot rows: use the loss "categoricalCrossentropy".' : "";
    throw new UserError(
      `${what} has shape (${[target.rows, ...sizes].join(", ")}), sparseCategoricalCrossentropy needs (${["rows", ...wanted].join(", ")}) class numbers.${hint}`,
    );
  }
  const perRow = wanted.reduce((product, size) => product * size, 1);
  for (let i = 0; i < target.data.length; i++)
    if (target.data[i] < 0 || target.data[i] >= classes)
      throw new UserError(
        `row ${Math.floor(i / perRow)} of ${what} has the class ${target.data[i]}, but the model's output has ${classes} classes: 0 to ${classes - 1}.`,
      );
  return { ...target, sizes };
}

function checkDistributions({ data }: NumberRows, classes: number, what: string): void {
  for (let start = 0; start < data.length; start += classes) {
    let sum = 0;
    let isBad = false;
    for (let i = start; i < start + classes; i++) {
      sum += data[i];
      if (!(data[i] >= 0)) isBad = true;
    }
    if (isBad || Math.abs(sum - 1) > 1e-3)
      throw new UserError(
        `row ${start / classes} of ${what} is (${[...data.subarray(start, start + Math.min(classes, 8))].join(", ")}${classes > 8 ? ", …" : ""}), not one-hot: its numbers must be 0 or more and sum to 1.`,
      );
  }
}

function checkShares({ data }: NumberRows, sizes: readonly number[], what: string): void {
  const width = sizes.reduce((product, size) => product * size, 1);
  for (let i = 0; i < data.length; i++)
    if (!(data[i] >= 0 && data[i] <= 1))
      throw new UserError(
        `row ${Math.floor(i / width)} of ${what} contains ${data[i]}; binaryCrossentropy needs numbers from 0 to 1.`,
      );
}
