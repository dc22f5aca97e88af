// Layers from outside: a program gives a definition, and gets a function that makes layers, like those built in.
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../base/errors.js";
import { didYouMean } from "../base/suggest.js";
import type { Shape, Tensor } from "../graph/index.js";
import type { InnerShapes, Layer, LayerContext, LayerDefinition, LayerResult, ParameterSpec } from "./layer.js";
import { layerKinds } from "./layer.js";
import { describe, type LayerOptions, layerOf, splitName } from "./make-layer.js";

/** Definition of a custom layer. Shapes have the batch first; a size may be a name whose value each batch sets. */
export interface CustomLayerDefinition<O extends object, C extends object> {
  /** Name of the kind, in a model and in its file: letters and digits, not a built-in kind. */
  kind: string;
  /**
   * Returns all options with defaults filled in; throw a UserError for a wrong one. The result is stored in model.json: plain data
   * with every option, which this function must return unchanged when the model is loaded. Default: no options.
   */
  options?(given: O): C;
  /** Trainable parameters; throw a UserError for inputs that the layer does not accept. Default: none. */
  parameters?(config: C, inputs: readonly Shape[], inner: InnerShapes): readonly ParameterSpec[];
  /** The layer's part of a graph, built from the operations in `graph`. Runs once per graph and never on numbers. */
  call(config: C, inputs: readonly Tensor[], context: LayerContext): LayerResult;
}

/** Makes layers of one kind; loadModel takes it for models that have such layers. */
export interface CustomLayer<O extends object = never> {
  (...given: object extends O ? [options?: O & LayerOptions] : [options: O & LayerOptions]): Layer;
  readonly kind: string;
  readonly definition: LayerDefinition<unknown>;
}

/**
 * Defines a custom layer. It trains, saves and exports to ONNX like the built-in ones: gradients come from the operations that
 * it is built from. Its file contains options and parameters, never code, so loading needs the definition again.
 *
 * @throws UserError for a kind that is not a valid name or is taken
 * @example
 * const scale = defineLayer({
 *   kind: "scale",
 *   options: ({ start = 1 }: { start?: number }) => ({ start }),
 *   parameters: ({ start }, [shape]) => [{ name: "factor", shape: [Number(shape.at(-1))], initializer: { constant: start } }],
 *   call: (_, [x], context) => ({ result: graph.mul(x, context.parameter("factor")), mask: context.masks[0] }),
 * });
 * const net = sequential([input({ shape: [4] }), scale({ start: 0.5 }), dense({ units: 1 })]);
 * await net.save("net");
 * const again = await loadModel("net", { layers: [scale] });
 */
export function defineLayer<O extends object = Record<never, never>, C extends object = O>({
  kind,
  options = () => ({}) as C,
  parameters = () => [],
  call,
}: CustomLayerDefinition<O, C>): CustomLayer<O> {
  if (typeof kind !== "string" || !/^[A-Za-z]\w*$/.test(kind))
    throw new UserError(`the kind of a layer is a name such as "scale", got ${describe(kind)}.`);
  if ((layerKinds as readonly string[]).includes(kind))
    throw new UserError(`'${kind}' is a built-in layer; choose another kind.`);
  const definition: LayerDefinition<C> = {
    options: options as (given: object) => C,
    parameters: (config, inputs, inner) => [...parameters(config, inputs, inner)],
    call,
  };
  const custom = new Map([[kind, definition as LayerDefinition<unknown>]]);
  const make = (given: object = {}) => {
    const { name, rest } = splitName(kind, given);
    return layerOf({
      kind,
      config: readCustomOptions(kind, definition.options as (given: object) => C, rest),
      name,
      custom,
    });
  };
  return Object.assign(make, { kind, definition }) as unknown as CustomLayer<O>;
}

/** The options in full, or an error that names the layer. They must survive a file. */
export function readCustomOptions(
  kind: string,
  options: (given: object) => unknown,
  given: object,
): Readonly<Record<string, unknown>> {
  const config = options(given) as Record<string, unknown>;
  if (typeof config !== "object" || config === null || !isDeepStrictEqual(JSON.parse(JSON.stringify(config)), config))
    throw new UserError(
      `the options of ${kind} become ${describe(config)}, which model.json cannot store: return an object of plain data, ` +
        "without undefined, functions or typed arrays.",
    );
  const known = Object.keys(config);
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(config, key));
  if (unknown !== undefined)
    throw new UserError(
      `${kind} has no option '${unknown}'; it has ${known.join(", ") || "none"}.${didYouMean(unknown, known)}`,
    );
  return config;
}
