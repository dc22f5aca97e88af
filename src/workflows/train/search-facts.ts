// What a search tells of itself: why one model was chosen, in a sentence or two.
import { monitorOf } from "../../networks/index.js";
import { loweredTitle, showFigure, showNumber } from "../../report/figure.js";
import type { MoreRows } from "../../select/index.js";
import type { Measure, SearchFacts } from "../../tasks/index.js";
import type { Ensemble } from "./ensemble.js";
import type { Searched, SearchRequest } from "./search.js";
import { aboutTime } from "./tell-time.js";
import type { Candidate } from "./train-family.js";

export function searchFacts(
  { models, allowed, ensemble, moreRows: more, stopped, notBegun }: Searched,
  chosen: Candidate,
  { budget, rows, task, predictLimit, metric = task.measures[0] }: SearchRequest,
): SearchFacts {
  const { higherIsBetter = true, isShare, name: figure } = metric;
  const figureOn = ({ result }: Candidate) => result.validation[figure];
  const shown = (value: number) => showFigure(value, isShare);
  const sign = higherIsBetter ? 1 : -1;
  const others = models
    .filter((model) => model !== chosen)
    .sort((a, b) => sign * (figureOn(b) - figureOn(a)))
    .slice(0, 3)
    .map((model) => `${model.name} ${shown(figureOn(model))} in ${aboutTime(1000 * model.trained.seconds)}`);
  const tooSlow = models.filter((model) => !allowed.includes(model)).map(({ name }) => name);
  const counts = [
    `stopped: ${stopped.length}`,
    `not begun: ${notBegun.length}`,
    ...(tooSlow.length > 0 ? [`too slow: ${tooSlow.join(", ")}`] : []),
  ];
  const isAlone = models.length === 1 && notBegun.length > 0;
  const count = rows.validation.texts.length;
  const reason =
    `${chosen.name}: ${loweredTitle(metric.title)} ${shown(figureOn(chosen))} on ${count.toLocaleString("en")} validation rows` +
    `${[...others.map((other, i) => (i === 0 ? `; ${other}` : `, ${other}`))].join("")}; ${counts.join(", ")}.` +
    (chosen === ensemble ? ` ${membersText(ensemble)}` : "") +
    (isAlone ? " The budget was enough for this model alone." : "");
  return {
    budget: budget.seconds,
    seconds: budget.clock.now() - budget.begun,
    reason,
    ...(ensemble && { ensemble: ensemble.members.map(({ model, weight }) => ({ name: model.name, weight })) }),
    ...(predictLimit !== undefined && { predictLimit }),
    tooSlow,
    ...(more && { moreRows: { ...more, sentence: moreRowsText(more, metric) } }),
    stopped: stopped.map(({ candidate, seconds, share, score }) => ({
      ...{ name: candidate.name, seconds, share },
      value: monitorOf(rows.head).higherIsBetter ? score : -score,
    })),
    notBegun: notBegun.map(({ candidate, seconds }) => ({
      name: candidate.name,
      ...(seconds !== undefined && { seconds }),
    })),
  };
}

/** Whose answers are averaged, and what that costs. */
function membersText({ members, trained }: Ensemble): string {
  const shares = [...members]
    .sort((a, b) => b.weight - a.weight)
    .map(({ model, weight }) => `${model.name} (${Math.round(100 * weight)} %)`);
  const slowest = Math.max(...members.map(({ model }) => model.trained.answering ?? 0));
  return (
    `It averages the answers of ${shares.slice(0, -1).join(", ")} and ${shares.at(-1)}: ${showMilliseconds(trained.answering ?? 0)} a row, ` +
    `where its slowest member takes ${showMilliseconds(slowest)}.`
  );
}

/** "0.42 ms" */
function showMilliseconds(seconds: number): string {
  return `${Number((1000 * seconds).toPrecision(2))} ms`;
}

function moreRowsText(
  { gain, interval: { low, high } }: MoreRows,
  { title, isShare, higherIsBetter = true }: Measure,
): string {
  const shown = (value: number) => (isShare ? (100 * value).toFixed(1) : showNumber(value));
  const change = `${higherIsBetter ? "+" : "−"}${shown(gain)}${isShare ? " points of" : " of"} ${loweredTitle(title)}`;
  return `Twice the rows would give the linear model about ${change} (${shown(low)} to ${shown(high)}).`;
}
