// Which tokens a tokenizer.json puts before and behind the ids of a text. Pairs of texts are not needed here.
import { isRecord, type Part, readPart, refuse, shown, unknownType } from "./part.js";

export interface Frame {
  before: readonly number[];
  after: readonly number[];
}

/** Known tokenizers put one or two tokens on each side; what stands there takes the place of a text's own. */
const mostTokens = 512;

/** The ids of one side in order. @throws UserError where there are too many of them */
function side(where: string, parts: readonly (readonly number[])[]): number[] {
  let count = 0;
  for (const { length } of parts) count += length;
  if (count > mostTokens) refuse(where, `puts ${count} tokens on one side of each text, more than ${mostTokens}`);
  return parts.flat();
}

/** @param value - the field `post_processor` of the file. */
export function frameOf(value: unknown): Frame {
  if (value === null || value === undefined) return { before: [], after: [] };
  return read(readPart(value, "post_processor"));
}

function read(part: Part): Frame {
  const make = Object.hasOwn(processors, part.type) ? processors[part.type] : unknownType(part);
  const frame = make(part);
  part.end();
  return frame;
}

const processors: Record<string, (part: Part) => Frame> = {
  TemplateProcessing(part) {
    const ids = specialIds(part);
    part.any("pair");
    const pieces = part.any("single");
    if (!Array.isArray(pieces)) refuse(part.where, `(TemplateProcessing) has the single ${shown(pieces)}`);
    const [before, after]: [(readonly number[])[], (readonly number[])[]] = [[], []];
    let sequences = 0;
    for (const piece of pieces as unknown[]) {
      const [[kind, what] = []] = isRecord(piece) ? Object.entries(piece) : [];
      if (!isRecord(what) || what.type_id !== 0)
        refuse(part.where, `(TemplateProcessing) has the piece ${shown(piece)}`);
      if (kind === "Sequence" && what.id === "A") sequences++;
      else if (kind === "SpecialToken" && ids.has(what.id as string))
        (sequences === 0 ? before : after).push(ids.get(what.id as string)!);
      else refuse(part.where, `(TemplateProcessing) has the piece ${shown(piece)}`);
    }
    if (sequences !== 1) refuse(part.where, `(TemplateProcessing) has the text ${sequences} times in single`);
    return { before: side(part.where, before), after: side(part.where, after) };
  },
  BertProcessing: (part) => ({ before: [namedId(part, "cls")], after: [namedId(part, "sep")] }),
  RobertaProcessing(part) {
    // Both are about places of tokens in the text.
    part.flag("trim_offsets", true);
    part.flag("add_prefix_space", true);
    return { before: [namedId(part, "cls")], after: [namedId(part, "sep")] };
  },
  ByteLevel(part) {
    for (const name of ["add_prefix_space", "trim_offsets", "use_regex"]) part.flag(name, true);
    return { before: [], after: [] };
  },
  /** Each frames what the one before made. */
  Sequence: (part) =>
    part
      .parts("processors")
      .map(read)
      .reduce((inner, outer) => ({
        before: side(part.where, [outer.before, inner.before]),
        after: side(part.where, [inner.after, outer.after]),
      })),
};

/** As in ["[SEP]", 102]. */
function namedId(part: Part, name: string): number {
  const pair = part.any(name);
  if (Array.isArray(pair) && pair.length === 2 && isId(pair[1])) return pair[1];
  return refuse(part.where, `(${part.type}) has the ${name} ${shown(pair)}`);
}

function specialIds(part: Part): Map<string, readonly number[]> {
  const specials = part.any("special_tokens");
  if (!isRecord(specials)) refuse(part.where, `(${part.type}) has the special_tokens ${shown(specials)}`);
  return new Map(
    Object.entries(specials).map(([name, special]) => {
      const ids = isRecord(special) ? special.ids : undefined;
      if (!Array.isArray(ids) || !ids.every(isId))
        refuse(part.where, `(${part.type}) has the special token ${shown(special)}`);
      return [name, ids as number[]];
    }),
  );
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31;
}
