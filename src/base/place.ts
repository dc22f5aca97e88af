// Where an output stands that a user named by a link.
import { lstatSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UserError } from "./errors.js";
import { option } from "./option.js";
import { otherFile } from "./regular-file.js";

/** As many as Linux follows. */
const mostLinks = 40;

/**
 * Follows the last part of `path` as the system does when it opens a file, so that what is renamed to the place leaves the
 * link as it is. What is not there yet stands at its own path. For outputs that a user names; whatever stands in a folder
 * of a stranger is replaced at its own path.
 *
 * @throws UserError for a link of another user in a shared folder (see proc_sys_fs(5), protected_symlinks), and one without end
 * @example
 * placeOf("latest.csv"); // "/data/2024.csv"
 */
export function placeOf(path: string): string {
  let place = resolve(path);
  for (let links = 0; links < mostLinks; links++) {
    const link = linkAt(place);
    if (!link) return place;
    if (isForeign(place, link))
      throw new UserError(
        `'${path}' is a link that another user put into a folder that all may write, so nothing is written through it. ` +
          `Choose another path with ${option("out")}.`,
      );
    place = resolve(realpathSync(dirname(place)), readlinkSync(place));
  }
  throw new UserError(`'${path}' is a link that leads to itself. Choose another path with ${option("out")}.`);
}

/** The place of a file to write. @throws UserError for a folder, a device, a pipe and a socket, too */
export function filePlaceOf(path: string): string {
  const other = otherFile(path);
  if (other === "folder") throw new UserError(`'${path}' is a folder. Specify a file to write.`);
  if (other !== undefined)
    throw new UserError(`'${path}' is a ${other}, and only files are replaced. Choose a file with ${option("out")}.`);
  return placeOf(path);
}

/** A place that cannot be reached is told by who writes there. */
function linkAt(path: string): Stats | undefined {
  try {
    const status = lstatSync(path);
    return status.isSymbolicLink() ? status : undefined;
  } catch {
    return undefined;
  }
}

const stickyAndOpen = 0o1002;

function isForeign(path: string, link: Stats): boolean {
  const user = process.geteuid?.();
  const folder = statSync(dirname(path));
  return (
    user !== undefined &&
    link.uid !== user &&
    link.uid !== folder.uid &&
    (folder.mode & stickyAndOpen) === stickyAndOpen
  );
}
