// A base that a model's folder names instead of holding it: where it is found again, and how it is told from another.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { findModel } from "../../hub/index.js";
import type { PretrainedEncoder } from "../../networks/hugging-face/index.js";
import { type Base, openBase, partsOfBase } from "./base.js";

// It may be a stranger's: an id and a commit lead into the cache alone, and a folder to no other machine.
export const baseReferenceSchema = z.union([
  z.object({
    id: z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/),
    revision: z.string().regex(/^[0-9a-f]{40}$/),
    sha256: z.string(),
  }),
  z.object({ folder: z.string().regex(/^(?![\\/]{2})/), sha256: z.string() }),
]);
export type BaseReference = z.infer<typeof baseReferenceSchema>;

export function referenceTo(base: Extract<Base, { kind: "encoder" }>): BaseReference {
  const { folder, id, revision } = base.source;
  const sha256 = checksumOf(base);
  return id !== undefined && revision !== undefined ? { id, revision, sha256 } : { folder: resolve(folder), sha256 };
}

/** @throws UserError when it is not there, or another one stands in its place */
export async function findReferred(reference: BaseReference): Promise<PretrainedEncoder> {
  const name = "id" in reference ? `${reference.id}@${reference.revision}` : reference.folder;
  const remedy = `or train again with ${option("merge")}, which writes a folder that needs no other`;
  if ("folder" in reference && !existsSync(name))
    throw new UserError(
      `The model is an update of the encoder in '${name}', which is not there. Put that folder back, ${remedy}.`,
    );
  let base: Base;
  try {
    base = await openBase(findModel(name));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`The model is an update of the encoder ${name}. ${error.message}`);
  }
  if (base.kind === "encoder" && checksumOf(base) === reference.sha256) return base.encoder;
  throw new UserError(
    `The model is an update of an encoder that was in '${name}', but another one is there now: its weights, its tokenizer or ` +
      `its settings differ. Put the first one back, ${remedy}.`,
  );
}

function checksumOf(base: Base): string {
  const hash = createHash("sha256");
  for (const part of partsOfBase(base)) hash.update(part);
  return hash.digest("hex");
}
