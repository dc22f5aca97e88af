// What a word is for the linear model: a run of letters, marks, digits and underscores; any other visible character
// is a word of its own, since "!" and "?" tell much. Knows no vocabulary.

const word = /[\p{L}\p{M}\p{N}_]+|\S/gu;

/** Lower-cased words and punctuation marks of a text. */
export function splitWords(text: string): readonly string[] {
  return text.toLowerCase().match(word) ?? [];
}
