// The folder that training will write: checked before the long work, written whole or not at all.
import { existsSync, readdirSync, realpathSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { folderBeside, writeFolderWhole } from "../base/atomic.js";
import { UserError } from "../base/errors.js";
import { type Comparison, type Mistake, renderReport } from "../evaluate/index.js";
import { isModelFolder, isOwnFile, type ModelFiles, writeModelFiles } from "../models/folder/index.js";
import type { FolderFacts } from "../models/text-classifier/index.js";

/** @throws UserError when `folder` holds something other than a model, or cannot be written */
export function checkModelOut(folder: string): void {
  if (existsSync(folder)) {
    if (realpathSync(folder) === process.cwd())
      throw new UserError(`'${folder}' is the folder that you are in. Name one in it, such as --out model.`);
    if (!statSync(folder).isDirectory())
      throw new UserError(`'${folder}' is a file. Name a folder for the model with --out.`);
    if (readdirSync(folder).length > 0 && !isModelFolder(folder))
      throw new UserError(
        `'${folder}' is not empty and not a model folder, so it is not overwritten. Name another one with --out.`,
      );
  }
  checkParent(folder);
}

/** @throws UserError when nothing can be written beside `path` */
export function checkParent(path: string): void {
  let parent = dirname(resolve(path));
  while (!existsSync(parent)) parent = dirname(parent);
  if (!statSync(parent).isDirectory())
    throw new UserError(`'${parent}' is a file, so nothing can be made in it. Name another place with --out.`);
  try {
    rmdirSync(folderBeside(join(parent, basename(resolve(path)))));
  } catch (error) {
    throw writeFault(error, path);
  }
}

export interface ModelReport {
  comparison: Comparison;
  mistakes: readonly Mistake[];
  labelCounts: readonly { label: string; rows: number }[];
}

export async function writeModel(
  folder: string,
  facts: Omit<FolderFacts, "model">,
  files: ModelFiles,
  report: ModelReport,
): Promise<void> {
  const page = renderReport({
    title: `${facts.labelColumn} from ${facts.textColumns.join(" and ")}`,
    source: facts.data.source,
    ...report,
    settings: [
      ["Family", facts.family],
      ["Numbers learned", facts.parameters.toLocaleString("en")],
      ["Seed", String(facts.options.seed)],
      ["Split seed", String(facts.options.splitSeed ?? facts.options.seed)],
      ["Text columns", facts.textColumns.join(", ")],
      ["Label column", facts.labelColumn],
      ["Data fingerprint", facts.data.fingerprint],
      ["Columnist", facts.columnist],
    ],
  });
  try {
    const fill = (aside: string) => {
      writeModelFiles(aside, facts, files);
      writeFileSync(join(aside, "metrics.json"), `${JSON.stringify(report.comparison, null, 2)}\n`);
      writeFileSync(join(aside, "report.html"), page);
    };
    await writeFolderWhole(folder, fill, (name) => !isOwnFile(name));
  } catch (error) {
    throw writeFault(error, folder);
  }
}

/** What a user can mend about a failed write; other faults as they are. */
export function writeFault(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const reasons: Record<string, string> = {
    ENOSPC: "the disk is full. Free some space, or name another place with --out",
    EDQUOT: "your disk quota is used up. Free some space, or name another place with --out",
    EACCES: "it may not be written. Name another place with --out",
    EPERM: "it may not be written. Name another place with --out",
    EROFS: "the disk is read-only. Name another place with --out",
    EFBIG: "it is larger than a file may be here (ulimit -f). Raise the limit, or name another place with --out",
    ENOENT: "no file can be made there. Name another place with --out",
    ENAMETOOLONG: "the name is too long. Name a shorter one with --out",
  };
  if (!(code in reasons)) return error;
  return new UserError(`'${path}' was not written: ${reasons[code]}.`, { cause: error });
}
