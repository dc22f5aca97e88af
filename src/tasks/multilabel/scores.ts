// What is measured of a model of sets of labels on held-out rows, defined once. Data only.
import { z } from "zod";

const share = z.number().min(0).max(1);
const interval = z.object({ low: share, high: share }).describe("95 %, bootstrap over the rows");
const average = z.object({ precision: share, recall: share, f1: share });

/**
 * Results on rows that training never touched. A label that training never saw is missing in every row that has it; all of
 * them count as one more label. Labels that neither occur nor are predicted are left out of the macro average.
 */
export const setScoresSchema = z.object({
  rows: z.number(),
  exact: z.number().describe("Rows with exactly their labels"),
  micro: average.describe("Of all labels together"),
  microF1Interval: interval,
  macro: average.describe("Mean over the labels"),
  macroF1Interval: interval,
  samples: average.describe("Mean over the rows; one that has no label and gets none counts as 0"),
  samplesF1Interval: interval,
  exactMatch: share.describe("Share of rows with exactly their labels"),
  exactMatchInterval: interval,
  hammingLoss: share.describe("Share of pairs of a row and a label that are wrong"),
  labelRanking: share.describe(
    "Label ranking average precision: of each label of a row, the share of its labels among those ranked as high",
  ),
  labels: z.array(z.object({ label: z.string(), rows: z.number(), precision: share, recall: share, f1: share })),
  unseenLabels: z.array(z.object({ label: z.string(), rows: z.number() })),
});

export type SetScores = z.infer<typeof setScoresSchema>;
