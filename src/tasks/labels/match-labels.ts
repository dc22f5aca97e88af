// Which of a model's labels a label of another table is: the same spelling, or else the same value. A table may hold 1
// where the other one has 1.0, TRUE or True where the other one has true, a day with the time 00:00:00.

/**
 * @returns the label of `labels` that a label stands for, or undefined
 * @example
 * const match = labelMatcher(["0", "1"]);
 * match("1.0"); // "1"
 * match("01"); // undefined: a code, not a number
 */
export function labelMatcher(labels: readonly string[]): (label: string) => string | undefined {
  const spelt = new Set(labels);
  const byValue = new Map<string, string | undefined>();
  for (const label of labels) {
    const value = valueKey(label);
    // Two labels of one value (1 and 1.0 in a column of text) are told apart by their spelling alone.
    byValue.set(value, byValue.has(value) ? undefined : label);
  }
  return (label) => (spelt.has(label) ? label : byValue.get(valueKey(label)));
}

function valueKey(label: string): string {
  if (/^(true|false)$/i.test(label)) return label.toLowerCase();
  const number = /^([+-]?)(0|[1-9]\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(label);
  if (number) {
    const [, sign, whole, fraction = "", exponent] = number;
    if (exponent !== undefined) return String(Number(label) + 0);
    const decimals = fraction.replace(/0+$/, "");
    const digits = decimals === "" ? whole : `${whole}.${decimals}`;
    return sign === "-" && digits !== "0" ? `-${digits}` : digits;
  }
  return label.replace(/^(\d{4}-\d\d-\d\d)[T ]00:00:00(?:\.0+)?$/, "$1");
}
