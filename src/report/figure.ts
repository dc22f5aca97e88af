// A figure of results, as people read it.

export interface Figure {
  /** Its name in JSON, such as "macroF1". */
  name: string;
  /** Its name in a table's head, such as "Macro F1". */
  title: string;
  value: number;
  /** 95 %. */
  interval?: { low: number; high: number };
  /** A share from 0 to 1 is shown in percent. */
  isShare: boolean;
  /** Default true. */
  higherIsBetter?: boolean;
}

/**
 * @example
 * showFigure(0.981, true); // "98.1 %"
 * showFigure(1234.5, false); // "1,235"
 */
export function showFigure(value: number, isShare: boolean, space = " "): string {
  if (!Number.isFinite(value)) return "–";
  return isShare ? `${(100 * value).toFixed(1)}${space}%` : showNumber(value);
}

/** "90.1 – 93.4 %" */
export function showInterval({ low, high }: { low: number; high: number }, isShare: boolean, space = " "): string {
  return isShare
    ? `${(100 * low).toFixed(1)} – ${showFigure(high, true, space)}`
    : `${showNumber(low)} – ${showNumber(high)}`;
}

/** "Macro F1" within a sentence: "macro F1"; "RMSE" stays. */
export function loweredTitle(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title[0].toLowerCase() + title.slice(1) : title;
}

/**
 * What stands above the figures that models were chosen by.
 *
 * @param metric where it was asked for
 * @param choice where it was by folds
 */
export function validationHead(metric: { title: string } | undefined, choice?: object): string {
  if (choice) return "In folds";
  return metric ? `Validation ${loweredTitle(metric.title)}` : "Validation";
}

/** Three or four digits that say something. */
export function showNumber(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return "–";
  if (size >= 1e7) return value.toExponential(2);
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  if (size > 0 && size < 0.01) return size < 0.0005 ? value.toExponential(2) : value.toPrecision(3);
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}
