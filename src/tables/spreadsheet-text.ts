// Texts that a spreadsheet would run as formulas when it opens a CSV file, and how they are kept from it.
// https://owasp.org/www-community/attacks/CSV_Injection

/** A formula begins so; the wide letters are taken for the narrow ones. */
const starts = "=+\\-@\\t\\r\\n＝＋－＠";
/** A number with a sign is no formula. */
const number = "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?";

/** @param sql a VARCHAR, in SQL */
export function spreadsheetSql(sql: string): string {
  return `CASE WHEN regexp_matches(${sql}, '^[${starts}]') AND NOT regexp_full_match(${sql}, '${number}') THEN '''' || ${sql} ELSE ${sql} END`;
}

const isFormula = new RegExp(`^[${starts}]`);
const isNumber = new RegExp(`^${number}$`);

export function spreadsheetText(text: string): string {
  return isFormula.test(text) && !isNumber.test(text) ? `'${text}` : text;
}
