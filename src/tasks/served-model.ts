// What an open model can do, whatever its task: for programs, for the rows of a table, for measuring.
import type { WorkflowWatch } from "../base/watch.js";
import type { Figure } from "../report/figure.js";
import type { NewColumn, NewValues, RowGroups, Table } from "../tables/index.js";
import type { DecisionFigures } from "./decisions.js";
import type { OutOfFoldModel } from "./out-of-fold.js";
import type { LabelValue } from "./read-labelled.js";
import type { AnswerTally, GroupScores } from "./score-groups.js";
import type { SeenRows } from "./seen-rows.js";
import type { ResultTable, Task } from "./task.js";

export interface ServedModel {
  task: string;
  output: string;
  textColumns: readonly string[];
  parameters?: number;
  answer(texts: readonly string[]): Promise<object[]>;
  /** Operations of `answer`, counted; left out where they can't be. */
  flops?(texts: readonly string[]): Promise<number>;
  /** Row-major (texts, dim). */
  encode?(texts: readonly string[]): Promise<{ dim: number; vectors: Float32Array }>;
  close(): Promise<void>;
}

/** A model whose answers become columns and can be measured. */
export interface TableModel extends ServedModel {
  family: string;
  /** The columns that answers become. @param isEach also what stands behind the answers */
  columns(isEach: boolean): NewColumn[];
  values(texts: readonly string[], isEach: boolean): Promise<NewValues[]>;
  /** The same model, whose answers are decided by what was chosen, or by one threshold. @throws UserError where nothing was chosen */
  decidedBy?(threshold: number | "chosen"): TableModel;
  /** The same model with out-of-fold answers for the rows that it learned from. @throws UserError where the folder has none */
  outOfFold?(): { model: TableModel; counts: OutOfFoldModel["counts"] };
  /** Recognises rows of training while they pass. */
  seenRows?(): SeenRows | undefined;
  /** Looks at answers by group while rows pass; left out where a group's answers say nothing. */
  tally?(groups: RowGroups): AnswerTally;
  /**
   * Measures the model on a table.
   *
   * @throws UserError for a wrong column, or where nothing can be measured; CancelledError after an abort
   */
  evaluate(table: Table, rows: RowsToMeasure, watch?: WorkflowWatch): Promise<Evaluation>;
}

export interface RowsToMeasure {
  /** The table as the user named it. */
  path: string;
  text: readonly string[];
  /** Column of the true labels, for models that learned some. Default: the one of training. */
  label?: string;
  /** Column to group by. */
  by?: string;
  /** Columns of which each row's value is wanted too, with its text and how wrong the answer is. */
  withRows?: readonly string[];
  /** Thresholds that are chosen on these rows; kept in the folder where that is asked. */
  decide?: RowDecider;
  /** Column of which rows with one value are alike: intervals are those of groups. */
  group?: string;
}

/** Chooses thresholds from labelled rows, and says what they come to. */
export type RowDecider = (
  task: Task,
  labels: readonly LabelValue[],
  answers: Float32Array,
  space: unknown,
) => { space: unknown; figures: DecisionFigures | undefined; keep: boolean };

export interface MeasuredRows {
  texts: readonly string[];
  /** See `Task.errors`. */
  errors: Float64Array;
  /** Values by column. */
  columns: Readonly<Record<string, readonly (string | null)[]>>;
}

export interface Evaluation {
  /** Where the task has one. */
  labelColumn?: string;
  source: string;
  /** One sentence. */
  summary: string;
  /** The most telling one first; at least two. */
  figures: Figure[];
  /** With `withRows`: the rows that were measured. */
  rows?: MeasuredRows;
  /** What a chosen threshold comes to. */
  decision?: DecisionFigures;
  /** Everything that was measured; what it holds is the task's. */
  scores: object;
  /** The answers furthest from the truth. */
  mistakes: object[];
  /** For people. */
  tables: ResultTable[];
  /** With `by`: the figures for each value of that column, the largest group first. */
  groups?: GroupScores[];
  warnings: string[];
}
