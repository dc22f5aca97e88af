// From a loss to the ONNX graph of one shard's training step, and what must be fed and fetched around it.
import { encodeOnnx } from "../formats/onnx/encode.js";
import { type DType, emitModel, fixedShape, gradients, leafOf, sortNodes, type Tensor } from "../graph/index.js";
import { gatherOp } from "../graph/ops/gather.js";

export interface Slot {
  name: string;
  shape: number[];
  dtype: DType;
}

/** Rows of a table, looked up outside the graph: the table itself is never copied. */
export interface Lookup extends Slot {
  table: string;
  /** Data input with the row numbers, in the order of the rows. */
  ids: string;
  /** Graph output with the rows' gradient; absent if the table is not trained. */
  gradient?: string;
}

/** A compiled graph with fixed shapes. Plain data: it is posted to the workers. */
export interface StepGraph {
  model: Uint8Array;
  /** Fed by the caller; `isFed` is false for row numbers that only look-ups use. */
  data: (Slot & { isFed: boolean })[];
  masks: (Slot & { rate: number })[];
  parameters: Slot[];
  lookups: Lookup[];
  /** Graph outputs with parameters' gradients. */
  gradients: (Slot & { parameter: string })[];
  /** Named results for the caller. */
  outputs: Slot[];
}

/**
 * Forward and backward of one shard. The loss is the SUM over the shard's rows; weights that make it a mean over the
 * whole batch are fed as data. Outputs: "loss" and the given ones.
 */
export function compileStep(spec: {
  loss: Tensor;
  outputs?: Readonly<Record<string, Tensor>>;
  /** Parameters that stay as they are. */
  frozen?: ReadonlySet<string>;
}): StepGraph {
  return compile({ ...spec.outputs, loss: spec.loss }, spec.loss, spec.frozen ?? new Set());
}

/** A graph without gradients. */
export function compileForward(outputs: Readonly<Record<string, Tensor>>): StepGraph {
  return compile(outputs, undefined, new Set());
}

/** A step before it is written as ONNX. */
export interface StepPlan extends Omit<StepGraph, "model" | "data" | "outputs"> {
  data: Slot[];
  /** Everything that is computed: the results, and the gradients. */
  computed: Readonly<Record<string, Tensor>>;
  /** What is looked up outside the graph, by the name under which it is fed. */
  cuts: ReadonlyMap<Tensor, string>;
}

/** @param loss - for a step; without it nothing has a gradient */
export function planStep(
  results: Readonly<Record<string, Tensor>>,
  loss: Tensor | undefined,
  frozen: ReadonlySet<string>,
): StepPlan {
  const leaves = findLeaves(Object.values(results));
  const tables = findLookups(Object.values(results));
  const lookups = [...tables.values()].flat();
  const dense = leaves.parameters.filter((tensor) => !tables.has(nameOf(tensor)));
  const learnt = loss ? dense.filter((tensor) => !frozen.has(nameOf(tensor))) : [];
  const lookedUp = loss ? lookups.filter((lookup) => !frozen.has(nameOf(lookup.node.inputs[0]))) : [];
  const derivatives = loss ? gradients(loss, [...learnt, ...lookedUp]) : [];

  const computed: Record<string, Tensor> = { ...results };
  const slots: StepGraph["gradients"] = [];
  for (const [i, tensor] of learnt.entries()) {
    const gradient = derivatives[i];
    if (!gradient) continue;
    const name = `gradient of ${nameOf(tensor)}`;
    computed[name] = gradient;
    slots.push({ ...slot(name, gradient), parameter: nameOf(tensor) });
  }
  const lookupSlots = lookups.map((tensor, i): Lookup => {
    const gradient = derivatives[learnt.length + lookedUp.indexOf(tensor)];
    const isLearnt = lookedUp.includes(tensor) && gradient !== undefined;
    const name = `rows ${i}`;
    if (isLearnt) computed[`gradient of ${name}`] = gradient;
    const [table, ids] = tensor.node.inputs.map(nameOf);
    return { ...slot(name, tensor), table, ids, gradient: isLearnt ? `gradient of ${name}` : undefined };
  });

  return {
    computed,
    cuts: new Map(lookups.map((tensor, i) => [tensor, lookupSlots[i].name])),
    data: leaves.data.map((tensor) => slot(nameOf(tensor), tensor)),
    masks: leaves.masks.map((tensor) => {
      const { role } = leafOf(tensor)!;
      return { ...slot(nameOf(tensor), tensor), rate: role.kind === "mask" ? role.rate : 0 };
    }),
    parameters: dense.map((tensor) => slot(nameOf(tensor), tensor)),
    lookups: lookupSlots,
    gradients: slots,
  };
}

function compile(...given: Parameters<typeof planStep>): StepGraph {
  const { computed, cuts, data, ...plan } = planStep(...given);
  const model = emitModel(computed, { inputs: cuts });
  const fed = new Set(model.graph.inputs.map(({ name }) => name));
  return {
    ...plan,
    model: encodeOnnx(model),
    data: data.map((one) => ({ ...one, isFed: fed.has(one.name) })),
    outputs: Object.entries(given[0]).map(([name, tensor]) => slot(name, tensor)),
  };
}

function findLeaves(outputs: readonly Tensor[]) {
  const found = {
    data: new Map<string, Tensor>(),
    parameter: new Map<string, Tensor>(),
    mask: new Map<string, Tensor>(),
  };
  for (const node of sortNodes(outputs)) {
    const leaf = leafOf(node.outputs[0]);
    if (!leaf) continue;
    const before = found[leaf.role.kind].get(leaf.name);
    if (before && before !== node.outputs[0]) throw new Error(`two leaves of the graph are named '${leaf.name}'`);
    found[leaf.role.kind].set(leaf.name, node.outputs[0]);
  }
  return {
    data: [...found.data.values()],
    parameters: [...found.parameter.values()],
    masks: [...found.mask.values()],
  };
}

/** Tables by name with their look-ups: parameters that are used in no other way than by row numbers that are fed. */
function findLookups(outputs: readonly Tensor[]): Map<string, Tensor[]> {
  const tables = new Map<string, Tensor[]>();
  const others = new Set<string>(outputs.map((tensor) => leafOf(tensor)?.name ?? ""));
  for (const node of sortNodes(outputs)) {
    for (const [index, tensor] of node.inputs.entries()) {
      const leaf = leafOf(tensor);
      if (leaf?.role.kind !== "parameter") continue;
      const idsLeaf = leafOf(node.inputs[1] ?? tensor);
      if (node.op === gatherOp && index === 0 && idsLeaf?.role.kind === "data")
        tables.set(leaf.name, [...(tables.get(leaf.name) ?? []), node.outputs[0]]);
      else others.add(leaf.name);
    }
  }
  for (const name of others) tables.delete(name);
  return tables;
}

function nameOf(tensor: Tensor): string {
  return leafOf(tensor)!.name;
}

function slot(name: string, tensor: Tensor): Slot {
  return { name, shape: fixedShape(tensor.shape, `'${name}' of a training graph`), dtype: tensor.dtype };
}
