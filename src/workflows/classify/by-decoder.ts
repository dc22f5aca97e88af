// By how much more probable a text makes a label as a decoder's answer.
import { CancelledError, UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { type LanguageModel, openLanguageModel } from "../../tasks/language/index.js";
import { promptsOf, sharedPrompt } from "../row-prompts.js";
import { inWords, type Label } from "./read-labels.js";
import type { Sorted, Sorter, SorterOptions } from "./sorter.js";

const cue = "Label:";
/** Texts whose prompts are made together. */
const textsAtOnce = 256;
/** A text that is cut may have some tokens more than were left of it. */
const slack = 8;

/**
 * How well a label fits is log p(label | prompt of the text) − log p(label | prompt of an empty text): how
 * probable it is anyway says nothing (T. Zhao et al. 2021, arXiv:2102.09690; A. Holtzman et al. 2021, arXiv:2104.08315). The score is
 * the softmax of these differences. Texts that are longer than what the model reads are cut.
 *
 * @throws UserError for a model that is no decoder, and for labels that do not fit into what it reads
 */
export async function sorterByDecoder(
  source: string,
  { labels, threads, precision, system = instruction(labels) }: SorterOptions & { system?: string },
  { signal }: WorkflowWatch,
): Promise<Sorter> {
  if (precision === "auto")
    throw new UserError(`A decoder has no ${option("precision")} auto. Specify float32, int8 or int4 for '${source}'.`);
  const { model } = await openLanguageModel(source, { threads, precision });
  try {
    return await opened(model, source, { labels, system }, signal);
  } catch (error) {
    await model.close();
    throw error;
  }
}

async function opened(
  model: LanguageModel,
  source: string,
  { labels, system }: { labels: readonly Label[]; system: string },
  signal: AbortSignal | undefined,
): Promise<Sorter> {
  if (!model.openAnswerScorer) throw new UserError(`'${source}' has no probabilities of answers. Specify a decoder.`);
  const { tokenizer, writing } = model;
  const prompts = promptsOf(model, system, cue);
  const { empty, beginning } = await sharedPrompt(prompts);
  const answers = labels.map(({ name }) => tokenizer.encode(writing?.chat ? inWords(name) : ` ${inWords(name)}`));
  const [told, longest] = [empty.length, Math.max(...answers.map(({ length }) => length))];
  const { contextLength = Infinity } = model;
  const room = contextLength - told - longest - slack;
  if (room <= 0)
    throw new UserError(
      `What '${source}' is told before each text takes ${told} of the ${contextLength} tokens that it reads, and a label up to ` +
        `${longest}. Use fewer words.`,
    );
  const scorer = await model.openAnswerScorer(beginning, answers);
  const [ofEmpty] = await scorer.score([empty]).catch(async (error) => {
    await scorer.close();
    throw error;
  });
  const cut = (text: string) => {
    const ids = tokenizer.encode(text);
    return ids.length <= room ? text : tokenizer.decode(ids.subarray(0, room));
  };
  return {
    description: `${source}, a decoder`,
    async sort(texts, onTexts) {
      const sorted: Sorted[] = [];
      for (let first = 0; first < texts.length; first += textsAtOnce) {
        const begun = await prompts(texts.slice(first, first + textsAtOnce).map(cut));
        const wrong = begun.find((ids) => ids instanceof UserError);
        if (wrong) throw wrong;
        const scored = await scorer.score(begun as Int32Array[], (count) => {
          if (signal?.aborted) throw new CancelledError("Stopped before all rows were sorted.");
          onTexts(first + count);
        });
        for (const values of scored) sorted.push(best(values.map((value, label) => value - ofEmpty[label])));
      }
      return sorted;
    },
    async close() {
      await scorer.close();
      await model.close();
    },
  };
}

/** Names that stand in the prompt as well mislead small models; what a label means has no other place. */
function instruction(labels: readonly Label[]): string {
  const told = "Read the text and say what it is about. Answer with one label alone.";
  const isDescribed = ({ name, texts }: Label) => texts.some((text) => text !== inWords(name));
  if (!labels.some(isDescribed)) return told;
  return [told, "Labels:", ...labels.map(({ name, texts }) => `- ${inWords(name)}: ${texts.join("; ")}`)].join("\n");
}

/** The largest, and its share of exp of all. */
function best(values: Float32Array): Sorted {
  const largest = Math.max(...values);
  const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
  return { label: values.indexOf(largest), score: 1 / sum };
}
