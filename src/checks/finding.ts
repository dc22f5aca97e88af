// What a check tells of a table: plain data.

/** Kinds of findings, what may cost most first. */
export type FindingKind =
  | "unusable-labels"
  | "train-test-duplicates"
  | "giveaway-column"
  | "giveaway-phrase"
  | "label-in-text"
  | "identifiers"
  | "duplicates"
  | "conflicting-labels"
  | "different-test"
  | "unseen-labels"
  | "ordered-rows"
  | "similar-labels"
  | "small-classes"
  | "language-mix"
  | "machine-made-texts"
  | "broken-characters"
  | "empty-texts"
  | "long-texts";

/** A row of one of the two tables. */
export interface RowPlace {
  table: "training" | "test";
  /** From 1. */
  row: number;
}

export interface FindingExample extends RowPlace {
  text: string;
  label: string;
  /** Another row that it is about. */
  like?: RowPlace & { text: string; label: string };
}

/** A figure of a quick linear model, before and after something is left out. */
export interface FindingEffect {
  /** As in JSON: "accuracy". */
  figure: string;
  title: string;
  isShare: boolean;
  /** With what was found. */
  with: number;
  without: number;
  /** Rows that were measured, with and without. */
  rows: { with: number; without: number };
  /** What was left out, as in "without these rows". */
  how: string;
}

export interface Finding {
  kind: FindingKind;
  /** Rows that it is about. */
  rows: number;
  /** Counted on rows spread over a large table, and projected. */
  isEstimate?: true;
  /** One sentence without a full stop. */
  message: string;
  /** A few. */
  examples: FindingExample[];
  /** What to do. */
  advice: string;
  effect?: FindingEffect;
  /** What the kind has of its own: counts by kind, the phrase, the column. */
  details: Record<string, unknown>;
}
