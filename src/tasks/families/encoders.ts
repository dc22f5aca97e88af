// The families that go on from a pretrained encoder, which serve every task. Cheapest first.
import { fewestJudges } from "../../networks/fewest-judges.js";
import type { AnswerForm } from "../../networks/index.js";
import { pairSettings } from "../../networks/tuned-encoder/settings.js";
import type { Base } from "./base.js";
import type { FamilyEntry, TrainingRows } from "./family.js";
import type { LinearKind, LinearParts } from "./linear-family.js";

/** What `tune` chooses between. */
export const tuneNames = ["vectors", "pairs", "lora", "full"] as const;
export type TuneName = (typeof tuneNames)[number];

/** @param linear the task's linear model, for those whose encoder stays as it is */
export function encoderFamilies<Model extends LinearParts>(
  form: AnswerForm,
  linear: () => Promise<LinearKind<Model>>,
): Partial<Record<TuneName, FamilyEntry>> {
  // Numbers are no labels that two rows could have in common.
  const pairs: FamilyEntry | undefined =
    form.activation === "linear"
      ? undefined
      : {
          summary: "pretrained encoder, tuned on pairs of rows with the same and with different labels",
          base: "encoder",
          isWorthIt: (rows, base, most = mostSeconds) =>
            isForPairs(rows) && secondsToTune(rows, base, readingsOfPairs(rows)) <= most,
          isFavoured: isForPairs,
          candidates: [{ cost: early * 40 }],
          load: async () => (await import("./pairs-family.js")).pairsFamily(form),
        };
  return {
    vectors: {
      summary: "vectors of a pretrained encoder beside TF-IDF, with a linear model",
      base: "encoder",
      isFavoured: ({ validation }) => validation.texts.length < fewestJudges,
      candidates: [{ cost: early * 10 }],
      load: async () => (await import("./vectors-family.js")).vectorsFamily(await linear()),
    },
    ...(pairs && { pairs }),
    lora: {
      summary: "pretrained encoder with low-rank updates",
      base: "encoder",
      // As long as full, and no better: for those who want its small folder.
      isWorthIt: () => false,
      candidates: [{ cost: early * 60 }],
      load: async () => (await import("./tuned-encoder-family.js")).tunedEncoderFamily("lora", form),
    },
    full: {
      summary: "pretrained encoder, fine-tuned end to end",
      base: "encoder",
      isWorthIt: (rows, base, most = mostSeconds) =>
        rows.training.texts.length >= fewestTuned && secondsToTune(rows, base, epochsOfFull) <= most,
      candidates: [
        { cost: early * 60 },
        { settings: { learningRate: 5e-5 }, cost: early * 60 },
        { settings: { epochs: 4 }, cost: early * 100 },
      ],
      load: async () => (await import("./tuned-encoder-family.js")).tunedEncoderFamily("full", form),
    },
  };
}

/** Whoever names a base wants to see it tried: what goes on from it comes before what costs as much and starts from nothing. */
const early = 0.3;
/** With fewer rows, a linear model on the vectors is as good. */
const fewestTuned = 150;
const mostSeconds = 1800;
/** Of products on two cores of 2023, in a second. */
const operationsPerSecond = 1.5e11;
const [charactersPerToken, epochsOfFull, trainings] = [4, 3, 2];
/** With more rows, learning from labels end to end is as good. */
const mostForPairs = 400;

const isForPairs = ({ training }: TrainingRows) => training.texts.length <= mostForPairs;

function readingsOfPairs({ training }: TrainingRows): number {
  const { epochs, batchSize } = pairSettings(training.texts.length).training;
  return (epochs * Math.max(batchSize, training.texts.length)) / training.texts.length;
}

/** Six operations a weight and token; vectors of tokens are only looked up. @param readings of each text */
function secondsToTune({ training }: TrainingRows, base: Base, readings: number): number {
  const { weights, shape } = base.kind === "encoder" ? base.encoder : base.network;
  let numbers = -shape.vocabSize * shape.width;
  for (const { data } of weights.values()) numbers += data.length;
  const characters = training.texts.reduce((sum, text) => sum + Math.min(text.length, 1024), 0);
  return ((characters / charactersPerToken) * readings * trainings * 6 * numbers) / operationsPerSecond;
}
