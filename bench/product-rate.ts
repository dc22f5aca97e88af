// How long a step's matrix products take alone on ONNX Runtime: the least time that a step could take there.
// Knows no network.
import { encodeOnnx } from "../src/formats/onnx/encode.js";
import { emitModel, input, matmul } from "../src/graph/index.js";
import { openSession } from "../src/runtime/index.js";
import { median } from "./harness.js";

/**
 * Products are [rows, inner, columns, how often]. Small ones are timed many at a time, as one batched product. With more
 * threads, the better of one session with all of them and of perfect scaling from one.
 */
export async function idealStepMs(
  products: readonly [number, number, number, number][],
  threads: number,
): Promise<{ ms: number; gflops: number }> {
  let ms = 0;
  let flops = 0;
  for (const [rows, inner, columns, times] of products) {
    const batch = rows * inner * columns < 4e6 ? Math.min(times, 32) : 1;
    const alone = (await productMs(batch, rows, inner, columns, 1)) / threads;
    const together = threads === 1 ? alone : await productMs(batch, rows, inner, columns, threads);
    ms += (Math.min(alone, together) / batch) * times;
    flops += 2 * rows * inner * columns * times;
  }
  return { ms, gflops: flops / ms / 1e6 };
}

async function productMs(batch: number, rows: number, inner: number, columns: number, threads: number) {
  const a = input("a", [batch, rows, inner]);
  const b = input("b", [batch, inner, columns]);
  const session = await openSession(encodeOnnx(emitModel({ y: matmul(a, b) })), { threads });
  const feed = (...shape: number[]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    return {
      data: Float32Array.from({ length: count }, (_, i) => (i % 17) / 17 - 0.5),
      shape,
      type: "float32" as const,
    };
  };
  const feeds = { a: feed(batch, rows, inner), b: feed(batch, inner, columns) };
  const times: number[] = [];
  for (let i = 0; i < 14; i++) {
    const start = performance.now();
    await session.run(feeds);
    if (i >= 3) times.push(performance.now() - start);
  }
  await session.close();
  return median(times);
}
