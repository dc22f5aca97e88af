// A matrix turned.

/** Rows that are read side by side, so that what is written comes in whole cache lines. */
const tile = 32;

/** (rows, columns) to (columns, rows). */
export function transposed<Numbers extends Float32Array | Int8Array>(
  data: Numbers,
  rows: number,
  columns: number,
): Numbers {
  const result = new (data.constructor as new (length: number) => Numbers)(data.length);
  for (let top = 0; top < rows; top += tile)
    for (let column = 0; column < columns; column++)
      for (let row = top; row < Math.min(rows, top + tile); row++)
        result[column * rows + row] = data[row * columns + column];
  return result;
}
