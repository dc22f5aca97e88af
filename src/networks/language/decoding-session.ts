// A decoder's graph for few new tokens and the one for many. With floats they are the same.
import { isBlockMatrix } from "../../formats/block-matrix.js";
import { openSession, type Session } from "../../runtime/index.js";
import type { DecoderWeights } from "./decoder-weights.js";
import { decodingGraph } from "./decoding-graph.js";
import type { ProductForm } from "./decoding-products.js";
import type { TransformerShape } from "./shape.js";

/** Tokens from which on the form for many is faster. */
const leastMany = 6;

export interface DecodingSession {
  run: Session["run"];
  close(): Promise<void>;
}

/** The graph for few tokens is opened at once, the one for many when it is first used. */
export async function openDecodingSession(
  shape: TransformerShape,
  weights: DecoderWeights,
  options: { threads: number },
): Promise<DecodingSession> {
  const hasForms = [...weights.values()].some(isBlockMatrix);
  const opened = new Map<ProductForm, Promise<Session>>();
  const sessionOf = (form: ProductForm) => {
    const known = opened.get(form) ?? openSession(decodingGraph(shape, weights, "logits", form), options);
    opened.set(form, known);
    return known;
  };
  await sessionOf("few rows");
  return {
    async run(feeds) {
      const [rows, length] = feeds.positions.shape;
      return (await sessionOf(hasForms && rows * length >= leastMany ? "many rows" : "few rows")).run(feeds);
    },
    async close() {
      for (const one of await Promise.allSettled(opened.values()))
        if (one.status === "fulfilled") await one.value.close();
    },
  };
}
