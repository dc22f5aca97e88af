// What the answers for some rows should be, as numbers: the same for every task.

/** Row-major (rows, width): a class or an amount a row, or a share or a mark for each label. */
export interface Targets {
  width: number;
  values: Int32Array | Uint8Array | Float32Array | Float64Array;
}

export function rowsIn({ width, values }: Targets): number {
  return values.length / width;
}

/** Those of some rows, in their order. */
export function takeTargets({ width, values }: Targets, rows: ArrayLike<number>): Targets {
  const taken = emptyLike(values, rows.length * width);
  for (let i = 0; i < rows.length; i++)
    for (let c = 0; c < width; c++) taken[i * width + c] = values[rows[i] * width + c];
  return { width, values: taken };
}

/** Of two sets of rows, one behind the other. */
export function joinTargets(a: Targets, b: Targets): Targets {
  const values = emptyLike(a.values, a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { width: a.width, values };
}

function emptyLike(values: Targets["values"], length: number): Targets["values"] {
  return new (values.constructor as new (length: number) => Targets["values"])(length);
}
