// PyTorch's first weights as the peer exports them (safetensors), and the turns of axes that our layouts need.
// Knows no network.
import { readFileSync } from "node:fs";

export interface Weight {
  shape: number[];
  data: Float32Array;
}
export type Weights = ReadonlyMap<string, Weight>;

/** Layout: 8 bytes length of the JSON header, the header, the numbers. Source: github.com/huggingface/safetensors. */
export function readWeights(path: string): Weights {
  const file = readFileSync(path);
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + headerLength)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  const start = 8 + headerLength;
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(
        ([
          name,
          {
            shape,
            data_offsets: [from, to],
          },
        ]) => {
          const bytes = new Uint8Array(file.subarray(start + from, start + to));
          return [name, { shape, data: new Float32Array(bytes.buffer) }];
        },
      ),
  );
}

/** Axes in a new order, copied. */
export function turned({ shape, data }: Weight, order: readonly number[]): Weight {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const newShape = order.map((axis) => shape[axis]);
  const out = new Float32Array(data.length);
  let at = 0;
  const walk = (depth: number, from: number) => {
    if (depth === order.length) {
      out[at++] = data[from];
      return;
    }
    for (let i = 0; i < newShape[depth]; i++) walk(depth + 1, from + i * strides[order[depth]]);
  };
  walk(0, 0);
  return { shape: newShape, data: out };
}

/** The sum of two vectors: PyTorch's LSTM has two biases where one is enough. */
export function summed(a: Weight, b: Weight): Weight {
  return { shape: a.shape, data: a.data.map((value, i) => value + b.data[i]) };
}
