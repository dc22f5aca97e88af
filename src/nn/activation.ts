// An activation as a layer of its own.
import { z } from "zod";
import { type ActivationName, activationSchema, activations } from "./activations.js";
import { expectInputs } from "./expect-input.js";
import type { LayerDefinition } from "./layer.js";
import { type LayerOptions, makeLayer } from "./make-layer.js";

const options = z.strictObject({ activation: activationSchema });
type Config = z.output<typeof options>;

/**
 * relu, gelu, tanh, sigmoid or softmax (over the last axis), element by element.
 *
 * @example
 * const layer = activation("relu");
 */
export const activation = (name: ActivationName, given: LayerOptions = {}) =>
  makeLayer("activation", options, { ...given, activation: name });

export const activationDefinition: LayerDefinition<Config> = {
  options,
  parameters(_, inputs) {
    expectInputs(inputs, 1, "one input");
    return [];
  },
  call: (config, [x], context) => ({ result: activations[config.activation](x), mask: context.masks[0] }),
};
