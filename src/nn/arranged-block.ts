// A Transformer block in any arrangement as a layer, for the networks of language models and those that others have trained.
// Not a layer that programs name.
import { sequenceWidth } from "./expect-input.js";
import type { CustomKinds, LayerDefinition, LayerDescription } from "./layer.js";
import { type TransformerBlock, transformerBlock, transformerBlockParameters } from "./transformer-block.js";

const kind = "arrangedBlock";

export interface ArrangedBlock extends TransformerBlock {
  /** Standard deviation of the first kernels. Default 0.02. */
  deviation?: number;
  /** Of the two that write to the residual sum. Default: as the others. */
  outputDeviation?: number;
}

const definition: LayerDefinition<ArrangedBlock> = {
  options: (given) => given as ArrangedBlock,
  parameters(block, inputs) {
    const { deviation = 0.02, outputDeviation = deviation, attention, feedForward } = block;
    const writing = [`${attention.prefix}output`, feedForward.names.project];
    const parts = transformerBlockParameters(block, sequenceWidth(inputs.slice(0, 1)), (name) => ({
      initializer: { normal: writing.includes(name) ? outputDeviation : deviation },
      isHidden: true,
    }));
    return Object.values(parts).flat();
  },
  call: (block, [x, scoreBias], context) => transformerBlock(block, x, context, scoreBias),
};

const custom: CustomKinds = new Map([[kind, definition as LayerDefinition<unknown>]]);

/** Called on [x] or [x, scoreBias], see transformerBlock. */
export function arrangedBlock(block: ArrangedBlock): LayerDescription & { custom: CustomKinds } {
  return { kind, config: { ...block }, custom };
}
