// A model's plan: its inputs, its layers under unique names, the calls in order, its outputs. No numbers.
import { UserError } from "../base/errors.js";
import { describe, type InputSpec, type Layer, type LayerCall, type LayerTensor } from "../nn/index.js";

/** A value inside the plan: an input by number, or what a call gives. */
export type TensorPlace = { input: number } | { call: number; output: LayerTensor["output"] };

export interface PlannedCall {
  /** Number of the layer; a layer that is called twice shares its parameters. */
  layer: number;
  inputs: TensorPlace[];
}

export interface NamedLayer {
  name: string;
  layer: Layer;
}

export interface Topology {
  inputs: InputSpec[];
  layers: NamedLayer[];
  calls: PlannedCall[];
  outputs: { name: string; place: TensorPlace }[];
}

/** Plans a model from the tensors of a program. `outputs` without names are called after the layers that give them. */
export function planModel(
  inputs: readonly LayerTensor[],
  outputs: readonly { name?: string; tensor: LayerTensor }[],
): Topology {
  const specs = inputs.map(inputSpec);
  const layers: Layer[] = [];
  const calls: LayerCall[] = [];
  const planned: PlannedCall[] = [];
  const used = new Set<InputSpec>();

  function place({ source, output }: LayerTensor): TensorPlace {
    if (!("layer" in source)) {
      const at = specs.indexOf(source);
      if (at < 0)
        throw new UserError(
          `the outputs need an input of shape (${source.shape.join(", ")})${source.name ? ` named '${source.name}'` : ""} that is not among the model's inputs.`,
        );
      used.add(source);
      return { input: at };
    }
    let at = calls.indexOf(source);
    if (at < 0) {
      const from = source.inputs.map(place);
      let layer = layers.indexOf(source.layer);
      if (layer < 0) layer = layers.push(source.layer) - 1;
      planned.push({ layer, inputs: from });
      at = calls.push(source) - 1;
    }
    return { call: at, output };
  }

  const places = outputs.map(({ tensor }) => place(expectTensor(tensor, "outputs")));
  const idle = specs.findIndex((spec) => !used.has(spec));
  if (idle >= 0) throw new UserError(`input ${idle}${named(specs[idle])} is not used by any output; remove it.`);
  const inputNames = uniqueNames(specs.map(({ name }) => ({ name, fallback: "input" })));
  const layerNames = uniqueNames(layers.map(({ name, kind }) => ({ name, fallback: kind })));
  const outputNames = places.map((at, i) => {
    const fallback =
      "call" in at ? layerNames[planned[at.call].layer] + (at.output === "result" ? "" : "_attention") : "output";
    return { name: outputs[i].name ?? "", fallback };
  });
  return {
    inputs: specs.map((spec, i) => ({ ...spec, name: inputNames[i] })),
    layers: layers.map((layer, i) => ({ name: layerNames[i], layer })),
    calls: planned,
    outputs: uniqueNames(outputNames).map((name, i) => ({ name, place: places[i] })),
  };
}

export function inputSpec(tensor: LayerTensor): InputSpec {
  const { source } = expectTensor(tensor, "inputs");
  if ("layer" in source)
    throw new UserError(
      `a model's inputs are made by input({ shape }), got the output of a ${source.layer.kind} layer.`,
    );
  return source;
}

function expectTensor(tensor: unknown, what: string): LayerTensor {
  if (typeof tensor === "object" && tensor !== null && "source" in tensor) return tensor as LayerTensor;
  throw new UserError(`the ${what} of a model are tensors returned by input(…) or a layer, got ${describe(tensor)}.`);
}

const named = ({ name }: InputSpec) => (name ? ` ('${name}')` : "");

/** Given names stay; the others are the fallback, with a number from the second on. */
function uniqueNames(wanted: readonly { name: string; fallback: string }[]): string[] {
  const taken = new Set<string>();
  for (const { name } of wanted) {
    if (name === "") continue;
    if (/[/\s]/.test(name)) throw new UserError(`'${name}' is not a valid name: use no slashes or spaces.`);
    if (taken.has(name)) throw new UserError(`the name '${name}' is given twice; names are unique in a model.`);
    taken.add(name);
  }
  return wanted.map(({ name, fallback }) => {
    if (name !== "") return name;
    let free = fallback;
    for (let i = 2; taken.has(free); i++) free = `${fallback}${i}`;
    taken.add(free);
    return free;
  });
}
