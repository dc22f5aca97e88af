// columnist.json, by which every folder of Columnist is told: the only place that knows its name and layout. It is JSON
// whose last field is the SHA-256 of everything before that field, so that it guards itself.
import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeFileWhole } from "../base/atomic.js";
import { UserError } from "../base/errors.js";
import { isDeeperThan } from "../base/json-depth.js";
import { option } from "../base/option.js";
import { readSmallFile } from "../base/regular-file.js";
import type { FolderKind } from "./kinds/folder-kind.js";
import { runPlace } from "./kinds/unfinished-run.js";
import { allKinds, commonFacts, formatVersion, type Kind, kinds } from "./kinds.js";

export const factsName = "columnist.json";
export const factsPath = (folder: string) => join(folder, factsName);

/** The end of the file, by what stands before it. */
export const sealOf = (body: string | Uint8Array) =>
  `,\n  "checksum": "${createHash("sha256").update(body).digest("hex")}"\n}\n`;

export function writeFacts(folder: string, facts: object): void {
  const body = JSON.stringify(facts, null, 2).replace(/\n}$/, "");
  writeFileWhole(factsPath(folder), body + sealOf(body));
}

/** What a folder says of itself before its own kind's facts are read. */
export interface ToldFolder {
  kind: Kind;
  /** Of an unfinished run: what it will be. */
  becomes?: Kind;
  origin?: string;
  source?: string;
  created?: string;
}

/**
 * What stands in a folder, also in one of an earlier version; undefined where nothing of Columnist does.
 *
 * @throws UserError where its facts are damaged or of a newer version
 */
export function tellFolder(folder: string): ToldFolder | undefined {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  if (!existsSync(factsPath(folder))) {
    const former = formerKind(folder);
    if (former) return { kind: former, ...(former === "unfinished-run" && { becomes: "language-model" }) };
    const run = tellFolder(join(folder, runPlace));
    return run?.kind === "unfinished-run" ? run : undefined;
  }
  const { json, version } = parseFacts(folder);
  if (version > formatVersion) throw newer(folder, version);
  const told = z
    .object({
      kind: z.enum(allKinds),
      becomes: z.enum(allKinds).optional(),
      origin: z.string().optional(),
      created: z.string().optional(),
      data: z.looseObject({ source: z.string().optional() }).optional(),
      source: z.string().optional(),
    })
    .safeParse(withKind(json));
  if (!told.success) throw unknownKind(folder);
  const { kind, becomes, origin, created, data, source } = told.data;
  return { kind, becomes, origin, created, source: data?.source ?? source };
}

/**
 * The facts of a folder of one of the wanted kinds.
 *
 * @throws UserError when there is no such folder, it is of another kind, of another version, or its facts are damaged
 */
export function readFacts(folder: string, wanted: readonly Kind[]): z.infer<typeof commonFacts> {
  const { made, folder: what } = kinds[wanted[0]];
  const maker = wanted.length > 1 ? "Columnist" : made;
  if (!existsSync(folder))
    throw new UserError(`There is no ${what} '${folder}'. Create one: ${made} <table> --out ${folder}`);
  if (!statSync(folder).isDirectory())
    throw new UserError(`'${folder}' is a file, not a ${what}. Specify the folder that ${maker} wrote.`);
  if (!existsSync(factsPath(folder))) {
    const kind = tellFolder(folder)?.kind;
    if (kind && !wanted.includes(kind)) throw otherKind(folder, kind, wanted);
    if (kind && formerKind(folder)) throw older(folder, 1, kind);
    throw new UserError(
      `'${folder}' is not a ${what}: ${factsName} is missing. Specify the folder that ${maker} wrote.`,
    );
  }
  const { json, version, isSealed } = parseFacts(folder);
  const kind = z.looseObject({ kind: z.enum(allKinds) }).safeParse(withKind(json)).data?.kind;
  if (version > formatVersion) throw newer(folder, version);
  if (kind && !wanted.includes(kind)) throw otherKind(folder, kind, wanted);
  if (version < formatVersion) throw older(folder, version, kind ?? wanted[0]);
  if (!isSealed)
    throw new UserError(
      `${factsPath(folder)} is damaged or was changed: its checksum does not match. Copy the folder again or create it again.`,
    );
  if (!kind) throw unknownKind(folder);
  const facts = z.object({ ...commonFacts.shape, ...kinds[kind].facts.shape }).safeParse(json);
  if (facts.success) return facts.data;
  const [issue] = facts.error.issues;
  throw new UserError(
    `${factsPath(folder)} is damaged: ${issue.path.join(".") || "its content"}: ${issue.message}. Copy the folder again ` +
      "or create it again.",
  );
}

/** @throws UserError: the facts name a family that is not in the table */
export function unknownFamily(folder: string, family: string, known: readonly string[]): UserError {
  return new UserError(
    `${factsPath(folder)} names the family '${family}', which this version does not support ` +
      `(supported: ${known.join(", ")}). Update columnist or train again.`,
  );
}

/** The kind of a folder of format 1 whose facts had another name. */
function formerKind(folder: string): Kind | undefined {
  return allKinds.find((kind) => {
    const { former }: FolderKind = kinds[kind];
    const path = former && join(folder, former.name);
    if (path === undefined || !statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
    return readSmallFile(path, mostFactsBytes).includes(former!.holds);
  });
}

/** Layers inside layers are the deepest that there is. */
const mostDepth = 100;

/** Labels and descriptions of the largest models take a hundredth of it. */
const mostFactsBytes = 128 << 20;

function parseFacts(folder: string): { json: unknown; version: number; isSealed: boolean } {
  const path = factsPath(folder);
  const bytes = readSmallFile(path, mostFactsBytes);
  const end = bytes.lastIndexOf(',\n  "checksum": "');
  const isSealed = end > 0 && bytes.subarray(end).toString("latin1") === sealOf(bytes.subarray(0, end));
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new UserError(`${path} is damaged: it is not JSON. Copy the folder again or create it again.`, {
      cause: error,
    });
  }
  if (isDeeperThan(mostDepth, json))
    throw new UserError(
      `${path} is damaged: it is nested deeper than ${mostDepth} levels. Copy the folder again or create it again.`,
    );
  const version = z.looseObject({ formatVersion: z.int().min(0) }).safeParse(json).data?.formatVersion;
  if (version === undefined)
    throw new UserError(`${path} is damaged: it has no format version. Copy the folder again or create it again.`);
  return { json, version, isSealed };
}

/** Folders of format 1 call the kind their task. */
function withKind(json: unknown): unknown {
  const { task } = z.looseObject({ task: z.string().optional() }).safeParse(json).data ?? {};
  return { kind: task === "text-classifier" ? "text-model" : task, ...(json as object) };
}

function newer(folder: string, version: number): UserError {
  return new UserError(
    `${factsPath(folder)} has format version ${version}; this version of columnist reads ${formatVersion}. Update ` +
      "columnist: npm install columnist@latest",
  );
}

function older(folder: string, version: number, kind: Kind): UserError {
  return new UserError(
    `'${folder}' was created by an earlier version of columnist (format version ${version}; this one reads ` +
      `${formatVersion}). Create it again: ${kinds[kind].made}, with ${option("overwrite")} or another ${option("out")}.`,
  );
}

function unknownKind(folder: string): UserError {
  return new UserError(
    `${factsPath(folder)} has no kind that this version supports (${allKinds.join(", ")}). Copy the folder again, or ` +
      "update columnist.",
  );
}

function otherKind(folder: string, kind: Kind, wanted: readonly Kind[]): UserError {
  const nouns = wanted.map((one) => kinds[one].noun).join(" or ");
  return new UserError(
    `'${folder}' contains ${kinds[kind].noun}, not ${nouns}. Use it with ${kinds[kind].uses}, or specify a folder that ` +
      `${wanted.length > 1 ? "contains one" : `${kinds[wanted[0]].made} wrote`}.`,
  );
}
