// What a task is: all that training, measuring, predicting and reporting ask of it. A task is one row of the table in
// tasks.ts; whoever uses it knows none.
import type { z } from "zod";
import type { AnswerForm, Head, Targets } from "../networks/index.js";
import type { Figure } from "../report/figure.js";
import type { Html } from "../report/html.js";
import type { NewColumn, NewValues, RowGroups } from "../tables/index.js";
import type { Decisions } from "./decisions.js";
import type { FamilyEntry } from "./families/family.js";
import type { LabelledTable, LabelValue } from "./read-labelled.js";
import type { AnswerTally } from "./score-groups.js";

/** What of the training options is a task's own. */
export interface TaskOptions {
  /** Labels are taken although the column looks like one of keys, times or names. */
  manyLabels: boolean;
  /** What stands between the labels of a row in a column of text. */
  separator?: string;
}

/** A table of results, for people. The first column is text. */
export interface ResultTable {
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** Rows that are left to --json. */
  more: number;
}

/** A model that anyone could have without training. */
export interface Baseline {
  /** As in "always ham". */
  name: string;
  /** The same figures as those of the models, without intervals. */
  figures: Figure[];
}

/** What a report says of the rows and the model that was chosen. */
export interface ReportFacts<Space, Scores> {
  family: string;
  space: Space;
  scores: Scores;
  labelColumn: string;
  heldOut: { texts: readonly string[]; labels: readonly LabelValue[] };
  /** Answers for the held-out rows, (rows, width). */
  answers: Float32Array;
  /** Labels of all rows, held out or not. */
  labels: readonly LabelValue[];
  baselines: readonly Baseline[];
}

/** A figure that models are compared by. */
export interface Measure extends Omit<Figure, "value" | "interval"> {
  /** It is the mean of the errors, or what that lacks to 1. */
  isOfErrors?: boolean;
  /** Every label counts the same, however many rows it has. */
  isOverLabels?: boolean;
}

export interface ReportSections {
  /** The first sentences: what the model does and how well. */
  summary: Html;
  /** Behind the comparison of the models. */
  sections: Html;
  /** For the section on data: names and values. */
  data: readonly (readonly [name: string, value: string | Html])[];
}

/**
 * `Space` is what answers can be (labels, a range); it is kept in the folder as it is, so it is plain JSON. `Scores` is what
 * is measured on held-out rows, kept in metrics.json.
 */
export interface Task<Space = unknown, Scores = unknown> {
  /** With its article, as in "a text classifier". */
  noun: string;
  /** Cheapest first: between families that are equally good, the earlier one wins. */
  families: Record<string, FamilyEntry>;
  /** What numbers an answer consists of, whichever family gives it. */
  form: AnswerForm;
  spaceSchema: z.ZodType<Space>;
  scoresSchema: z.ZodType<Scores>;
  /** Whether a row's label column is read as a list. */
  readsLists: boolean;
  /** Whether a row with this value can be learned from and measured. */
  isLabelled(value: LabelValue | null): boolean;
  /** What such a value is, as in "a number"; left out where a task learns from all values. */
  labelNoun?: string;

  /**
   * What can be answered, from the rows that may be learned from.
   *
   * @param rows of the table
   * @throws UserError when there is too little or too much to learn
   */
  plan(table: LabelledTable, rows: readonly number[], options: TaskOptions): { space: Space; warnings: string[] };
  /** Width of the answers. */
  widthOf(space: Space): number;
  /** What each number of an answer is of. */
  answerNames(labelColumn: string, space: Space): readonly string[];
  /** Targets of labels; a label that is not in the space has a target that no answer equals. */
  targets(labels: readonly LabelValue[], space: Space): Targets;
  /** A class for each row, for splits in which every part has its share of each. */
  strata(targets: Targets, space: Space): Int32Array;
  /** Something to know of labels that are measured, before it is done. @param source as the user named it */
  unknownLabels(labels: readonly LabelValue[], space: Space, source?: string): string[];
  /** @param training targets of the training rows */
  head(space: Space, training: Targets): Head;

  /**
   * Index of the best model by its answers for the validation rows; hand them in cheapest first, behind those that are favoured. A
   * later one must be better by more than chance would have it.
   */
  pick(answers: readonly Float32Array[], truth: Targets, space: Space): number;
  /** The space with what only the chosen model's answers for rows that it did not see can tell. */
  settle(space: Space, validation: Float32Array, truth: Targets): Space;
  /**
   * @param answers (rows, width)
   * @param seed for intervals by bootstrap
   * @param clusters a number for each row, from 0: rows of one group are alike, and intervals are those of groups
   */
  score(
    labels: readonly LabelValue[],
    answers: Float32Array,
    space: Space,
    seed: number,
    clusters?: Int32Array,
  ): Scores;
  /** The most telling one first; at least two. */
  figures(scores: Scores): Figure[];
  /** The figures of a group of rows: the same ones, at the cost of its rows alone. */
  groupFigures(labels: readonly LabelValue[], answers: Float32Array, space: Space): Figure[];
  /** Thresholds that a user's wants choose; left out where answers have none. */
  decisions?: Decisions<Space>;
  /** Figures that models are compared by, the usual one first. */
  measures: readonly Measure[];
  /**
   * One of them, of any of these rows; a row may come several times.
   *
   * @param answers (rows, width)
   */
  measure(
    name: string,
    labels: readonly LabelValue[],
    answers: Float32Array,
    space: Space,
  ): (rows: ArrayLike<number>) => number;
  /** A number for each row, from 0: resamples for a measure over labels have as many rows of each as the table. */
  strataOf?(labels: readonly LabelValue[], space: Space): Int32Array;
  /** How wrong each answer is: by how much, or 0 for a right one and 1 for a wrong one. */
  errors(labels: readonly LabelValue[], answers: Float32Array, space: Space): Float64Array;
  /** Which labels each answer gives its row, (rows, labels): 1 for these. Left out where answers are no labels. */
  selected?(answers: Float32Array, space: Space): Uint8Array;
  /** Why answers of the two cannot be compared, as in "it also knows the label 'c'"; nothing where they can. */
  difference(space: Space, other: Space): string | undefined;
  /** At most `count` answers that are furthest from the truth: text, truth and what was predicted. */
  mistakes(
    texts: readonly string[],
    labels: readonly LabelValue[],
    answers: Float32Array,
    space: Space,
    count: number,
  ): object[];
  /** Looks at answers by group while rows pass. */
  tally(groups: RowGroups, space: Space): AnswerTally;
  /** One sentence: how many are right, or how far off. */
  summary(scores: Scores): string;
  tables(scores: Scores): ResultTable[];
  /** By what training alone tells. */
  baselines(training: readonly LabelValue[], heldOut: readonly LabelValue[], space: Space): Baseline[];

  /** "5 labels" */
  extent(space: Space): string;
  /** For `inspect`: "stars, one of 5: 1, 2, 3, 4, 5". */
  describe(labelColumn: string, space: Space): string;
  /** The columns that answers become. @param isEach also what stands behind the answers */
  columns(label: { column: string; type?: string }, space: Space, isEach: boolean): NewColumn[];
  values(answers: Float32Array, space: Space, isEach: boolean): NewValues[];
  /** Answers as objects, for programs. */
  answers(answers: Float32Array, space: Space): object[];
  report(facts: ReportFacts<Space, Scores>): ReportSections;
}

/** Keeps a task's types inside it while the table holds all of them. */
export function task<Space, Scores>(own: Task<Space, Scores>): Task {
  return own as unknown as Task;
}
