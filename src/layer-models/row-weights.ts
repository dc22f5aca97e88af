// How much each row counts: sample weights times class weights.
import { UserError } from "../base/errors.js";
import type { OutputLoss } from "./compile-options.js";
import type { NumberRows } from "./tensor-data.js";

export type ClassWeight = Readonly<Record<number, number>> | readonly number[];

export function rowWeights(
  rows: number,
  losses: readonly OutputLoss[],
  targets: readonly NumberRows[],
  { sampleWeight, classWeight }: { sampleWeight?: ArrayLike<number>; classWeight?: ClassWeight },
): Float32Array {
  const weights = new Float32Array(rows).fill(1);
  if (sampleWeight) {
    if (sampleWeight.length !== rows)
      throw new UserError(
        `sampleWeight has ${sampleWeight.length} numbers, but there are ${rows} rows; give one per row.`,
      );
    for (let row = 0; row < rows; row++) weights[row] = checked(sampleWeight[row], `sampleWeight of row ${row}`);
  }
  if (classWeight) {
    const [loss] = losses;
    if (
      losses.length > 1 ||
      targets[0].data.length !== rows * (loss.loss === "categoricalCrossentropy" ? loss.classes : 1)
    )
      throw new UserError("classWeight needs a model with one output and one class per row; use sampleWeight instead.");
    for (let row = 0; row < rows; row++) {
      const label = classOf(loss, targets[0].data, row);
      const weight = (classWeight as Record<number, number>)[label];
      if (weight === undefined)
        throw new UserError(`classWeight has no weight for class ${label}, which row ${row} has.`);
      weights[row] *= checked(weight, `classWeight of class ${label}`);
    }
  }
  return weights;
}

function classOf({ loss, classes }: OutputLoss, data: Float32Array | Int32Array, row: number): number {
  if (loss !== "categoricalCrossentropy") return Math.round(data[row]);
  let best = 0;
  for (let c = 1; c < classes; c++) if (data[row * classes + c] > data[row * classes + best]) best = c;
  return best;
}

function checked(value: number, what: string): number {
  if (Number.isFinite(value) && value >= 0) return value;
  throw new UserError(`${what} is ${value}; weights are 0 or more.`);
}
