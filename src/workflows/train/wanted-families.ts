// Which families a run trains: the baseline, and what was asked for. Knows kinds of bases, but no family.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { Base, BaseKind } from "../../tasks/families/base.js";
import type { Task, TrainingRows } from "../../tasks/index.js";
import type { TrainSettings } from "./options.js";

type FamilyChoice = Pick<TrainSettings, "model" | "tune" | "base" | "merge">;

const baseline = "linear";

const baseNouns: Record<BaseKind, string> = {
  language: "a language model (columnist pretrain)",
  encoder: "a pretrained encoder (columnist models)",
};

/**
 * @param base what `choice.base` is
 * @throws UserError where what is asked for cannot go on from this base, or from none
 */
export function checkFamilies({ families, noun }: Task, choice: FamilyChoice, base: Base | undefined): void {
  const { model, tune } = choice;
  if (tune !== "auto" && model !== "all" && model !== tune)
    throw new UserError(
      `${option("tune")} ${tune} and ${option("model")} ${model} name two families. Omit one of them.`,
    );
  for (const [name, usual, asked] of [
    ["model", "all", model],
    ["tune", "auto", tune],
  ] as const)
    if (asked !== usual && !Object.hasOwn(families, asked)) {
      const known = Object.keys(families).filter((one) => name === "model" || families[one].base === "encoder");
      throw new UserError(`${option(name)} ${asked} is not for ${noun}. Choose one of ${known.join(", ")}.`);
    }
  if (tune !== "auto" && base?.kind !== "encoder")
    throw new UserError(`${option("tune")} needs ${option("base")}, ${baseNouns.encoder}${insteadOf(choice, base)}.`);
  if (
    choice.merge &&
    ![model, tune].includes("lora") &&
    (model !== "all" || tune !== "auto" || base?.kind !== "encoder")
  )
    throw new UserError(`${option("merge")} is for ${option("tune")} lora. Omit ${option("merge")}, or tune that way.`);
  if (model === "all") return;
  const needed = families[model].base;
  if (needed !== undefined && base?.kind !== needed)
    throw new UserError(
      `${option("model")} ${model} needs ${option("base")}, ${baseNouns[needed]}${insteadOf(choice, base)}.`,
    );
  if (needed === undefined && base !== undefined)
    throw new UserError(
      `${option("base")} is not for ${option("model")} ${model}, which starts from nothing. Omit one of them.`,
    );
}

const insteadOf = ({ base: name }: FamilyChoice, base: Base | undefined) =>
  base ? `; '${name}' is ${baseNouns[base.kind]}` : "";

/**
 * Cheapest first.
 *
 * @param mostSeconds that a family may take, where a budget says so
 */
export function wantedFamilies(
  { families }: Task,
  { model, tune }: FamilyChoice,
  rows: TrainingRows,
  base: Base | undefined,
  mostSeconds?: number,
): string[] {
  const isWanted = (name: string): boolean => {
    if (name === baseline || name === model || name === tune) return true;
    if (model !== "all") return false;
    const { base: kind, isWorthIt } = families[name];
    if (kind === undefined) return true;
    return base?.kind === kind && tune === "auto" && (isWorthIt?.(rows, base, mostSeconds) ?? true);
  };
  return Object.keys(families).filter(isWanted);
}

/** Of models, by their families, cheapest first: those that are favoured come before all that are cheaper. */
export function favouredFirst<Model extends { family: string }>(
  models: readonly Model[],
  { families }: Task,
  rows: TrainingRows,
): Model[] {
  const isFavoured = ({ family }: Model) => families[family]?.isFavoured?.(rows) ?? false;
  return [...models.filter(isFavoured).reverse(), ...models.filter((model) => !isFavoured(model))];
}
