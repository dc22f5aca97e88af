// Times of rows from a column of text, to sort by.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { rowsOf } from "./read-labelled.js";

const numeric = /^[+-]?\d+(\.\d+)?$/;
/** 2026, 2026-01, 2026-01-31, 2026-01-31 10:00, 2026-01-31T10:00:00.25Z, … +01:00 */
const iso =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(?:(Z)|([+-])(\d\d):?(\d\d)?)?)?)?)?$/i;

/**
 * A number for each value, larger for later ones: numbers (years, seconds, 20260131) as they are, or else dates and times in ISO 8601,
 * to the microsecond; those without a time zone count as UTC. NaN where there is no value.
 *
 * @throws UserError with examples, where values are no times
 * @example
 * timesOf(["2026-01-31", "2026-01-31 10:00"], { column: "sent", source: "mails.csv" });
 */
export function timesOf(
  values: readonly (string | null)[],
  { column, source }: { column: string; source: string },
): Float64Array {
  const given = values.map((value) => value?.trim() || null);
  const areNumbers = given.every((value) => value === null || numeric.test(value));
  const times = Float64Array.from(given, (value) =>
    value === null ? Number.NaN : areNumbers ? Number(value) : microseconds(value),
  );
  const isWrong = (value: string | null, row: number): value is string => value !== null && Number.isNaN(times[row]);
  const wrong = given.filter(isWrong);
  if (wrong.length > 0) {
    const examples = [...new Set(wrong)].slice(0, 3).map((value) => `'${value.slice(0, 40)}'`);
    throw new UserError(
      `'${column}' of ${source} is not a column of times: ${rowsOf(wrong.length)} of ${values.length} ` +
        `${wrong.length === 1 ? "has" : "have"} none, such as ${examples.join(", ")}. A time is a date (2026-01-31), a date with a ` +
        `time (2026-01-31 10:00) or a number. Choose another ${option("time")} column, or convert it with ${option("query")}.`,
    );
  }
  if (times.every(Number.isNaN))
    throw new UserError(`'${column}' of ${source} is empty in all rows. Choose another ${option("time")} column.`);
  return times;
}

/** Since 1970; NaN for what is no time. */
function microseconds(text: string): number {
  const parts = iso.exec(text);
  if (!parts) return Number.NaN;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = ""] = parts;
  const [sign, hours = "00", minutes = "00"] = parts.slice(9);
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // The 30th of February would be the first of March.
  if (Number.isNaN(at) || new Date(at).getUTCDate() !== Number(day)) return Number.NaN;
  const ahead = (Number(hours) * 60 + Number(minutes)) * 60e6 * (sign === "-" ? -1 : 1);
  return at * 1000 + Math.floor(Number(fraction.padEnd(9, "0")) / 1000) - ahead;
}
