// Byte-pair encoding over characters, with everything that a tokenizer.json can say of it. Knows one piece of text.
// Source: Sennrich et al. (2016), "Neural machine translation of rare words with subword units".
import { createPairTable, numberOfPair } from "../../pair-table.js";
import { append, createIdList, take } from "../id-list.js";
import { type Merges, mergePairs, mostMerges } from "../merge-pairs.js";
import { type Part, refuse, shown } from "./part.js";
import { idOfUnknown, type Speller } from "./speller.js";

export function bpeSpeller(part: Part, ids: ReadonlyMap<string, number>): Speller {
  const dropout = part.any("dropout") ?? 0;
  if (dropout !== 0) refuse(part.where, `(BPE) has the dropout ${shown(dropout)}, which makes ids random`);
  const optional = (name: string) => (part.any(name) == null ? undefined : part.short(name));
  const [unknown, prefix, suffix] = ["unk_token", "continuing_subword_prefix", "end_of_word_suffix"].map(optional);
  const fusesUnknown = part.flag("fuse_unk", false);
  const fallsBack = part.flag("byte_fallback", false);
  const ignoresMerges = part.flag("ignore_merges", false);
  const merges = mergesOf(part, ids, prefix ?? "");
  const unknownOf = idOfUnknown(ids, unknown);
  const symbols = createIdList();

  /** The ids of `<0x..>` for every byte, or undefined where one is missing. */
  function bytesOf(symbol: string): number[] | undefined {
    const found: number[] = [];
    for (const byte of Buffer.from(symbol)) {
      const id = ids.get(byteToken(byte));
      if (id === undefined) return undefined;
      found.push(id);
    }
    return found;
  }
  return (piece) => {
    const whole = ignoresMerges ? ids.get(piece) : undefined;
    if (whole !== undefined) return [whole];
    let waiting = -1;
    for (let at = 0; at < piece.length; ) {
      const end = at + (piece.codePointAt(at)! > 0xffff ? 2 : 1);
      let symbol = piece.slice(at, end);
      if (at > 0 && prefix) symbol = prefix + symbol;
      if (end === piece.length && suffix) symbol += suffix;
      at = end;
      const id = ids.get(symbol);
      if (id !== undefined) {
        // In the library, bytes do not end a run of unknown characters: it comes after them.
        if (waiting >= 0) append(symbols, waiting);
        waiting = -1;
        append(symbols, id);
        continue;
      }
      const bytes = fallsBack ? bytesOf(symbol) : undefined;
      if (bytes) for (const byte of bytes) append(symbols, byte);
      else if (unknown !== undefined) {
        if (waiting >= 0 && !fusesUnknown) append(symbols, waiting);
        waiting = unknownOf(piece);
      }
    }
    if (waiting >= 0) append(symbols, waiting);
    const spelled = take(symbols);
    return spelled.subarray(0, mergePairs(merges, spelled));
  };
}

export function byteToken(byte: number): string {
  return `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
}

function mergesOf(part: Part, ids: ReadonlyMap<string, number>, prefix: string): Merges {
  const listed = part.any("merges");
  if (!Array.isArray(listed)) return refuse(part.where, `(BPE) has the merges ${shown(listed)}, not a list`);
  // Older files write a pair as one text; a line with the version of the file is none.
  const list = typeof listed[0] === "string" ? listed.filter((merge) => !`${merge}`.startsWith("#version")) : listed;
  if (list.length > mostMerges) refuse(part.where, `(BPE) has ${list.length} merges, more than ${mostMerges}`);
  const pairs = createPairTable(list.length);
  const merged = new Int32Array(list.length);
  const isOld = typeof list[0] === "string";
  for (const [rank, merge] of (list as unknown[]).entries()) {
    const parts: unknown[] = isOld ? String(merge).split(" ") : Array.isArray(merge) ? merge : [];
    const [left, right] = parts as string[];
    const known = parts.length === 2 && isOld === (typeof merge === "string") && right?.startsWith(prefix);
    const [a, b, both] = known ? [left, right, left + right.slice(prefix.length)].map((token) => ids.get(token)) : [];
    if (a === undefined || b === undefined || both === undefined)
      return refuse(part.where, `(BPE) has the merge ${shown(merge)}, whose parts or result are not in its vocab`);
    if (numberOfPair(pairs, a, b) !== rank) refuse(part.where, `(BPE) has the merge ${shown(merge)} twice`);
    merged[rank] = both;
  }
  return { pairs, merged };
}
