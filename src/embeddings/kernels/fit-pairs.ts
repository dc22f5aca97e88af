// One pass of GloVe's weighted least squares over a list of pairs, with AdaGrad.
import { type Code, type FunctionPlan, f32, f32x4, i32, type Local, repeat } from "../../kernels/index.js";

/** A pair in memory: row and column Int32, log of the count and weight Float32. */
export const pairBytes = 16;

/**
 * fitPairs(pairs, count, words, contexts, wordSquares, contextSquares, rowBytes, rate). A row is a vector, a multiple of
 * four floats, and four more of which the first is the bias; rowBytes is its length, and that of the squares' rows. For each
 * pair, in order: d = f · (w·c + b + b̃ - log x), then each parameter θ with gradient g = d · (c, w or 1):
 * θ -= rate · g / √G, G += g².
 */
export const fitPairs: FunctionPlan = {
  name: "fitPairs",
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "f32"],
  locals: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "f32", ...Array<"v128">(7).fill("v128")],
  body(pairs, count, words, contexts, wordSquares, contextSquares, rowBytes, rate, ...locals: Local[]) {
    const [end, word, context, wordSquare, contextSquare, at, vectorBytes, difference, ...vectors] = locals;
    const [sum, step, weighted, w, c, g, squares] = vectors;
    const rowOf = (base: Local, offset: number): Code =>
      i32.add(base.get, i32.mul(i32.load(pairs.get, offset), rowBytes.get));
    const place = (base: Local): Code => i32.add(base.get, at.get);

    const product = [
      ...sum.set(f32x4.splat(f32.const(0))),
      ...at.set(i32.const(0)),
      ...repeat(at, vectorBytes.get, i32.const(16), [
        ...sum.set(f32x4.add(sum.get, f32x4.mul(f32x4.load(place(word)), f32x4.load(place(context))))),
      ]),
    ];
    const bias = (row: Local): Code => f32.load(i32.add(row.get, vectorBytes.get));
    /** Moves the four floats `value` of a row along the gradient that stands in g. */
    const move = (row: Local, square: Local, value: Local): Code => [
      ...squares.set(f32x4.load(place(square))),
      ...f32x4.store(place(row), f32x4.sub(value.get, f32x4.div(f32x4.mul(step.get, g.get), f32x4.sqrt(squares.get)))),
      ...f32x4.store(place(square), f32x4.add(squares.get, f32x4.mul(g.get, g.get))),
    ];
    const update = [
      ...w.set(f32x4.load(place(word))),
      ...c.set(f32x4.load(place(context))),
      ...g.set(f32x4.mul(weighted.get, c.get)),
      ...move(word, wordSquare, w),
      ...g.set(f32x4.mul(weighted.get, w.get)),
      ...move(context, contextSquare, c),
    ];
    // The biases' gradient is the weighted difference itself; the three floats behind a bias move along, unused.
    const moveBiases = [
      ...g.set(weighted.get),
      ...w.set(f32x4.load(place(word))),
      ...move(word, wordSquare, w),
      ...c.set(f32x4.load(place(context))),
      ...move(context, contextSquare, c),
    ];
    const onePair = [
      ...word.set(rowOf(words, 0)),
      ...wordSquare.set(rowOf(wordSquares, 0)),
      ...context.set(rowOf(contexts, 4)),
      ...contextSquare.set(rowOf(contextSquares, 4)),
      ...product,
      ...difference.set(f32.sub(f32.add(f32x4.sum(sum), f32.add(bias(word), bias(context))), f32.load(pairs.get, 8))),
      ...weighted.set(f32x4.splat(f32.mul(difference.get, f32.load(pairs.get, 12)))),
      ...at.set(i32.const(0)),
      ...repeat(at, vectorBytes.get, i32.const(16), update),
      ...at.set(vectorBytes.get),
      ...moveBiases,
    ];
    return [
      ...vectorBytes.set(i32.sub(rowBytes.get, i32.const(16))),
      ...step.set(f32x4.splat(rate.get)),
      ...end.set(i32.add(pairs.get, i32.mul(count.get, i32.const(pairBytes)))),
      ...repeat(pairs, end.get, i32.const(pairBytes), onePair),
    ];
  },
};
