// Exact parts of a linear decision, by word.
import type { Method, TextToExplain } from "./method.js";

export const linear: Method = {
  summary: "the weights of a linear model: exact",
  lacks: ({ model }) => (model.parts ? undefined : "its answer is no sum over the words"),
  async open({ model }) {
    return {
      how: "weights of word and character n-grams",
      explain: async (texts) => texts.map((one) => sharesOf(one, model.parts!.bind(model))),
      async close() {},
    };
  },
};

type Parts = (text: string, of: number, against?: number) => { shares: Float64Array | undefined; bias: number };

function sharesOf({ text, words, target }: TextToExplain, parts: Parts) {
  const { shares: known, bias } = parts(text, target.of, target.against);
  const units = known ?? new Float64Array(text.length);
  const shares = Float64Array.from(words, ({ start, end }) => sum(units.subarray(start, end)));
  const read = words.length;
  return { shares, base: bias, score: bias + sum(shares), read, ...(!known && { isUnknown: true }) };
}

const sum = (values: Float64Array) => values.reduce((all, one) => all + one, 0);
