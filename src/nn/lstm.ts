// Long short-term memory, one direction or both. The recurrence itself is graph/ops/lstm.
import { z } from "zod";
import { concat, lstm as lstmOp, mul, reduceSum, reshape, slice, type Tensor, transpose } from "../graph/index.js";
import { sequenceWidth } from "./expect-input.js";
import { lastPosition } from "./last-position.js";
import type { LayerContext, LayerDefinition, ParameterSpec } from "./layer.js";
import { type LayerOptions, makeLayer, positiveInteger } from "./make-layer.js";

export const lstmSchema = z.strictObject({
  units: positiveInteger.describe("width of the state, per direction"),
  returnSequences: z.boolean().default(false).describe("return the output of every step, not only of the last"),
  bidirectional: z.boolean().default(false).describe("read from both ends; the outputs are concatenated"),
});
type Config = z.output<typeof lstmSchema>;

export type LstmOptions = z.input<typeof lstmSchema> & LayerOptions;

/**
 * x (batch, length, width) gives the last output (batch, units), or with returnSequences all of them
 * (batch, length, units); twice as wide if bidirectional, forward first. Padding (at either end of a row) is skipped
 * if masked and gives zeros; without a mask every step counts, as in Keras.
 *
 * Parameters, under forward/ and backward/ when bidirectional, gates in the order i f o g: kernel (4·units, width),
 * Glorot uniform; recurrentKernel (4·units, units), orthogonal; bias (4·units), zeros and 1 for f.
 *
 * @example
 * const layer = lstm({ units: 128, returnSequences: true });
 */
export const lstm = (given: LstmOptions) => makeLayer("lstm", lstmSchema, given);

export const lstmDefinition: LayerDefinition<Config> = {
  options: lstmSchema,
  parameters({ units, bidirectional }, inputs) {
    const width = sequenceWidth(inputs);
    return scopes(bidirectional).flatMap((scope): ParameterSpec[] => [
      { name: `${scope}kernel`, shape: [4 * units, width], initializer: "glorotUniform" },
      { name: `${scope}recurrentKernel`, shape: [4 * units, units], initializer: "orthogonal" },
      { name: `${scope}bias`, shape: [4 * units], initializer: "lstmBias" },
    ]);
  },
  call({ bidirectional, returnSequences }, [x], context) {
    // The op is column-shaped, (T, features, B); between stacked LSTMs the two transposes cancel.
    const columns = transpose(x, [1, 2, 0]);
    const [mask] = context.masks;
    const columnMask = mask && transpose(reshape(mask, [...mask.shape, 1]), [1, 2, 0]);
    const directions = scopes(bidirectional).map((scope, index) => {
      const reverse = index === 1;
      const y = run(columns, scope, reverse, columnMask, context);
      return { y, reverse };
    });
    if (returnSequences) {
      const y = concat(
        directions.map(({ y }) => y),
        1,
      );
      return { result: transpose(y, [2, 0, 1]), mask };
    }
    const last = directions.map(({ y, reverse }) => lastOutput(y, reverse, columnMask));
    return { result: transpose(concat(last, 0), [1, 0]) };
  },
};

const scopes = (bidirectional: boolean) => (bidirectional ? ["forward/", "backward/"] : [""]);

function run(x: Tensor, scope: string, reverse: boolean, mask: Tensor | undefined, context: LayerContext): Tensor {
  const [kernel, recurrentKernel, bias] = ["kernel", "recurrentKernel", "bias"].map((name) =>
    context.parameter(scope + name),
  );
  return lstmOp(x, kernel, recurrentKernel, bias, { mask, reverse });
}

/** (T, H, B) gives the output (H, B) of the step that was read last: of the last word, or reversed of the first. */
function lastOutput(y: Tensor, reverse: boolean, mask: Tensor | undefined): Tensor {
  const [steps, units, batch] = y.shape;
  if (!mask && (reverse || typeof steps === "number")) {
    const at = reverse ? 0 : (steps as number) - 1;
    return reshape(slice(y, 0, at, at + 1), [units, batch]);
  }
  return reduceSum(mul(y, lastPosition(y, reverse, mask)), [0], { keepDims: false });
}
