// Layers as a program outside the package writes them: with what the package exports, and nothing else.
import {
  type CustomLayer,
  defineLayer,
  dense,
  graph,
  type Layer,
  multiHeadAttention,
  residual,
  UserError,
} from "columnist";
import type { LayerExample } from "./layer-table.js";

/** x times a learnt factor for each number of its last axis. */
export const scale = defineLayer({
  kind: "scale",
  options({ start = 1 }: { start?: number }) {
    if (typeof start !== "number") throw new UserError(`start of scale is a number, got ${JSON.stringify(start)}.`);
    return { start };
  },
  parameters: ({ start }, [shape]) => [
    { name: "factor", shape: [Number(shape.at(-1))], initializer: { constant: start } },
  ],
  call: (_, [x], context) => ({ result: graph.mul(x, context.parameter("factor")), mask: context.masks[0] }),
});

/** Highway: g · f(x) + (1 − g) · x with g = sigmoid(W x + b), R. K. Srivastava et al. 2015, arXiv:1505.00387. */
export const highway = defineLayer({
  kind: "highway",
  options: ({ activation = "tanh" as const }: { activation?: "tanh" | "relu" }) => ({ activation }),
  parameters: (config, [shape], inner) =>
    Object.entries(parts(Number(shape.at(-1)), config)).flatMap(([name, layer]) =>
      inner.parameters(layer, name, [shape]),
    ),
  call(config, [x], context) {
    const [{ result: f }, { result: g }] = Object.entries(parts(Number(x.shape.at(-1)), config)).map(([name, layer]) =>
      context.inner(layer, name, [x], context.masks),
    );
    const { add, mul, sub } = graph;
    return { result: add(mul(g, f), sub(x, mul(g, x))), mask: context.masks[0] };
  },
});

function parts(units: number, { activation }: { activation: "tanh" | "relu" }): Record<string, Layer> {
  return { transform: dense({ units, activation }), gate: dense({ units, activation: "sigmoid" }) };
}

/** The mean of two inputs, with dropout in training; nothing is learnt, nothing can be chosen. */
export const mean = defineLayer({
  kind: "mean",
  call: (_, [a, b], context) => ({ result: context.dropout(graph.mul(graph.add(a, b), 0.5), 0.2) }),
});

export const customLayers: CustomLayer[] = [scale, highway, mean];

export const customExamples: LayerExample[] = [
  { title: "custom scale", make: () => scale({ start: 0.5, name: "mine" }), inputs: [[5, 4]], masked: true },
  { title: "custom scale, defaults, on vectors", make: () => scale(), inputs: [[4]] },
  { title: "custom highway, layers inside", make: () => highway(), inputs: [[5, 4]], masked: true },
  {
    title: "custom, two inputs",
    make: () => mean(),
    inputs: [
      [5, 4],
      [5, 4],
    ],
    hasDropout: true,
  },
  {
    title: "custom layers inside a residual one",
    make: () => residual([scale({ start: 2 }), multiHeadAttention({ heads: 2 }), highway({ activation: "tanh" })]),
    inputs: [[5, 4]],
    masked: true,
  },
];
