/** Lines of at most 80 columns, each behind so many spaces; a longer word stands alone. */
export function wrapped(text: string, indent = 0): string {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last !== "" && indent + last.length + 1 + word.length > 80) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.map((line) => " ".repeat(indent) + line).join("\n");
}
