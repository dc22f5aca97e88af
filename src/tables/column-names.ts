// Names of columns: when two of them mean the same, and what DuckDB calls columns whose names it cannot hold.

/** Names that differ only in case or surrounding blanks count as the same when one is looked up or added. */
export const bareName = (name: string) => name.trim().toLowerCase();

/**
 * For DuckDB a name is neither empty nor the same as another one in upper or lower case: an empty one becomes `column0`
 * (the number is its place), a taken one gets `_1`, as DuckDB itself does in Parquet files.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, place) => {
    const wanted = name === "" ? `column${place}` : name;
    let free = wanted;
    for (let i = 1; taken.has(free.toLowerCase()); i++) free = `${wanted}_${i}`;
    taken.add(free.toLowerCase());
    return free;
  });
}

/** A name that is not among `taken` (bare names): itself, or with `_<suffix>` behind it, or with a number too. */
export function freeName(name: string, taken: ReadonlySet<string>, suffix: string): string {
  let free = name;
  for (let i = 1; taken.has(bareName(free)); i++) free = i === 1 ? `${name}_${suffix}` : `${name}_${suffix}_${i}`;
  return free;
}
