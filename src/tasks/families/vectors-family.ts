// A linear model on TF-IDF and, beside it, the vector that a pretrained encoder gives of the whole text; the encoder itself stays
// as it is.
import { join } from "node:path";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { Watch } from "../../base/progress.js";
import { type ModelFiles, wrongModel } from "../../folders/index.js";
import type { TextVectors } from "../../linear/index.js";
import {
  openUnitEncoder,
  type PretrainedEncoder,
  readEncoder,
  type UnitEncoder,
  writeEightBitEncoder,
} from "../../networks/hugging-face/index.js";
import type { Family, TextModel } from "./family.js";
import { inEightBits } from "./in-eight-bits.js";
import {
  joinRows,
  type LinearKind,
  type LinearParts,
  linearFlops,
  linearStage,
  parametersOf,
} from "./linear-family.js";

export function vectorsFamily<Model extends LinearParts>(kind: LinearKind<Model>): Family {
  function trained(model: Model, encoder: UnitEncoder, base: Required<ModelFiles>["base"]): TextModel {
    const { flops } = encoder;
    return {
      family: "vectors",
      width: kind.width(model),
      parameters: parametersOf(model),
      predict: async (texts) => kind.predict(model, texts, await vectorsOf(encoder, texts)),
      ...(flops && { flops: async (texts) => (await flops(texts)) + linearFlops(model, texts) }),
      encoder: { dim: encoder.dim, encode: async (texts) => (await encoder.encode(texts)).vectors },
      files: async () => ({ ...kind.toFiles(model), base }),
      async quantize(scratch) {
        const read = readEncoder(base.folder, "int8");
        if (read.isStoredInEightBits) throw inEightBits();
        const folder = join(scratch, "base");
        return { ...kind.toFiles(model), base: { folder, files: writeEightBitEncoder(read, base.folder, folder) } };
      },
      close: () => encoder.close(),
    };
  }

  return {
    async train({ head, training, validation }, { base, threads, ...options }, watch = {}) {
      if (base?.kind !== "encoder")
        throw new UserError(`Vectors need a pretrained encoder: specify one with ${option("base")}.`);
      const encoder = openUnitEncoder(base.encoder, threads);
      try {
        const all = joinRows(training, validation);
        const vectors = await vectorsOf(encoder, all.texts, watch);
        const known = partOf(vectors, 0, training.texts.length);
        const unseen = partOf(vectors, training.texts.length, all.texts.length);
        const judged = await kind.fit(
          { ...training, vectors: known },
          head.width,
          options,
          linearStage(watch, "fitting for validation"),
        );
        const answers = kind.predict(judged, validation.texts, unseen);
        const own = linearStage(watch, "fitting on all rows");
        const model = await kind.fit({ ...all, vectors }, head.width, options, own, judged);
        const copied = { folder: base.source.folder, files: base.encoder.files };
        return { model: trained(model, encoder, copied), validation: answers, epochs: [], stopped: "finished" };
      } catch (error) {
        await encoder.close();
        throw error;
      }
    },

    async load({ base, ...files }, { threads }) {
      const model = kind.fromFiles(files);
      if (!model.vectors) throw wrongModel("its linear model takes no vectors");
      if (!base) throw new UserError("The encoder is missing (the folder base). Copy the whole folder again.");
      const encoder: PretrainedEncoder = readEncoder(base.folder);
      if (encoder.dim !== model.vectors.dim)
        throw new UserError(
          `The encoder gives vectors of ${encoder.dim} numbers, but the model was trained with ${model.vectors.dim}: the files ` +
            "belong to different models. Copy the whole folder again.",
        );
      return trained(model, openUnitEncoder(encoder, threads), base);
    },
  };
}

async function vectorsOf(
  encoder: UnitEncoder,
  texts: readonly string[],
  { signal, onProgress }: Watch = {},
): Promise<TextVectors> {
  const tell = (done: number) => onProgress?.({ stage: "encoding texts", done, total: texts.length });
  const { vectors } = await encoder.encode(texts, { signal, onTexts: tell });
  return { dim: encoder.dim, values: vectors };
}

function partOf({ dim, values }: TextVectors, from: number, to: number): TextVectors {
  return { dim, values: values.subarray(from * dim, to * dim) };
}
