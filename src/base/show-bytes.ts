/** A size as people say it. @example showBytes(91_600_000); // "91.6 MB" */
export function showBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [unit, size] = (
    [
      ["kB", 1e3],
      ["MB", 1e6],
      ["GB", 1e9],
    ] as const
  ).findLast(([, size]) => bytes >= 0.99995 * size) ?? ["kB", 1e3];
  return `${(bytes / size).toFixed(size === 1e9 ? 2 : 1)} ${unit}`;
}
