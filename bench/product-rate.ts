// How long a step's matrix products take alone on ONNX Runtime: the least time that a step could take there.
// Knows no network.
import { elementCount, matmul, parameter } from "../src/graph/index.js";
import { compileForward } from "../src/runtime/index.js";
import { createSession, tensorOver } from "../src/runtime/onnx-runtime.js";
import type { Side } from "./harness.js";

export type Product = [rows: number, inner: number, columns: number, times: number];

/** Opens the products in sessions of their own. */
export interface ProductTimer {
  /** Times every product and gives the milliseconds of a whole step's products, scaled by how often each is computed. */
  side: Side;
  /** Floating-point operations of one step's products. */
  flops: number;
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
  };
}

/** As in training: the factors stand in arrays that stay, the result goes into one. */
async function openProduct([rows, inner, columns, times]: Product, threads: number) {
  const batch = rows * inner * columns < 4e6 ? Math.min(times, 32) : 1;
  const shapes = { a: [batch, rows, inner], b: [batch, inner, columns], y: [batch, rows, columns] };
  const { model } = compileForward({ y: matmul(parameter("a", shapes.a), parameter("b", shapes.b)) });
  const session = await createSession(model, threads);
  const tensor = (name: keyof typeof shapes) => tensorOver(numbers(shapes[name]), shapes[name], "float32");
  const [factors, results] = [{ a: tensor("a"), b: tensor("b") }, { y: tensor("y") }];
  return {
    share: times / batch,
    async run() {
      const start = performance.now();
      await session.run(factors, results);
      return performance.now() - start;
    },
  };
}

const numbers = (shape: readonly number[]) =>
  Float32Array.from({ length: elementCount(shape) }, (_, i) => (i % 17) / 17 - 0.5);
