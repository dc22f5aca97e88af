// What is in the cache: every model and every revision, whoever pulled it.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { describeModel, type ModelDescription } from "./describe-model.js";
import { findModel } from "./find-model.js";
import { isGguf, showModelName } from "./model-name.js";
import { cachedIds, commitsOf, defaultRevision, filesBelow, revisionsOf, snapshotFolder } from "./repository.js";

export interface CachedModel extends ModelDescription {
  /** What commands take: the id, with the file of a GGUF model, and with the revision where it is not main. */
  name: string;
  id: string;
  /** The commit. */
  revision: string;
  /** Branches and tags of the commit. */
  refs: string[];
  path: string;
}

/**
 * All models in the cache by their names; what cannot be used has a `problem`. A .gguf file is a model of its own.
 *
 * @example
 * cachedModels().filter(({ kind }) => kind === "encoder").map(({ name }) => name);
 */
export function cachedModels(): CachedModel[] {
  return cachedIds().flatMap((id) =>
    commitsOf(id).flatMap((commit) => {
      const refs = revisionsOf(id, commit);
      const revision = refs.includes(defaultRevision) ? undefined : (refs[0] ?? commit);
      return filesOf(id, commit).map((file) => {
        const name = showModelName({ id, revision, file });
        const known = { name, id, revision: commit, refs };
        try {
          const model = findModel(showModelName({ id, revision: commit, file }));
          return { ...known, path: model.path, ...describeModel(model) };
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          const problem = error.spelled(option);
          return { ...known, path: snapshotFolder(id, commit), kind: "unknown", bytes: 0, problem };
        }
      });
    }),
  );
}

/** The .gguf files of a snapshot; undefined stands for all the others. */
function filesOf(id: string, commit: string): (string | undefined)[] {
  const files = filesBelow(snapshotFolder(id, commit), 3);
  const gguf = files.filter(isGguf);
  const hasOthers = gguf.length === 0 || files.some((file) => /\.(safetensors|onnx)$/.test(file));
  return hasOthers ? [undefined, ...gguf] : gguf;
}
