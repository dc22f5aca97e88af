// What a command writes must not be what it reads: asked before the long work, of every command that writes.
import { type BigIntStats, existsSync, fstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { kinds, tellFolder } from "../folders/index.js";
import { isPattern, matchingFiles } from "./matching-files.js";

/** Files, patterns of files and folders; "-" is standard input, and undefined entries are ignored. */
export interface CommandPaths {
  inputs: readonly (string | undefined)[];
  outputs: readonly (string | undefined)[];
}

/**
 * Files are the same by path, symbolic link or hard link; no file may be written to an input folder, nor may an output
 * folder contain an input. No output may be inside a folder that Columnist wrote.
 *
 * @throws UserError that names the output and the input
 * @example
 * await checkOutputs({ inputs: ["model", "reviews/*.csv"], outputs: ["answers.csv"] });
 */
export async function checkOutputs({ inputs, outputs }: CommandPaths): Promise<void> {
  const given = (path: string | undefined): path is string => path !== undefined && path !== "" && path !== "-";
  const written = outputs.filter(given);
  for (const [i, path] of written.entries())
    if (written.slice(0, i).some((other) => isSame(other, path)))
      throw new UserError(`'${path}' would be written twice. Use two different files.`);
  if (inputs.includes("-")) {
    const input = standardInput();
    const same = written.find((path) => isSameFile(input, statOf(path)));
    if (same !== undefined)
      throw new UserError(
        `'${same}' is the file on standard input, so it is not written. Choose another file with ${option("out")}.`,
      );
  }
  for (const input of inputs.filter(given)) {
    const files = await filesOf(input);
    for (const output of written)
      for (const file of files) {
        if (isSame(output, file))
          throw new UserError(
            `'${output}' is ${file === input ? "an input" : `'${file}', an input (${input})`}, so it is not ` +
              `written. Choose another file with ${option("out")}.`,
          );
        if (isWithin(output, file))
          throw new UserError(
            `'${output}' is inside '${file}', an input. Choose a path outside with ${option("out")}.`,
          );
        if (isWithin(file, output))
          throw new UserError(
            `'${file}' is an input inside '${output}', which would be written. Choose another ${option("out")}.`,
          );
      }
  }
  for (const path of written) checkOutside(path);
}

/** A file of the user's in a folder of Columnist, or one of its own that is replaced, is never meant. */
function checkOutside(path: string): void {
  for (let folder = dirname(realPath(path)); folder !== dirname(folder); folder = dirname(folder)) {
    const what = nounOf(folder);
    if (what !== undefined)
      throw new UserError(`'${path}' is inside '${folder}', which contains ${what}. Choose a path outside it.`);
  }
}

function nounOf(folder: string): string | undefined {
  try {
    const told = tellFolder(folder);
    return told && kinds[told.kind].noun;
  } catch {
    return "a damaged result of Columnist";
  }
}

/** The files of a pattern; a path that is there stands for itself, whatever its letters. */
async function filesOf(path: string): Promise<string[]> {
  if (existsSync(path) || !isPattern(path)) return [path];
  return matchingFiles(path).catch(() => []); // What is wrong with the pattern is said by who reads it.
}

function isSame(one: string, other: string): boolean {
  return realPath(one) === realPath(other) || isSameFile(statOf(one), statOf(other));
}

/** Undefined for what is not there, and what cannot be reached: who reads or writes it tells why. */
function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function isSameFile(a: BigIntStats | undefined, b: BigIntStats | undefined): boolean {
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino && a.ino > 0n;
}

/** Undefined where it is closed. */
function standardInput(): BigIntStats | undefined {
  try {
    return fstatSync(0, { bigint: true });
  } catch {
    return undefined;
  }
}

function isWithin(path: string, folder: string): boolean {
  if (!statOf(folder)?.isDirectory()) return false;
  const way = relative(realPath(folder), realPath(path));
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(way) !== way;
}

/** With links followed, also of what is not there yet. */
function realPath(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  const parent = dirname(whole);
  return parent === whole ? whole : join(realPath(parent), basename(whole));
}
