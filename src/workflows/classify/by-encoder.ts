// By how near an encoder sees a text to what a label means.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { openRowEncoder, type RowEncoder } from "../../row-vectors/index.js";
import type { Label } from "./read-labels.js";
import type { Sorted, Sorter, SorterOptions } from "./sorter.js";

/**
 * The score is a cosine. Taking a label's mean similarity to the rows off its scores was tried, and so were sentences around its
 * name: on four tables neither was better on the whole.
 *
 * @param sample - of the table's texts: word vectors lose what all of them have in common
 * @throws UserError when `source` is nothing that encodes texts, and for a label that it knows no word of
 */
export async function sorterByEncoder(
  source: string,
  sample: readonly string[],
  { labels, threads, precision }: SorterOptions,
  watch: WorkflowWatch,
): Promise<Sorter> {
  if (precision === "int4")
    throw new UserError(`Encoders are not computed in 4 bits. Specify ${option("precision")} int8 for '${source}'.`);
  const encoder = await openRowEncoder(sample, { with: source, precision, seed: 0, threads }, watch);
  try {
    const { dim, description } = encoder;
    const centres = await centresOf(encoder, labels);
    return {
      description,
      async sort(texts, onTexts) {
        const { vectors, known } = await encoder.encode(texts, { signal: watch.signal, onTexts });
        return texts.map((_, row) =>
          known[row] ? nearest(vectors.subarray(row * dim, (row + 1) * dim), centres) : undefined,
        );
      },
      close: () => encoder.close(),
    };
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

/** For each label the mean of the vectors of its texts, of unit length. */
async function centresOf(encoder: RowEncoder, labels: readonly Label[]): Promise<Float32Array[]> {
  const texts = labels.flatMap((label) => label.texts);
  const { vectors, known } = await encoder.encode(texts);
  let at = 0;
  return labels.map(({ name, texts: own }) => {
    const centre = new Float32Array(encoder.dim);
    for (const _ of own) {
      if (known[at]) for (let d = 0; d < centre.length; d++) centre[d] += vectors[at * encoder.dim + d];
      at++;
    }
    const length = Math.hypot(...centre);
    if (length > 0) return centre.map((value) => value / length);
    throw new UserError(
      `The label '${name}' has no word that ${encoder.description} knows. Describe it in a table of labels: ${option("labels")} ` +
        "labels.csv, with the columns name and description.",
    );
  });
}

function nearest(vector: Float32Array, centres: readonly Float32Array[]): Sorted {
  let [label, score] = [0, Number.NEGATIVE_INFINITY];
  for (const [place, centre] of centres.entries()) {
    let sum = 0;
    for (let d = 0; d < centre.length; d++) sum += vector[d] * centre[d];
    if (sum > score) [label, score] = [place, sum];
  }
  return { label, score };
}
