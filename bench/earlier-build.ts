// An earlier commit of this repository, built beside it, for what is compared with today's build.
import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

/** Checks out `commit` into `folder` and builds it with today's packages. @returns its `dist` */
export function buildEarlier(commit: string, folder: string): string {
  execFileSync("git", ["worktree", "add", "--detach", folder, commit], { stdio: "ignore" });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  execFileSync("node_modules/.bin/tsc", ["-p", join(folder, "tsconfig.json")]);
  return join(folder, "dist");
}

export function removeEarlier(folder: string): void {
  execFileSync("git", ["worktree", "remove", "--force", folder]);
}
