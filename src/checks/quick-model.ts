// What a finding could do to the score: a linear model of words, fitted on some rows and measured on others, in seconds.
import type { Watch } from "../base/progress.js";
import { createRandom, mixSeed } from "../base/random.js";
import { fitLinear, fitMultilabel, fitRidge, predictLinear, predictMultilabel, predictRidge } from "../linear/index.js";
import { type Targets, takeTargets } from "../networks/index.js";
import type { Figure } from "../report/figure.js";
import type { TaskName } from "../tasks/index.js";
import type { CheckedRows } from "./checked-rows.js";
import type { FindingEffect } from "./finding.js";
import { labelsAt } from "./label-sets.js";

export interface QuickModel {
  /** Its figure without some of the rows that it is measured on; undefined where none or nearly all are gone. */
  withoutRows(isGone: (row: number) => boolean, how?: string): FindingEffect | undefined;
  /** Fitted and measured anew on texts that are rewritten. */
  withTexts(rewrite: (text: string) => string, how: string): Promise<FindingEffect | undefined>;
}

const mostTraining = 6000;
const mostMeasured = 3000;
/** Words of so many labels are learned within seconds. */
const mostLabels = 300;
const fewestRows = 40;
const fewestLeft = 20;
/** A word model needs no more of a text. */
const longestText = 2000;

interface Rows {
  texts: string[];
  targets: Targets;
  width: number;
  seed: number;
}
type Fit = (rows: Rows, watch: Watch) => Promise<(texts: readonly string[]) => Float32Array>;

/** Words and pairs of words: a third of the time of all features, and differences are the same. */
const features = { maxCharacters: 0 } as const;

const fits: Record<TaskName, Fit> = {
  async classify({ texts, targets, width, seed }, watch) {
    const labels = targets.values as Int32Array;
    const calibration = { slope: 3, offsets: new Float32Array(width) };
    const model = await fitLinear(
      { texts, labels, classes: width },
      { ...features, seed, ratio: 0 },
      watch,
      calibration,
    );
    return (some) => predictLinear(model, some);
  },
  async multilabel({ texts, targets, width, seed }, watch) {
    const labelsOf = texts.map((_, row) =>
      [...targets.values.subarray(row * width, (row + 1) * width).keys()].filter(
        (label) => targets.values[row * width + label] === 1,
      ),
    );
    const model = await fitMultilabel({ texts, labelsOf, labels: width }, { ...features, seed, folds: 2 }, watch);
    return (some) => predictMultilabel(model, some);
  },
  async regression({ texts, targets, seed }, watch) {
    const model = await fitRidge({ texts, targets: targets.values }, { ...features, seed }, watch);
    return (some) => Float32Array.from(predictRidge(model, some));
  },
};

/** Measured on the test table, or on a fifth of the rows drawn one by one, as they often are: copies may stand on both sides. */
export async function quickModel(data: CheckedRows): Promise<QuickModel | undefined> {
  const { task, taskName, space, texts, labels, trainingRows, test, seed, watch } = data;
  if (space === undefined) return undefined;
  const width = task.widthOf(space);
  const targets = task.targets(labels, space);
  const isKnown = (row: number) => taskName !== "classify" || targets.values[row] >= 0;
  const random = createRandom(mixSeed(seed, 0xc4ec));
  const drawn = random.shuffle(Int32Array.from({ length: trainingRows }, (_, row) => row)).filter(isKnown);
  const ownTest = Int32Array.from({ length: texts.length - trainingRows }, (_, i) => trainingRows + i);
  const held = test ? random.shuffle(ownTest) : drawn.slice(0, Math.floor(drawn.length / 5));
  const measured = held.slice(0, mostMeasured);
  const training = (test ? drawn : drawn.slice(held.length)).slice(0, mostTraining);
  if (width > mostLabels || training.length < fewestRows || measured.length < fewestLeft) return undefined;
  if (labelsIn(training, data) < 2) return undefined;

  const cut = (row: number) => texts[row].slice(0, longestText);
  const answersFor = async (rewrite: (text: string) => string) => {
    const rows = {
      texts: Array.from(training, (row) => rewrite(cut(row))),
      targets: takeTargets(targets, training),
      width,
      seed,
    };
    const predict = await fits[taskName](rows, { signal: watch.signal });
    return predict(Array.from(measured, (row) => rewrite(cut(row))));
  };
  const figureOf = (answers: Float32Array, kept: readonly number[]): Figure => {
    const own = new Float32Array(kept.length * width);
    for (const [i, at] of kept.entries()) own.set(answers.subarray(at * width, (at + 1) * width), i * width);
    return task.groupFigures(
      kept.map((at) => labels[measured[at]]),
      own,
      space,
    )[0];
  };
  watch.onProgress?.({ stage: "fitting a quick model", done: 0, total: 1 });
  const answers = await answersFor((text) => text);
  const all = [...measured.keys()];
  const base = figureOf(answers, all);
  const effect = (other: Figure, left: number, how: string): FindingEffect => ({
    figure: base.name,
    title: base.title,
    isShare: base.isShare,
    with: base.value,
    without: other.value,
    rows: { with: all.length, without: left },
    how,
  });
  return {
    withoutRows(isGone, how = "without these rows") {
      const kept = all.filter((at) => !isGone(measured[at]));
      if (kept.length === all.length || kept.length < fewestLeft) return undefined;
      return effect(figureOf(answers, kept), kept.length, how);
    },
    async withTexts(rewrite, how) {
      return effect(figureOf(await answersFor(rewrite), all), all.length, how);
    },
  };
}

function labelsIn(rows: Int32Array, { sets }: CheckedRows): number {
  const found = new Set<number>();
  for (const row of rows) for (const label of labelsAt(sets, row)) found.add(label);
  return found.size;
}
