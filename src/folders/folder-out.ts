// Whether a command may write a folder where something stands: asked before the long work.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { checkParent } from "../base/outputs.js";
import { tellFolder } from "./facts-file.js";
import { type Kind, kinds } from "./kinds.js";

/**
 * What tells a rerun from other work: the source and the columns, as one checksum (paths may be private). Undefined for
 * standard input, of which nobody knows whether it is the same.
 *
 * @example
 * originOf({ path: "reviews.csv" }, { text: ["review"], label: "stars" });
 */
export function originOf(
  { path, table, query }: { path: string; table?: string; query?: string },
  columns: Record<string, unknown>,
): string | undefined {
  if (path === "-") return undefined;
  const parts = [resolve(path), table ?? null, query ?? null, columns];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/**
 * A folder may take the place of one of its own kind: without asking in a rerun, otherwise with `overwrite`.
 *
 * @throws UserError when something else stands at `path`, or it cannot be written
 */
export function checkFolderOut(
  path: string,
  kind: Kind,
  { origin, overwrite }: { origin?: string; overwrite: boolean },
): void {
  checkKind(path, kind);
  checkParent(path);
  const there = tellFolder(path);
  // An unfinished run is the business of who goes on with it.
  if (!there || there.kind !== kind || overwrite || (origin !== undefined && there.origin === origin)) return;
  const from = there.source ? ` made from ${there.source}` : "";
  const when = there.created ? ` on ${there.created.slice(0, 16).replace("T", " at ")} UTC` : "";
  throw new UserError(
    `'${path}' contains ${kinds[kind].noun}${from}${when}; only the same command on the same table and columns replaces ` +
      `it without ${option("overwrite")}. Choose another folder with ${option("out")}, or add ${option("overwrite")}.`,
  );
}

/** @throws UserError when `path` is there and neither empty nor a folder of this kind */
export function checkKind(path: string, kind: Kind): void {
  if (!existsSync(path)) return;
  const { noun, not } = kinds[kind];
  if (realpathSync(path) === realpathSync("."))
    throw new UserError(`'${path}' is the current folder. Choose one inside it, such as ${option("out")} model.`);
  if (!statSync(path).isDirectory())
    throw new UserError(
      `'${path}' is a file. Choose a folder for ${noun.replace(/^an? /, "the ")} with ${option("out")}.`,
    );
  const there = tellFolder(path);
  if (!there && readdirSync(path).length > 0)
    throw new UserError(
      `'${path}' is not empty and ${not}, so it is not overwritten. Choose another one with ${option("out")}.`,
    );
  if (there && there.kind !== kind && !(there.kind === "unfinished-run" && there.becomes === kind))
    throw new UserError(
      `'${path}' contains ${kinds[there.kind].noun}, so it is not replaced by ${noun}, not even with ` +
        `${option("overwrite")}. Choose another folder with ${option("out")}.`,
    );
}
