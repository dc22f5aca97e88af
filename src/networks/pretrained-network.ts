// A pretrained language model's body with a new last layer: J. Howard, S. Ruder 2018, arXiv:1801.06146 (ULMFiT).

import type { Tensor } from "../graph/index.js";
import {
  applyLayer,
  concatenate,
  dense,
  dropout,
  globalAveragePooling,
  globalMaxPooling,
  type Layer,
  layerParameters,
  type ParameterSpec,
  rmsNormalization,
} from "../nn/index.js";
import { type LanguageNetworkShape as BodyShape, buildLanguageNetwork as buildBody } from "./language/index.js";
import type { TextNetwork } from "./network.js";

/** Kept in the model folder. */
export interface PretrainedShape {
  family: "pretrained";
  body: BodyShape;
  /** Numbers that the last layer gives. */
  width: number;
  maxLength: number;
  /** Of what the last layer reads. */
  dropout: number;
}

/**
 * The largest value and the mean of each hidden feature over the text, beside the mean of its token vectors, and one
 * product. What tokens mean by themselves is what few labelled rows tell most about, and the hidden features have much of
 * it spent on what comes next. Padding stands at the end, so that a body that reads from left to right does not see it.
 */
export function pretrainedNetwork({ body, width, maxLength, dropout: rate }: PretrainedShape): TextNetwork {
  return {
    name: "pretrained",
    width,
    maxLength,
    build(ids, mask, build) {
      const isMasked = body.objective === "masked";
      const {
        hidden,
        embedded,
        parameters: bodyParameters,
      } = buildBody(body, { ids, ...(isMasked && { mask }) }, build);
      const parameters: ParameterSpec[] = [...bodyParameters];
      const apply = (layer: Layer, name: string, inputs: Tensor[], inputMask?: Tensor): Tensor => {
        const shapes = inputs.map(({ shape }) => shape);
        parameters.push(...layerParameters(layer, name, shapes));
        const masks = inputs.map(() => inputMask);
        return applyLayer(layer, { name, call: name }, inputs, masks, build).result;
      };
      const largest = apply(globalMaxPooling(), "maxPooling", [hidden], mask);
      const mean = apply(globalAveragePooling(), "averagePooling", [hidden], mask);
      const tokens = apply(rmsNormalization(), "tokenNorm", [embedded], mask);
      const meanToken = apply(globalAveragePooling(), "tokenPooling", [tokens], mask);
      const features = apply(concatenate(), "features", [largest, mean, meanToken]);
      const kept = apply(dropout(rate), "dropout", [features]);
      return { logits: apply(dense({ units: width }), "output", [kept]), features, parameters };
    },
  };
}

/**
 * How far below the last layer a parameter stands: 0 for the last layer itself and the norm of the token vectors, 1 for the norm and the body's last
 * block, one more for each block below, and the token vectors (with the norm behind them) lowest.
 */
export function depthBelow({ layers }: BodyShape, parameter: string): number {
  const [part, index] = parameter.split("/");
  if (part === "output" || part === "tokenNorm") return 0;
  if (part === "norm") return 1;
  if (part === "blocks" || part === "lstm") return layers - Number(index);
  return layers + 1;
}
