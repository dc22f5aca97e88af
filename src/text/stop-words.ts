// Function words of languages ("the", "und", "を"), and which languages texts are in. Lists: Snowball's and others', by
// @orama/stopwords and stopword; detection by franc, from the trigrams of the Universal Declaration of Human Rights.

/** By ISO 639-3 as franc has it: the language's name in @orama/stopwords, in stopword. */
const lists: Readonly<Record<string, readonly [orama: string | undefined, stopword: string | undefined]>> = {
  afr: [undefined, "afr"],
  arb: ["arabic", "ara"],
  ben: [undefined, "ben"],
  bul: ["bulgarian", "bul"],
  cat: [undefined, "cat"],
  ces: [undefined, "ces"],
  cmn: ["mandarin", "zho"],
  dan: ["danish", "dan"],
  deu: ["german", "deu"],
  ekk: [undefined, "est"],
  ell: ["greek", "ell"],
  eng: ["english", "eng"],
  epo: [undefined, "epo"],
  fin: ["finnish", "fin"],
  fra: ["french", "fra"],
  glg: [undefined, "glg"],
  guj: [undefined, "guj"],
  hau: [undefined, "hau"],
  heb: [undefined, "heb"],
  hin: ["indian", "hin"],
  hrv: [undefined, "hrv"],
  hun: ["hungarian", "hun"],
  hye: ["armenian", "hye"],
  ind: ["indonesian", "ind"],
  ita: ["italian", "ita"],
  jpn: ["japanese", "jpn"],
  kor: [undefined, "kor"],
  lit: ["lithuanian", "lit"],
  lvs: [undefined, "lav"],
  mar: [undefined, "mar"],
  mya: [undefined, "mya"],
  nld: ["dutch", "nld"],
  nob: ["norwegian", "nob"],
  npi: ["nepali", undefined],
  pan: [undefined, "panGu"],
  pes: [undefined, "fas"],
  pol: [undefined, "pol"],
  por: ["portuguese", "por"],
  ron: ["romanian", "ron"],
  rus: ["russian", "rus"],
  slk: [undefined, "slk"],
  slv: ["slovenian", "slv"],
  som: [undefined, "som"],
  spa: ["spanish", "spa"],
  srp: ["serbian", undefined],
  swe: ["swedish", "swe"],
  swh: [undefined, "swa"],
  tam: ["tamil", undefined],
  tgl: [undefined, "tgl"],
  tha: [undefined, "tha"],
  tur: ["turkish", "tur"],
  ukr: ["ukrainian", "ukr"],
  urd: [undefined, "urd"],
  vie: [undefined, "vie"],
  yor: [undefined, "yor"],
  zlm: [undefined, "msa"],
  zul: [undefined, "zul"],
};

/**
 * In lower case, with straight apostrophes; empty for an unknown language.
 *
 * @param language - as returned by `detectLanguages`
 * @example
 * (await stopWords("eng")).has("don't"); // true
 */
export async function stopWords(language: string): Promise<ReadonlySet<string>> {
  const [orama, stopword] = lists[language] ?? [];
  const found: string[] = [];
  if (orama) found.push(...((await import(`@orama/stopwords/${orama}`)) as { stopwords: string[] }).stopwords);
  if (stopword) found.push(...(await import("stopword")).default[stopword]);
  found.push(...(numberWords[language] ?? []));
  return new Set(found.map((word) => word.toLowerCase().replaceAll("’", "'")));
}

/** Small numbers as words, which the lists lack: they name no subject. */
const numberWords: Readonly<Record<string, readonly string[]>> = {
  eng: ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
};

/** Languages are told from pieces of so many characters: of less they are guessed. */
const pieceLength = 300;
const mostPieces = 60;

/**
 * Languages with a list of stop words, the most frequent first, that at least `share` of the texts seem to be in; none
 * if there are only a few words. Short texts are joined with the next ones.
 *
 * @param among - only these.
 * @example
 * await detectLanguages(["Wo ist meine Karte?", "Die Karte kam nicht an."], { share: 0.1 }); // ["deu"]
 */
export async function detectLanguages(
  texts: readonly string[],
  { share, among = Object.keys(lists) }: { share: number; among?: readonly string[] },
): Promise<string[]> {
  if (among.length < 2) return [...among];
  const { franc } = await import("franc");
  const counts = new Map<string, number>();
  const pieces = piecesOf(texts);
  for (const piece of pieces) {
    const language = franc(piece, { only: [...among] });
    if (language !== "und") counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= share * pieces.length)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([language]) => language);
}

/** Of fewer letters, a language is guessed. */
const fewestLetters = 50;
/** Texts that languages are found in, and the share of them that one must have: rarer ones are mostly mistaken. */
const mostSampled = 1000;
const smallestShare = 0.05;

/**
 * The English name of each text's language, among those that at least one in twenty texts are in; null for short texts. All null
 * where there is one language.
 *
 * @example
 * await languageOf(["Wo ist meine Karte? Sie kam am Montag nicht mit der Post an.", …]); // ["German", …]
 */
export async function languageOf(texts: readonly string[]): Promise<(string | null)[]> {
  const { franc } = await import("franc");
  const isLong = (text: string) => (text.slice(0, pieceLength).match(/\p{L}/gu)?.length ?? 0) >= fewestLetters;
  const long = texts.filter(isLong);
  const step = Math.max(1, Math.ceil(long.length / mostSampled));
  const sampled = long.filter((_, i) => i % step === 0);
  const counts = new Map<string, number>();
  for (const text of sampled) {
    const language = franc(text.slice(0, pieceLength), { only: Object.keys(lists) });
    counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const languages = [...counts]
    .filter(([language, count]) => language !== "und" && count >= smallestShare * sampled.length)
    .map(([language]) => language);
  if (languages.length < 2) return texts.map(() => null);
  const names = new Intl.DisplayNames("en", { type: "language" });
  return texts.map((text) => {
    if (!isLong(text)) return null;
    const language = franc(text.slice(0, pieceLength), { only: languages });
    return language === "und" ? null : (names.of(language) ?? language);
  });
}

/** Stretches of neighbouring texts, spread over all of them. */
function piecesOf(texts: readonly string[]): string[] {
  const pieces: string[] = [];
  const step = Math.max(1, Math.floor(texts.length / mostPieces));
  let next = 0;
  for (let row = 0; row < texts.length && pieces.length < mostPieces; row++) {
    if (row < next) continue;
    let piece = texts[row].slice(0, pieceLength);
    next = row + step;
    while (piece.length < pieceLength && row + 1 < texts.length) piece += `\n${texts[++row].slice(0, pieceLength)}`;
    pieces.push(piece);
  }
  return pieces;
}
