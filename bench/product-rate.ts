// How long a step's matrix products take alone on ONNX Runtime: the least time that a step could take there.
// Knows no network.
import { encodeOnnx } from "../src/formats/onnx/encode.js";
import { emitModel, input, matmul } from "../src/graph/index.js";
import { openSession } from "../src/runtime/index.js";
import type { Side } from "./harness.js";

export type Product = [rows: number, inner: number, columns: number, times: number];

/** Opens the products in sessions of their own. */
export interface ProductTimer {
  /** Times every product and gives the milliseconds of a whole step's products, scaled by how often each is computed. */
  side: Side;
  /** Floating-point operations of one step's products. */
  flops: number;
  close(): Promise<void>;
}

/**
 * `sessionThreads` compute each product; the time is divided by `copies`, the sessions that would run side by side.
 * Small products are timed many at a time, as one batched product.
 */
export async function openProducts(
  products: readonly Product[],
  sessionThreads: number,
  copies: number,
): Promise<ProductTimer> {
  const opened = await Promise.all(products.map((product) => openProduct(product, sessionThreads)));
  return {
    async side(steps) {
      const times: number[] = [];
      for (let i = 0; i < steps; i++) {
        let ms = 0;
        for (const { run, share } of opened) ms += (await run()) * share;
        times.push(ms / copies);
      }
      return times;
    },
    flops: products.reduce((sum, [rows, inner, columns, times]) => sum + 2 * rows * inner * columns * times, 0),
    async close() {
      for (const { close } of opened) await close();
    },
  };
}

async function openProduct([rows, inner, columns, times]: Product, threads: number) {
  const batch = rows * inner * columns < 4e6 ? Math.min(times, 32) : 1;
  const a = input("a", [batch, rows, inner]);
  const b = input("b", [batch, inner, columns]);
  const session = await openSession(encodeOnnx(emitModel({ y: matmul(a, b) })), { threads });
  const feeds = { a: feed(batch, rows, inner), b: feed(batch, inner, columns) };
  return {
    share: times / batch,
    async run() {
      const start = performance.now();
      await session.run(feeds);
      return performance.now() - start;
    },
    close: () => session.close(),
  };
}

function feed(...shape: number[]) {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length: count }, (_, i) => (i % 17) / 17 - 0.5);
  return { data, shape, type: "float32" as const };
}
