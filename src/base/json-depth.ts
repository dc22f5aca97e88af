// How deep values of JSON are nested: asked before anything recurses into what a stranger wrote.

/** Whether lists and objects stand within each other more than so many times. */
export function isDeeperThan(most: number, value: unknown): boolean {
  let level = [value].filter(isNested);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > most) return true;
    const next: object[] = [];
    for (const one of level)
      for (const key in one) {
        const inner: unknown = one[key as keyof typeof one];
        if (isNested(inner)) next.push(inner);
      }
    level = next;
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
