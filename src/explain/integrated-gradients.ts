// Integrated gradients: M. Sundararajan, A. Taly, Q. Yan 2017, arXiv:1703.01365. A word's share is the integral of the score's
// gradient along the straight way from the baseline to the text, times how far its tokens are from the baseline. All shares
// add up to the difference of the scores at both ends, but for the error of the quadrature: more points are taken until it is
// small.
import type { Watch } from "../base/progress.js";
import { createWorkerPool, runJobs, type WorkerPool } from "../base/worker-pool.js";
import { roundLength } from "../networks/encoded-texts/index.js";
import type { OpenedNetwork } from "../networks/index.js";
import { gaussLegendre } from "./gauss-legendre.js";
import { gradientOnnx } from "./gradient-graph.js";
import type { GradientGraph, GradientJob, GradientResult } from "./gradient-jobs.js";
import type { ExplainedModel, Method, MethodOptions, Shares, TextToExplain } from "./method.js";
import { type PlacedTokens, placeTokens } from "./tokens.js";

export const integratedGradients: Method = {
  summary: "the gradient along the way from an empty text: networks",
  lacks: ({ model }) => (model.network ? undefined : noNetwork(model.family)),
  async open(model, options) {
    const network = model.model.network!();
    const { baseline } = network.reading;
    const pool = createWorkerPool<GradientJob, GradientResult>({
      module: new URL("./gradient-worker.js", import.meta.url),
      threads: model.threads,
    });
    const graphs = new Map<string, GradientGraph>();
    return {
      how: `integrated gradients, from ${baseline ? `'${baseline.token}' in place of every word` : "vectors of zeros"}`,
      explain: (texts, watch) => integrate({ model, network, pool, graphs, options }, texts, watch),
      close: () => pool.close(),
    };
  },
};

function noNetwork(family: string): string {
  return family === "linear" || family === "vectors"
    ? "it is no network that gradients go through"
    : "its weights are in 8 bits, which have no gradients";
}

interface Open {
  model: ExplainedModel;
  network: OpenedNetwork;
  pool: WorkerPool<GradientJob, GradientResult>;
  graphs: Map<string, GradientGraph>;
  options: MethodOptions;
}

/** Both ends are computed beside the points: two fewer than a power of two. */
const [firstSteps, mostSteps] = [14, 510];
/** Of the difference of the scores, or of a tenth of a unit where they hardly differ. */
const [largestGap, smallestDifference] = [0.01, 0.1];

interface Going extends Shares {
  tokens: Float64Array;
  placed: PlacedTokens;
}

async function integrate(open: Open, texts: readonly TextToExplain[], watch: Watch = {}): Promise<Shares[]> {
  const { model, network, options } = open;
  const placed = texts.map(({ text, words }) => placeTokens(network.reading, text, words));
  const found = new Array<Going>(texts.length);
  const unit = smallestDifference * (model.form.activation === "linear" ? (network.form.amounts?.deviation ?? 1) : 1);
  let rows = [...texts.keys()];
  for (let steps = options.steps ?? firstSteps; rows.length > 0; steps = 2 * steps + 2) {
    const round = await integrals(
      open,
      rows.map((row) => ({ ...texts[row], placed: placed[row] })),
      steps,
      watch,
    );
    for (const [i, row] of rows.entries()) found[row] = { ...round[i], placed: placed[row] };
    if (options.steps !== undefined || 2 * steps + 2 > mostSteps) break;
    rows = rows.filter((row) => {
      const { score, base = 0, tokens } = found[row];
      const missing = score - base - tokens.reduce((sum, share) => sum + share, 0);
      return Math.abs(missing) > largestGap * Math.max(unit, Math.abs(score - base));
    });
  }
  return found.map(({ tokens, placed: { wordOf, isUnknown }, ...rest }, row) => {
    const { score, base = 0 } = rest;
    const shares = new Float64Array(texts[row].words.length);
    for (const [token, word] of wordOf.entries()) if (word >= 0) shares[word] += tokens[token];
    const missing = score - base - shares.reduce((sum, share) => sum + share, 0);
    const gap = missing / Math.max(unit, Math.abs(score - base));
    return { ...rest, shares, gap, ...(isUnknown && { isUnknown }) };
  });
}

/** Tokens of a batch, padding included: what a block makes of them stays near the processor. */
const tokensAtOnce = 1024;
const mostRows = 16;

/** Of each text with so many points. */
async function integrals(
  { network, model, pool, graphs }: Open,
  texts: readonly (TextToExplain & { placed: PlacedTokens })[],
  steps: number,
  watch: Watch,
): Promise<(Shares & { tokens: Float64Array })[]> {
  const { points, weights } = gaussLegendre(steps);
  const lengthOf = ({ placed }: (typeof texts)[number]) =>
    Math.min(network.network.maxLength, roundLength(placed.ids.length));
  const order = [...texts.keys()].sort((a, b) => lengthOf(texts[a]) - lengthOf(texts[b]) || a - b);
  const jobs: GradientJob[] = [];
  const ends = order.map((row) => {
    const one = texts[row];
    const length = lengthOf(one);
    const batch = Math.max(1, Math.min(mostRows, 2 ** Math.floor(Math.log2(tokensAtOnce / length))));
    const isOdds = model.form.activation === "softmax" && one.target.against === undefined;
    const graph = graphOf(graphs, network, [batch, length], isOdds);
    const vectors = vectorsOf(network, one.placed);
    const direction = new Float32Array(network.network.width);
    if (one.target.against !== undefined) direction[one.target.against] = -1;
    direction[one.target.of] = 1;
    for (let from = 0; from < steps + 2; from += batch) {
      // Both ends first; behind the last point the text again, which counts nothing.
      const at = Array.from({ length: batch }, (_, i) => from + i - 2);
      const own = {
        points: Float64Array.from(at, (i) => (i === -2 ? 0 : (points[i] ?? 1))),
        weights: Float64Array.from(at, (i) => weights[i] ?? 0),
      };
      jobs.push({ graph, ...vectors, direction, ...own });
    }
    return jobs.length;
  });
  const results = await runJobs(pool, jobs, { ...watch, stage: "integrating gradients", stopped: "Stopped." });
  const found = new Array<Shares & { tokens: Float64Array }>(texts.length);
  for (const [i, row] of order.entries()) {
    const own = results.slice(ends[i - 1] ?? 0, ends[i]);
    const tokens = new Float64Array(own[0].sums.length);
    for (const { sums } of own) for (let token = 0; token < sums.length; token++) tokens[token] += sums[token];
    const [base, score] = own.flatMap(({ scores }) => [...scores]);
    found[row] = { shares: tokens, tokens, base, score, read: texts[row].placed.read, steps };
  }
  return found;
}

/** Made once a size. */
function graphOf(
  graphs: Map<string, GradientGraph>,
  network: OpenedNetwork,
  [batch, length]: readonly [number, number],
  isOdds: boolean,
): GradientGraph {
  const key = `${batch} ${length} ${isOdds}`;
  let graph = graphs.get(key);
  if (graph === undefined) {
    const bytes = gradientOnnx(network, [batch, length], isOdds);
    const onnx = new Uint8Array(new SharedArrayBuffer(bytes.length));
    onnx.set(bytes);
    const [, width] = network.weights.get(network.table)!.shape;
    graph = { id: graphs.size, onnx, batch, length, width };
    graphs.set(key, graph);
  }
  return graph;
}

/** Special tokens and those of a prompt are no part of the way: their baseline is themselves. */
function vectorsOf({ weights, table, reading }: OpenedNetwork, { ids, wordOf }: PlacedTokens) {
  const { data, shape } = weights.get(table)!;
  const [, width] = shape;
  const row = (id: number) => data.subarray(id * width, (id + 1) * width);
  const [tokens, baseline] = [new Float32Array(ids.length * width), new Float32Array(ids.length * width)];
  for (const [at, id] of ids.entries()) {
    tokens.set(row(id), at * width);
    if (wordOf[at] < 0) baseline.set(row(id), at * width);
    else if (reading.baseline) baseline.set(row(reading.baseline.id), at * width);
  }
  return { tokens, baseline };
}
