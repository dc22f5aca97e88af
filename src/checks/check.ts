// What a check is. One finding, one file; the table of them is checks.ts.
import type { CheckedRows } from "./checked-rows.js";
import type { Finding, FindingKind } from "./finding.js";

export interface Check {
  kind: FindingKind;
  /** Nothing where nothing is to be told. */
  run(data: CheckedRows): Promise<FindingFacts[]>;
}

export type FindingFacts = Omit<Finding, "kind">;

/** Examples of a finding. */
export const shown = 3;

/** "1 row", "12,345 rows" */
export function rowsText(count: number): string {
  return count === 1 ? "1 row" : `${count.toLocaleString("en")} rows`;
}

/** "it is", "they are": what follows a number of rows. */
export const verb = (count: number, one: string, more: string) => (count === 1 ? one : more);

/** "'a', 'b' and 3 more" */
export function listed(names: readonly string[], most = 3): string {
  const some = names.slice(0, most).map((name) => `'${name.length > 40 ? `${name.slice(0, 39)}…` : name}'`);
  if (names.length > most) return `${some.join(", ")} and ${names.length - most} more`;
  return some.length < 2 ? some.join("") : `${some.slice(0, -1).join(", ")} and ${some.at(-1)}`;
}

/** As a part of a regular expression with `u`, which takes a backslash before its own signs alone. */
export const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

export function percentOf(share: number): string {
  const percent = 100 * share;
  return `${percent > 0 && percent < 0.1 ? "<0.1" : percent.toFixed(percent < 10 || (percent > 99 && percent < 100) ? 1 : 0)} %`;
}
