// Loss and metrics of a model on given rows.
import type { Executor, Results } from "../runtime/index.js";
import type { Figures } from "../train/index.js";
import { accuracyOf } from "./accuracy.js";
import { cutBatches, type DataSet, planShards, type ShardedRows, targetName, weightsName } from "./batches.js";
import type { Compiled, OutputLoss } from "./compile-options.js";
import { predictionName, stepGraph } from "./step-graphs.js";
import type { Topology } from "./topology.js";

/** Runs the rows through the executor's present parameters, without dropout. */
export async function evaluateRows(
  executor: Executor,
  plan: Topology,
  losses: readonly OutputLoss[],
  compiled: Compiled,
  data: DataSet,
  batchSize: number,
): Promise<Figures> {
  const shards = planShards(batchSize);
  const { named } = data.inputs;
  const withOutputs = compiled.metrics.length > 0;
  const build = () =>
    stepGraph(plan, losses, {
      rows: shards.rowsPerShard,
      named,
      training: false,
      withOutputs,
      frozen: new Set(),
    });
  const key = `evaluate ${shards.rowsPerShard} ${JSON.stringify(named)}`;
  const order = Int32Array.from({ length: data.inputs.rows }, (_, row) => row);
  let loss = 0;
  let weight = 0;
  const sums: Figures = {};
  for (const batch of cutBatches(data, order, batchSize, shards)) {
    const outputs = await executor.forward(key, build, batch.shards);
    loss += batch.weight * outputs.reduce((sum, { loss: part }) => sum + Number(part[0]), 0);
    weight += batch.weight;
    for (const [name, value] of Object.entries(measureBatch(losses, compiled, batch, outputs)))
      sums[name] = (sums[name] ?? 0) + value * batch.rows;
  }
  const metrics = Object.entries(sums).map(([name, sum]) => [name, sum / data.inputs.rows]);
  return { loss: weight > 0 ? loss / weight : 0, ...Object.fromEntries(metrics) };
}

/** The metrics of one batch: "accuracy", or with several outputs "<output>Accuracy". */
export function measureBatch(
  losses: readonly OutputLoss[],
  { metrics }: Compiled,
  { shards, rowsOf, rows }: ShardedRows,
  outputs: readonly Results[],
): Figures {
  if (!metrics.includes("accuracy")) return {};
  return Object.fromEntries(
    losses.map(({ loss, name, classes }) => {
      let sum = 0;
      for (const [shard, feeds] of shards.entries()) {
        const output = outputs[shard][predictionName(name)] as Float32Array;
        const target = feeds[targetName(name)] as Float32Array;
        const padded = (feeds[weightsName] as Float32Array).length;
        const rowSize = output.length / padded;
        sum += rowsOf[shard] * accuracyOf(loss, output, target, { rows: rowsOf[shard], rowSize, classes });
      }
      return [losses.length > 1 ? `${name}Accuracy` : "accuracy", sum / rows];
    }),
  );
}
