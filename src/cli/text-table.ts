// Aligned columns of plain text.
import { withoutColors } from "./colors.js";
import { visible } from "./terminal.js";

/**
 * The first column is left-aligned, the others right-aligned. Cells are measured without colours.
 *
 * @example
 * textTable([["Model", "Accuracy"], ["linear", "98.1 %"]]); // "Model   Accuracy\nlinear    98.1 %"
 */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))));
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const space = " ".repeat(widths[column] - widthOf(cell));
          return column === 0 ? cell + space : space + cell;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** In one line of at most so many columns. */
export function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (widthOf(line) <= length) return line;
  let [kept, width] = ["", 1];
  for (const character of line) {
    width += widthOf(character);
    if (width > length) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Colours take no room, control characters as much as is shown of them; wide East Asian characters take two columns. */
export function widthOf(cell: string): number {
  let width = 0;
  for (const character of visible(withoutColors(cell)))
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  return width;
}
