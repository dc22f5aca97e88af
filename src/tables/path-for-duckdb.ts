// Names of files that DuckDB would take for something else: patterns, the home folder, extensions.
import { copyFileSync, linkSync, mkdirSync, symlinkSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/**
 * A path under which DuckDB finds `file` and no other: its own, or where that could be a pattern, a link in `folder`.
 *
 * @param place - different for each file
 */
export function pathFor(file: string, folder: string, place: number): string {
  if (!odd.test(file)) return /^(~|[a-z][a-z0-9+.-]+:)/i.test(file) ? `./${file}` : file;
  const path = isAbsolute(file) ? file : `${process.cwd()}/${file}`;
  const links = join(folder, "links", String(place), ...columnFolders(path));
  mkdirSync(links, { recursive: true });
  const made = join(links, "table");
  link(path, made);
  return made;
}

const odd = process.platform === "win32" ? /[*?[]/ : /[*?[\\]/;

/** Folders such as country=de, from which DuckDB makes a column. */
function columnFolders(path: string): string[] {
  const folders = path.split(/[/\\]/).slice(0, -1);
  return folders.filter((name) => /^[^=*?[]+=[^=*?[]*$/.test(name));
}

function link(path: string, at: string): void {
  for (const make of [symlinkSync, linkSync, copyFileSync])
    try {
      make(path, at);
      return;
    } catch (error) {
      if (make === copyFileSync) throw error; // Windows makes links only for some users, and only on one disk
    }
}
