// Whether 8 bits are good enough for these texts: by the cosines of their vectors with those of float32.
import type { Watch } from "../base/progress.js";
import { quantizeEncoder } from "../networks/encoders/index.js";
import { openUnitEncoder, type PretrainedEncoder, type UnitEncoder } from "../networks/hugging-face/index.js";

/** Rows that are compared. */
const mostCompared = 256;
/** Of all-MiniLM-L6-v2 the mean is 0.99 and more; its rank correlation on the STS benchmark falls by 0.1 points with it. */
const leastCosine = 0.985;

export interface ChosenPrecision {
  model: PretrainedEncoder;
  open: UnitEncoder;
  /** For people: why. */
  note: string;
}

export async function choosePrecision(
  model: PretrainedEncoder,
  texts: readonly string[],
  threads: number,
  { signal, onProgress }: Watch,
): Promise<ChosenPrecision> {
  const rows = someOf(texts.filter((text) => text.trim() !== ""));
  const inEightBits = { ...model, ...quantizeEncoder(model) };
  const [float, integer] = [openUnitEncoder(model, threads), openUnitEncoder(inEightBits, threads)];
  try {
    const tell = (before: number) => (done: number) =>
      onProgress?.({ stage: "comparing 8 bits with float32", done: before + done, total: 2 * rows.length });
    const expected = await float.encode(rows, { signal, onTexts: tell(0) });
    const found = await integer.encode(rows, { signal, onTexts: tell(rows.length) });
    const cosine = meanCosine(expected, found.vectors, model.dim);
    const isNear = cosine !== undefined && cosine >= leastCosine;
    const what = `mean cosine of ${rows.length} rows with float32: ${cosine?.toFixed(4)}`;
    await (isNear ? float : integer).close();
    if (isNear) return { model: inEightBits, open: integer, note: ` (${what})` };
    const reason = cosine === undefined ? "no rows to compare 8 bits with it" : `in 8 bits the ${what}`;
    return { model, open: float, note: ` in float32 (${reason})` };
  } catch (error) {
    await Promise.all([float.close(), integer.close()]);
    throw error;
  }
}

/** Evenly over the table. */
function someOf(texts: readonly string[]): string[] {
  const count = Math.min(mostCompared, texts.length);
  return Array.from({ length: count }, (_, i) => texts[Math.floor((i * texts.length) / count)]);
}

/** Undefined where no row has a vector. */
function meanCosine(
  { vectors, known }: { vectors: Float32Array; known: Uint8Array },
  others: Float32Array,
  dim: number,
): number | undefined {
  let [sum, rows] = [0, 0];
  for (let row = 0; row < known.length; row++) {
    if (!known[row]) continue;
    rows++;
    for (let i = row * dim; i < (row + 1) * dim; i++) sum += vectors[i] * others[i];
  }
  return rows === 0 ? undefined : sum / rows;
}
