// The methods of explaining: one table.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import { attention } from "./attention.js";
import { integratedGradients } from "./integrated-gradients.js";
import { linear } from "./linear.js";
import type { ExplainedModel, Method } from "./method.js";
import { occlusion } from "./occlusion.js";

export const methods = {
  linear,
  "integrated-gradients": integratedGradients,
  occlusion,
  attention,
} as const satisfies Record<string, Method>;

export type MethodName = keyof typeof methods;
export const methodNames = Object.keys(methods) as [MethodName, ...MethodName[]];

/** Exact where that is possible, then by gradients. Attention says where a model looks, not why it answers. */
const bestFirst: readonly MethodName[] = ["linear", "integrated-gradients", "occlusion"];

/** @throws UserError where the method is not for this model */
export function chooseMethod(wanted: MethodName | "auto", model: ExplainedModel): MethodName {
  const isAble = (name: MethodName) => methods[name].lacks(model) === undefined;
  if (wanted === "auto") return bestFirst.find(isAble)!;
  const why = methods[wanted].lacks(model);
  if (why === undefined) return wanted;
  const able = methodNames.filter(isAble);
  throw new UserError(
    `${option("method")} ${wanted} is not for this model (${model.model.family}): ${why}. Use ${able.join(", ")} or auto.`,
  );
}
