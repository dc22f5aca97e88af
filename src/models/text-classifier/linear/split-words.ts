// stand-in
const pattern = /[\p{L}\p{N}\p{M}_]+|[^\s]/gu;
export function splitWords(text: string): readonly string[] {
  return text.toLowerCase().match(pattern) ?? [];
}
