// English "her" and "his": before a noun, or alone. Words around decide; no grammar is parsed, so "gave her flowers" is taken for
// flowers of hers.

/** Behind a pronoun that stands alone: what a noun phrase does not begin with. */
const notNouns = new Set(
  (
    "a an the this that these those and or but nor so yet to in on upon at for with from by of as into onto over under up out off down " +
    "about around across along through after before behind beside between against without within during until since when while " +
    "where why how what who whom which whose if because though although than then is was are were am be been being has have had do " +
    "does did will would can could shall should may might must not never always also just even only again too anyway alone here " +
    "there now today tomorrow yesterday once twice he she it they we you i him his them me us my your our their its some any all " +
    "both each every no back away home together well better"
  ).split(" "),
);
/** Of these a pronoun is the object where a verb follows: "made her feel". */
const makers = new Set("make makes made making let lets letting help helps helped helping".split(" "));
const verbs = new Set(
  (
    "feel go be do get see know think want say tell become understand realize realise believe forget remember keep take give come " +
    "try begin find learn sit stand speak eat seem lose win wait"
  ).split(" "),
);

/**
 * Whether a pronoun between the two stands before what it belongs to.
 *
 * @example
 * isDeterminer("I saw ", " mother."); // true
 * isDeterminer("I saw ", " there."); // false
 */
export function isDeterminer(before: string, after: string): boolean {
  if (/^\s+(?:and|or)\s+(?:his|her)\b/i.test(after)) return true;
  const [, next] = /^\s+["'“‘(]?([\p{L}\p{N}][\p{L}\p{N}'’-]*)/u.exec(after) ?? [];
  if (next === undefined) return false;
  const word = next.toLowerCase();
  if (notNouns.has(word)) return false;
  const [, last] = /([\p{L}]+)\s+$/u.exec(before) ?? [];
  return !(last !== undefined && makers.has(last.toLowerCase()) && verbs.has(word));
}
