// Figures of results for the terminal and for programs.
import { type Figure, loweredTitle, showFigure, showInterval, validationHead } from "../report/figure.js";
import { type Comparison, nameOf } from "../tasks/comparison.js";
import colors from "./colors.js";
import { duration } from "./duration.js";
import { shortened, textTable } from "./text-table.js";

/** "accuracy" and "accuracyInterval", and so on: as JSON has them. */
export function figureFields(figures: readonly Figure[]): Record<string, unknown> {
  return Object.fromEntries(
    figures.flatMap(({ name, value, interval }) => [
      [name, Number.isFinite(value) ? value : null],
      ...(interval ? [[`${name}Interval`, interval]] : []),
    ]),
  );
}

/** The models beside each other and beside what anyone could answer. */
export function comparisonText({ models, baselines, family, chosen = family, metric, choice }: Comparison): string {
  const [main, second] = models[0].figures;
  const head = ["Model", main.title, "95 % interval", second.title, validationHead(metric, choice), "Training"];
  const rows = models.map((model) => {
    const [one, other] = model.figures;
    const judged = metric ?? one;
    const cells = [
      nameOf(model),
      showFigure(one.value, one.isShare),
      one.interval ? showInterval(one.interval, one.isShare) : "",
      showFigure(other.value, other.isShare),
      showFigure(model.validation[judged.name], judged.isShare),
      duration(model.trainingSeconds),
    ];
    return nameOf(model) === chosen ? cells.map((cell) => colors.bold(cell)) : cells;
  });
  const always = baselines.map(({ name, figures: [one, other] }) =>
    [shortened(name, 20), showFigure(one.value, one.isShare), "", showFigure(other.value, other.isShare), "", ""].map(
      (cell) => colors.dim(cell),
    ),
  );
  return textTable([head.map((name) => colors.dim(name)), ...rows, ...always]);
}

/** "Out of fold (5 folds, 400 rows): accuracy 83.1 % (79.1 – 86.5 %), macro F1 82.0 % (78.1 – 85.6 %)" */
export function outOfFoldText({ folds, rows, figures }: NonNullable<Comparison["outOfFold"]>): string {
  const shown = figures.slice(0, 2).map((figure) => {
    const { value, interval, isShare } = figure;
    const range = interval ? ` (${showInterval(interval, isShare)})` : "";
    return `${loweredTitle(figure.title)} ${showFigure(value, isShare)}${range}`;
  });
  return `Out of fold (${folds} folds, ${rows} rows): ${shown.join(", ")}`;
}

/** One line a figure: its name, its value, its interval. */
export function figuresText(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ title }) => title.length));
  return figures
    .map(({ title, value, interval, isShare }) => {
      const range = interval ? `  ${showInterval(interval, isShare)} with 95 % confidence` : "";
      return `${title.padEnd(width)}  ${colors.bold(showFigure(value, isShare))}${range}`;
    })
    .join("\n");
}
