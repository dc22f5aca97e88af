// A Transformer block in any arrangement as a layer, for networks that others have trained. Not a layer that programs name.
import { sequenceWidth } from "./expect-input.js";
import type { CustomKinds, LayerDefinition, LayerDescription } from "./layer.js";
import { type TransformerBlock, transformerBlock, transformerBlockParameters } from "./transformer-block.js";

const kind = "arrangedBlock";

const definition: LayerDefinition<TransformerBlock> = {
  options: (given) => given as TransformerBlock,
  parameters(block, inputs) {
    const parts = transformerBlockParameters(block, sequenceWidth(inputs.slice(0, 1)), () => ({
      initializer: { normal: 0.02 },
      isHidden: true,
    }));
    return Object.values(parts).flat();
  },
  call: (block, [x, scoreBias], context) => transformerBlock(block, x, context, scoreBias),
};

const custom: CustomKinds = new Map([[kind, definition as LayerDefinition<unknown>]]);

/** Called on [x] or [x, scoreBias], see transformerBlock. */
export function arrangedBlock(block: TransformerBlock): LayerDescription & { custom: CustomKinds } {
  return { kind, config: { ...block }, custom };
}
