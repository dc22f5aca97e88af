// Whether a JSON schema is of a size that people write: read before anything recurses into it. Knows no keywords.

/** Values of the whole document, and lists and objects within each other. */
const mostValues = 3_000_000;
const deepest = 400;

/** What is too much, or undefined. */
export function oversizeOf(schema: unknown): string | undefined {
  let values = 0;
  let level = [schema].filter(isNested);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepest) return `it is nested more than ${deepest} levels deep`;
    const next: object[] = [];
    for (const one of level)
      for (const value of Object.values(one)) {
        if (++values > mostValues) return `it has more than ${mostValues} values`;
        if (isNested(value)) next.push(value);
      }
    level = next;
  }
  return undefined;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
