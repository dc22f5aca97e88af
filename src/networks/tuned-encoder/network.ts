// A pretrained encoder with a new last layer, as a network that is trained end to end: all of it, or low-rank updates of it.
import type { Tensor } from "../../graph/index.js";
import { applyLayer, dense, dropout, layerParameters, type ParameterSpec } from "../../nn/index.js";
import { buildEncoder, textVector, vectorParameters } from "../encoders/index.js";
import { outputName, type TextNetwork } from "../network.js";
import { type LowRank, lowRankBuild } from "./low-rank.js";
import type { TunedEncoderShape } from "./shape.js";

/**
 * @param name - for the progress
 * @param lowRank - products have updates of low rank beside their weights
 */
export function tunedEncoder(shape: TunedEncoderShape, name: string, lowRank?: LowRank): TextNetwork {
  const { encoder, vector, width, maxLength, dropout: rate } = shape;
  return {
    name,
    width,
    maxLength,
    build(ids, mask, build) {
      const updates: ParameterSpec[] = [];
      const own = lowRank ? lowRankBuild(build, lowRank, updates) : build;
      const { states, parameters } = buildEncoder(encoder, { ids, mask }, own);
      const features = textVector(vector, states, mask, own);
      const apply = (layer: ReturnType<typeof dense>, at: string, x: Tensor): Tensor => {
        parameters.push(...layerParameters(layer, at, [x.shape]));
        return applyLayer(layer, { name: at, call: at }, [x], [undefined], build).result;
      };
      parameters.push(...vectorParameters(vector));
      const kept = apply(dropout(rate), "dropout", features);
      const logits = apply(dense({ units: width }), outputName, kept);
      return { logits, features, parameters: [...parameters, ...updates] };
    },
  };
}

/**
 * How far below the last layer a parameter stands: 0 for the last layer itself, 1 for the modules of the vector and the last
 * block, one more for each block below, and the tables and the norm behind them lowest.
 */
export function depthInEncoder({ layers }: TunedEncoderShape["encoder"], parameter: string): number {
  const [part, index] = parameter.split("/");
  if (part === outputName) return 0;
  if (part === "vector" || part === "norm") return 1;
  if (part === "blocks") return layers - Number(index);
  return layers + 1;
}
