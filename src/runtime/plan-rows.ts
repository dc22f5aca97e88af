// Which rows of look-up tables a batch names.
import type { Feeds, TableRows } from "./messages.js";
import type { StepGraph } from "./step-graph.js";

export type RowPlanner = (graph: StepGraph, shards: readonly Feeds[]) => TableRows[];

/**
 * The rows of each table that a step learns, and where they stand. In rising order: the update then walks memory forwards.
 * The work grows with the batch, not with the tables.
 *
 * @param rowsOf - rows of a table
 * @throws Error where an id is not in its table, learnt or not
 */
export function createRowPlanner(rowsOf: (table: string) => number): RowPlanner {
  /** By table and row: 1 + its rank in the batch, and 0 again when the batch is planned. */
  const ranks = new Map<string, Int32Array>();

  return (graph, shards) =>
    [...new Set(graph.lookups.map(({ table }) => table))].flatMap((table) => {
      const rowCount = rowsOf(table);
      const slots = graph.lookups.map((slot, lookup) => ({ ...slot, lookup })).filter((slot) => slot.table === table);
      const positions = shards.flatMap((feeds, shard) =>
        slots.map(({ ids, lookup }) => ({ shard, lookup, ids: feeds[ids] as Int32Array })),
      );
      for (const { ids } of positions)
        for (const row of ids)
          if (!(row >= 0 && row < rowCount))
            throw new Error(`row ${row} is not in table '${table}' of ${rowCount} rows`);
      if (!slots.some(({ gradient }) => gradient)) return [];
      const rank = ranks.get(table) ?? new Int32Array(rowCount);
      ranks.set(table, rank);
      const found: number[] = [];
      for (const { ids } of positions) for (const row of ids) if (rank[row] === 0) rank[row] = found.push(row);
      const unique = Int32Array.from(found).sort();
      for (let u = 0; u < unique.length; u++) rank[unique[u]] = u + 1;
      const places = positions.map(({ shard, lookup, ids }) => ({
        shard,
        lookup,
        at: ids.map((row) => rank[row] - 1),
      }));
      for (const row of unique) rank[row] = 0;
      return [{ table, unique, places, squares: new SharedArrayBuffer(Math.max(8, unique.length * 8)) }];
    });
}
