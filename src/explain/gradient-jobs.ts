// What one thread of integrated gradients does: a batch of points on the way from the baseline to a text.
import { openSession, type Session } from "../runtime/index.js";

/** The graph of a size; its bytes are shared by all threads. */
export interface GradientGraph {
  id: number;
  onnx: Uint8Array;
  /** Rows and tokens of a batch. */
  batch: number;
  length: number;
  /** Numbers of a token's vector. */
  width: number;
}

export interface GradientJob {
  graph: GradientGraph;
  /** Vectors of the text's tokens and of what they are compared with, (tokens, width). */
  tokens: Float32Array;
  baseline: Float32Array;
  direction: Float32Array;
  /** For each row where it stands between baseline (0) and text (1), and what its gradient counts; (batch). */
  points: Float64Array;
  weights: Float64Array;
}

export interface GradientResult {
  /** (batch) */
  scores: Float64Array;
  /** For each token Σ over the rows of weight · (token − baseline) · gradient. */
  sums: Float64Array;
}

/** Graphs that stay open: lengths come in order, so the next job has mostly the last one's. */
const graphsKept = 2;

export function gradientJobs() {
  const sessions = new Map<number, Promise<Session>>();
  /** The runtime takes no shared memory. */
  async function sessionOf({ id, onnx }: GradientGraph): Promise<Session> {
    const open = sessions.get(id);
    if (open) return open;
    for (const old of [...sessions.keys()].slice(0, Math.max(0, sessions.size + 1 - graphsKept))) {
      const closing = sessions.get(old)!;
      sessions.delete(old);
      await (await closing).close();
    }
    const opening = openSession(new Uint8Array(onnx), { threads: 1 });
    sessions.set(id, opening);
    return opening;
  }
  return {
    async run({ graph, tokens, baseline, direction, points, weights }: GradientJob): Promise<GradientResult> {
      const { batch, length, width } = graph;
      const session = await sessionOf(graph);
      const size = tokens.length;
      const x = new Float32Array(batch * length * width);
      const mask = new Float32Array(batch * length);
      const directions = new Float32Array(batch * direction.length);
      for (let row = 0; row < batch; row++) {
        const [first, point] = [row * length * width, points[row]];
        for (let i = 0; i < size; i++) x[first + i] = baseline[i] + point * (tokens[i] - baseline[i]);
        mask.fill(1, row * length, row * length + size / width);
        directions.set(direction, row * direction.length);
      }
      const { score, gradient } = await session.run({
        tokens: { data: x, shape: [batch, length, width], type: "float32" },
        ...(session.inputs.includes("mask") && { mask: { data: mask, shape: [batch, length], type: "float32" } }),
        direction: { data: directions, shape: [batch, direction.length], type: "float32" },
      });
      const slopes = gradient.data as Float32Array;
      const sums = new Float64Array(size / width);
      for (let row = 0; row < batch; row++) {
        if (weights[row] === 0) continue;
        const first = row * length * width;
        for (let token = 0; token < sums.length; token++) {
          let sum = 0;
          for (let i = token * width; i < (token + 1) * width; i++)
            sum += (tokens[i] - baseline[i]) * slopes[first + i];
          sums[token] += weights[row] * sum;
        }
      }
      return { scores: Float64Array.from(score.data as Float32Array), sums };
    },
    async close() {
      for (const session of sessions.values()) await (await session).close();
    },
  };
}
