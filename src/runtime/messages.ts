// What the executor and its workers say to each other.
import type { ResolvedOptimizer } from "../optim/index.js";
import type { TrainingMemory } from "./memory.js";
import type { Numbers } from "./onnx-runtime.js";
import type { StepGraph } from "./step-graph.js";

/** Arrays by data input, for one shard. */
export type Feeds = Readonly<Record<string, Numbers>>;
/** Arrays by output, of one shard. */
export type Results = Record<string, Numbers>;

export interface WorkerSetup {
  index: number;
  workers: number;
  /** Shard s belongs to lane s % lanes; a lane's gradients are summed in the order of its shards. */
  lanes: number;
  seed: number;
  optimizer: ResolvedOptimizer;
  memory: TrainingMemory;
}

/** The rows of one table that a batch names. */
export interface TableRows {
  table: string;
  /** Row numbers of the whole batch, each once, rising. */
  unique: Int32Array;
  /** Per shard and look-up of this table: for every position, where its row stands in `unique`. */
  places: { shard: number; lookup: number; at: Int32Array }[];
  /** Sum of squares of each unique row's gradient, for clipping. */
  squares: SharedArrayBuffer;
}

export interface GraphMessage {
  kind: "graph";
  key: string;
  graph: StepGraph;
}

export interface RunMessage {
  kind: "run";
  key: string;
  shards: Feeds[];
  update?: UpdateRequest;
}

export interface UpdateRequest {
  /** Counts from 1. */
  step: number;
  learningRate: number;
  rows: TableRows[];
  /** Look-up gradients, by shard and look-up. */
  lookupGradients: SharedArrayBuffer[][];
}

/** The parameters were set from outside. */
export interface SetMessage {
  kind: "set";
}

/** Training goes on from a state that was put back: what is to be known of the steps before, and the tables they moved. */
export interface RestoreMessage {
  kind: "restore";
  step: number;
  learningRates: number[];
  tables: string[];
}

/** Lets the worker free its sessions and end by itself: ending it from outside can abort the whole program. */
export interface CloseMessage {
  kind: "close";
}

export type Request = GraphMessage | RunMessage | SetMessage | RestoreMessage | CloseMessage;
export type Reply = { results: { shard: number; outputs: Results }[] } | { error: string };
