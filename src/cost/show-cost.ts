// Costs as people say them, with no more digits than an estimate has.

const prefixes = ["", "k", "M", "G", "T", "P"];

/** @example showFlops(3.14e11); // "0.31 TFLOP" */
export function showFlops(flops: number): string {
  const power = Math.min(prefixes.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, flops / 0.1)) / 3)));
  return `${twoDigits(flops / 1000 ** power)} ${prefixes[power]}FLOP`;
}

/** @example showMemory(213e6); // "210 MB" */
export function showMemory(bytes: number): string {
  return bytes < 1e9 ? `${twoDigits(bytes / 1e6)} MB` : `${twoDigits(bytes / 1e9)} GB`;
}

/** @example showEnergy(0.0123); // "12 mWh" */
export function showEnergy(wattHours: number): string {
  if (wattHours < 0.1) return `${twoDigits(1000 * wattHours)} mWh`;
  return wattHours < 1000 ? `${twoDigits(wattHours)} Wh` : `${twoDigits(wattHours / 1000)} kWh`;
}

/** @example showSeconds(4273); // "71 min" */
export function showSeconds(seconds: number): string {
  if (seconds < 0.1) return `${twoDigits(1000 * seconds)} ms`;
  if (seconds < 90) return `${twoDigits(seconds)} s`;
  return seconds < 5400 ? `${twoDigits(seconds / 60)} min` : `${twoDigits(seconds / 3600)} h`;
}

/** Whole numbers keep their size: 1234 is 1,200. */
function twoDigits(value: number): string {
  const rounded = Number(value.toPrecision(2));
  return rounded >= 1000 ? rounded.toLocaleString("en") : String(rounded);
}
