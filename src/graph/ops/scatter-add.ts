// Adds rows into a table of zeros at given places: the gradient of a look-up.
import { expectRank, fixed } from "../shapes.js";
import { apply, type Op, type Tensor } from "../tensor.js";
import { gather } from "./gather.js";
import { reshape } from "./reshape.js";

export const scatterAddOp: Op<{ rows: number }> = {
  name: "scatterAdd",
  infer([ids, values], { rows }) {
    expectRank(ids, 1, "scatterAdd: ids");
    expectRank(values, 2, "scatterAdd: values");
    return [{ shape: [rows, values.shape[1]], dtype: values.dtype }];
  },
  emit(emitter, [ids, values], outputs, { inputs, attributes: { rows } }) {
    const [idTensor, valueTensor] = inputs;
    const width = fixed(valueTensor.shape[1], "scatterAdd");
    const zeros = emitter.add("Expand", [emitter.scalar(0, valueTensor.dtype), emitter.ints([rows, width])]);
    const long = idTensor.dtype === "int64" ? ids : emitter.add("Cast", [ids], { to: { int: 7 } });
    const places = emitter.add("Unsqueeze", [long, emitter.ints([1])]);
    emitter.addNamed("ScatterND", [zeros, places, values], outputs, { reduction: { string: "add" } });
  },
  gradient: ({ inputs: [ids, values] }, [dy]) => [undefined, dy && reshape(gather(dy, ids), values.shape)],
};

/** ids (n), values (n, width) give (rows, width); rows with the same id are summed. */
export function scatterAdd(ids: Tensor, values: Tensor, rows: number): Tensor {
  return apply(scatterAddOp, [ids, values], { rows })[0];
}
