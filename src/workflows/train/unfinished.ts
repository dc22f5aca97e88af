// What an unfinished run of training keeps: families that are trained, and the checkpoints of the one at work.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import { partsOfBase } from "../../tasks/families/base.js";
import { fingerprintOf, type SplitRows, type TrainingOptions } from "../../tasks/index.js";
import { type CheckpointPlace, checkpointPace, type UnfinishedRun, writeOrTell } from "../../train/index.js";
import { type FinishedFamily, keepAnswers, keepFamily, readAnswers, readFamily } from "./finished-family.js";

export const keptSchema = z.object({
  /** SHA-256 of all that is learned from and measured on. */
  fingerprint: z.string(),
  /** What each family's training took so far. */
  seconds: z.record(z.string(), z.number()),
});
export type TrainRun = UnfinishedRun<z.infer<typeof keptSchema>>;

/** Whether there is something to go on with: where the disk is full, nothing may have been kept. */
export function holdsWork({ path, decided }: TrainRun): boolean {
  if (decided === undefined) return false;
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  return names.some((name) => name.endsWith(".json") && existsSync(join(path, name.replace(/json$/, "safetensors"))));
}

export interface FamilyKeeper {
  /** What an earlier start of the run finished. */
  finished(name: string): FinishedFamily | undefined;
  /** For a family whose training begins now, or goes on. */
  start(name: string): { place: CheckpointPlace /** Of training, earlier starts included. */; seconds(): number };
  keep(name: string, family: FinishedFamily): Promise<void>;
  /** Answers of a fold that an earlier start finished, if they are so many numbers. */
  answers(name: string, length: number): Float32Array | undefined;
  keepAnswers(name: string, answers: Float32Array): void;
  /** Frees the memory of a model that is kept: its files are read again where they are asked for. */
  release(name: string, family: FinishedFamily): Promise<void>;
}

/** @throws UserError when the run began with other rows, vectors or weights */
export function familyKeeper(
  run: TrainRun,
  out: string,
  rows: SplitRows,
  inputs: Pick<TrainingOptions, "vectors" | "base">,
  say: (message: string) => void,
): FamilyKeeper {
  const fingerprint = fingerprintOfAll(rows, inputs);
  if (run.decided && run.decided.fingerprint !== fingerprint)
    throw new UserError(
      `What the unfinished run in '${out}' learns from has changed since it began: the rows, or the files of ` +
        `${option("test")}, ${option("embeddings")} or ${option("base")}. Restore them, start another run with ` +
        `${option("out")}, or remove '${run.path}'.`,
    );
  const { width } = rows.head;
  const sizes = { validation: rows.validation.texts.length * width, heldOut: rows.heldOut.texts.length * width };
  const pace = checkpointPace(say);
  const kept = new Set<string>();
  const read = <Kept>(name: string, from: () => Kept): Kept | undefined => {
    if (!existsSync(join(run.path, `${name}.json`))) return undefined;
    try {
      return from();
    } catch (error) {
      const [reason] = String((error as Error).message).split("\n");
      say(`${name}: what the run kept is damaged (${reason.slice(0, 100)}), so it is trained again.`);
      return undefined;
    }
  };
  const removeCheckpoints = (name: string) => rmSync(join(run.path, name), { recursive: true, force: true });
  const decide = (seconds: Record<string, number>) =>
    run.decide({ fingerprint, seconds: { ...run.decided?.seconds, ...seconds } });
  return {
    finished(name) {
      const family = read(name, () => readFamily(run.path, name, sizes));
      if (family) kept.add(name);
      return family;
    },
    answers: (name, length) => read(name, () => readAnswers(run.path, name, length)),
    keepAnswers(name, answers) {
      writeOrTell(say, `finished ${name}`, () => keepAnswers(run.path, name, answers));
      removeCheckpoints(name);
    },
    start(name) {
      const earlier = run.decided?.seconds[name] ?? 0;
      const started = performance.now();
      const seconds = () => earlier + (performance.now() - started) / 1000;
      // The facts come first: no checkpoint stands there without them.
      const begun = (write: () => void) => () => {
        decide({ [name]: seconds() });
        write();
      };
      const place: CheckpointPlace = {
        folder: join(run.path, name),
        pace: {
          whenDue: (what, write) => pace.whenDue(what, begun(write)),
          orTell: (what, write) => pace.orTell(what, begun(write)),
          now: (write) => pace.now(begun(write)),
        },
        say: (message) => say(`${name}: ${message}`),
      };
      return { place, seconds };
    },
    async keep(name, family) {
      try {
        decide({ [name]: family.seconds });
        await keepFamily(run.path, name, family);
        kept.add(name);
        removeCheckpoints(name);
      } catch (error) {
        writeOrTell(say, `finished ${name}`, () => {
          throw error;
        });
      }
    },
    async release(name, family) {
      if (!kept.has(name)) return;
      await family.close();
      family.close = async () => {};
      family.files = () => readFamily(run.path, name, sizes).files();
    },
  };
}

function fingerprintOfAll(rows: SplitRows, { vectors, base }: Pick<TrainingOptions, "vectors" | "base">): string {
  const hash = createHash("sha256").update(fingerprintOf(rows)).update(JSON.stringify(rows.space));
  for (const [row, text] of rows.heldOut.texts.entries()) hash.update(JSON.stringify([text, rows.heldOut.labels[row]]));
  if (vectors)
    hash
      .update(JSON.stringify(vectors.words))
      .update(vectors.vectors)
      .update(vectors.ngrams?.vectors ?? "");
  for (const part of base ? partsOfBase(base) : []) hash.update(part);
  return hash.digest("hex");
}
