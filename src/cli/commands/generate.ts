// columnist generate: flags in, one workflow; a single text goes to stdout as it comes.

import { generateOptionsSchema } from "../../workflows/generate/options.js";
import type { GenerateResult } from "../../workflows/generate/run.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { tell, writeData } from "../terminal.js";

export const generateCommand = command({
  arguments: [["<lm>", "language model: a folder, or a .gguf file"]],
  schema: generateOptionsSchema,
  example:
    'columnist generate lm --prompt "Call me" --max-tokens 50 --seed 7\n' +
    'columnist generate lm --prompt "It was a good film: " --choices yes,no\n' +
    "columnist generate lm --json-schema review.json --samples 10 --json",
  async run([lm], options, { watch, json }) {
    const { generateText } = await import("../../workflows/generate/run.js");
    const isStreamed = !json && options.samples === 1 && options.beams === 1;
    let isBegun = false;
    const result = await generateText(lm, options, watch, (_, piece, isAnswer) => {
      if (!isStreamed) return;
      // People see what the text goes on from; a program that reads the output gets what was written alone.
      if (!isBegun && !isAnswer && process.stdout.isTTY) void tell(colors.dim(options.prompt));
      isBegun = true;
      void writeData(piece);
    });
    if (json) return { document: { model: lm, ...result }, text: "" };
    if (isStreamed) await writeData("\n");
    else await writeTexts(result);
    return undefined;
  },
});

async function writeTexts({ samples }: GenerateResult): Promise<void> {
  for (const [i, { text }] of samples.entries()) {
    if (samples.length > 1) await tell(`${colors.dim(`--- ${i + 1} of ${samples.length}`)}\n`);
    await writeData(text.endsWith("\n") && i === samples.length - 1 ? text : `${text}\n`);
  }
}
