// A last layer on vectors of texts that are known: a text's id is the row of its vector in a table that stays as it is.
import { gather, reshape, slice } from "../../graph/index.js";
import { applyLayer, dense, dropout, layerParameters } from "../../nn/index.js";
import { outputName, type TextNetwork } from "../network.js";

/** The parameter that holds the vectors, (rows, dim). */
export const vectorTable = "vectors/table";

/** A text is one id. */
export function vectorNetwork(
  { rows, dim, width, dropout: rate }: { rows: number; dim: number; width: number; dropout: number },
  name: string,
): TextNetwork {
  return {
    name,
    width,
    maxLength: 1,
    build(ids, _, build) {
      const table = { name: vectorTable, shape: [rows, dim], initializer: "zeros" as const };
      const found = gather(build.parameter(table.name, table.shape), ids);
      const features = reshape(slice(found, 1, 0, 1), [ids.shape[0], dim]);
      const kept = applyLayer(dropout(rate), { name: "dropout", call: "dropout" }, [features], [undefined], build);
      const layer = dense({ units: width });
      const place = { name: outputName, call: outputName };
      const { result } = applyLayer(layer, place, [kept.result], [undefined], build);
      return { logits: result, features, parameters: [table, ...layerParameters(layer, outputName, [features.shape])] };
    },
  };
}
