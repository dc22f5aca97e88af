// The decoders of a tokenizer.json: from tokens to the parts of a text. Knows no ids.
import { tokenBytesOf } from "../byte-alphabet.js";
import { checkGrowth, mostUnits, replaced, totalLength } from "./growth.js";
import { checkedParts, type Part, readPart, refuse, unknownType } from "./part.js";
import { patternOf } from "./pattern.js";

/** The parts that are joined to the text. */
export type Decode = (tokens: readonly string[]) => string[];

export interface PieceDecoder {
  decode: Decode;
  /** Whether tokens stand for bytes: in GPT-2's alphabet, or as `<0x..>`. */
  spellsBytes: boolean;
  fallsBack: boolean;
}

/** @param value - the field `decoder` of the file; without one, tokens have a space between them. */
export function decoderOf(value: unknown): PieceDecoder {
  const types = new Set<string>();
  const steps: Step[] =
    value === null || value === undefined
      ? [(tokens) => [tokens.join(" ")]]
      : read(readPart(value, "decoder"), (type) => types.add(type));
  const decode: Decode = (tokens) => {
    const most = mostUnits(totalLength(tokens) + tokens.length);
    return steps.reduce<string[]>(
      (done, step) => {
        const next = step(done, most);
        checkGrowth(totalLength(next), most, "decoder");
        return next;
      },
      [...tokens],
    );
  };
  return { decode, spellsBytes: types.has("ByteLevel"), fallsBack: types.has("ByteFallback") };
}

/** @param most - UTF-16 units of its result, together */
type Step = (tokens: readonly string[], most: number) => string[];

/** Sequences of sequences are one. */
function read(part: Part, note: (type: string) => void): Step[] {
  if (part.type === "Sequence") {
    const parts = part.parts("decoders").flatMap((one) => read(one, note));
    const steps = checkedParts(parts, part.where);
    part.end();
    return steps;
  }
  const make = Object.hasOwn(decoders, part.type) ? decoders[part.type] : unknownType(part);
  note(part.type);
  const made = make(part);
  part.end();
  return [made];
}

const decoders: Record<string, (part: Part) => Step> = {
  ByteLevel(part) {
    for (const unused of ["add_prefix_space", "trim_offsets", "use_regex"]) part.any(unused);
    return (tokens) => [
      Buffer.concat(tokens.map((token) => tokenBytesOf(token) ?? Buffer.from(token))).toString("utf8"),
    ];
  },
  BPEDecoder(part) {
    const suffix = nonEmpty(part, "suffix");
    return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i === tokens.length - 1 ? "" : " "));
  },
  WordPiece(part) {
    const prefix = part.text("prefix");
    const clean = part.flag("cleanup") ? cleanedUp : (text: string) => text;
    return (tokens) =>
      tokens.map((token, i) =>
        clean(i === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`),
      );
  },
  Metaspace(part) {
    const mark = nonEmpty(part, "replacement");
    const dropsFirst = part.oneOf("prepend_scheme", ["always", "first", "never"], "always") !== "never";
    for (const unused of ["split", "add_prefix_space", "str_rep"]) part.any(unused);
    return (tokens) => tokens.map((token, i) => token.replaceAll(mark, i === 0 && dropsFirst ? "" : " "));
  },
  CTC(part) {
    const [pad, space] = [nonEmpty(part, "pad_token"), nonEmpty(part, "word_delimiter_token")];
    const cleans = part.flag("cleanup");
    return (tokens) =>
      tokens
        .filter((token, i) => i === 0 || token !== tokens[i - 1])
        .map((token) => token.replaceAll(pad, ""))
        .map((token) => (cleans ? cleanedUp(token).replaceAll(space, " ") : token))
        .filter((token) => token !== "");
  },
  Replace(part) {
    const find = patternOf(part);
    const content = part.short("content");
    return (tokens, most) => {
      let left = most;
      return tokens.map((token) => {
        const text = replaced(token, find, content, left, "decoder");
        left -= text.length;
        return text;
      });
    };
  },
  Fuse: () => (tokens) => [tokens.join("")],
  Strip(part) {
    const content = nonEmpty(part, "content");
    const [most, mostAtEnd] = [part.whole("start", 0), part.whole("stop", 0)];
    return (tokens) =>
      tokens.map((token) => {
        let [from, to] = [0, token.length];
        for (let i = 0; i < most && token.startsWith(content, from); i++) from += content.length;
        for (let i = 0; i < mostAtEnd && to > from && token.endsWith(content, to); i++) to -= content.length;
        return token.slice(from, to);
      });
  },
  ByteFallback: () => withBytes,
};

/** The byte of a token `<0x..>`. */
export function fallbackByte(token: string): number | undefined {
  const hex = /^<0x([0-9a-f]{2}|\+[0-9a-f])>$/i.exec(token)?.[1];
  return hex === undefined ? undefined : Number.parseInt(hex, 16);
}

/** Each run of bytes becomes its text; one that is no UTF-8, a U+FFFD for each byte. */
function withBytes(tokens: readonly string[]): string[] {
  const decoded: string[] = [];
  let bytes: number[] = [];
  const end = () => {
    if (bytes.length === 0) return;
    try {
      decoded.push(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes)));
    } catch {
      decoded.push(...bytes.map(() => "\ufffd"));
    }
    bytes = [];
  };
  for (const token of tokens) {
    const byte = fallbackByte(token);
    if (byte !== undefined) bytes.push(byte);
    else {
      end();
      decoded.push(token);
    }
  }
  end();
  return decoded;
}

/** As the library tidies English, "do not" with it. */
function cleanedUp(text: string): string {
  const pairs = [" .", " ?", " !", " ,"].map((mark) => [mark, mark.slice(1)]);
  const more = [
    [" ' ", "'"],
    [" n't", "n't"],
    [" 'm", "'m"],
    [" do not", " don't"],
    [" 's", "'s"],
    [" 've", "'ve"],
    [" 're", "'re"],
  ];
  return [...pairs, ...more].reduce((done, [from, to]) => done.replaceAll(from, to), text);
}

function nonEmpty(part: Part, name: string): string {
  const text = part.text(name);
  return text === "" ? refuse(part.where, `(${part.type}) has an empty ${name}`) : text;
}
