// The rights of what is replaced, given to what takes its place.
import { chmodSync, chownSync, lstatSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";

/** A file, or a folder with all that has the same names in both. Links and what is new have what they have. */
export function keepRights(from: string, to: string): void {
  const [old, fresh] = [from, to].map((path) => lstatSync(path, { throwIfNoEntry: false }));
  if (!old || !fresh) return;
  if (old.isFile() && fresh.isFile()) give(to, fresh, old);
  if (!old.isDirectory() || !fresh.isDirectory()) return;
  for (const name of readdirSync(to)) keepRights(join(from, name), join(to, name));
  give(to, fresh, old);
}

/** The owner where the system allows it; without the group, its rights are those of everybody. */
function give(path: string, fresh: Stats, old: Stats): void {
  let mode = old.mode & 0o777;
  if (old.uid !== fresh.uid || old.gid !== fresh.gid)
    if (!owns(path, old.uid, old.gid) && !owns(path, fresh.uid, old.gid)) mode &= ((mode & 0o007) << 3) | 0o707;
  chmodSync(path, mode);
}

function owns(path: string, user: number, group: number): boolean {
  try {
    chownSync(path, user, group);
    return true;
  } catch {
    return false;
  }
}
