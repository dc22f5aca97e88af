// Texts with their answers and what each word did for them. Knows no method and no task.
import { UserError } from "../base/errors.js";
import { option } from "../base/option.js";
import type { Watch } from "../base/progress.js";
import { didYouMean } from "../base/suggest.js";
import type { AnswerForm } from "../networks/index.js";
import type { OpenTextModel } from "../tasks/index.js";
import { predictTexts } from "../tasks/index.js";
import type { ExplainedModel, Explainer, MethodOptions, Shares } from "./method.js";
import { chooseMethod, type MethodName, methods } from "./methods.js";
import type { Target } from "./target.js";
import { type Span, wordsIn } from "./words.js";

export interface WordShare extends Span {
  word: string;
  share: number;
}

export interface Explanation {
  text: string;
  /** What the model answers, as its task says it. */
  answer: object;
  /** The label that is explained, or the column of a number. */
  target: string;
  /** The label that it is compared with. */
  against?: string;
  score: number;
  base?: number;
  words: WordShare[];
  /** Words that the model reads, from the first on. */
  read: number;
  /** The model knows none of the words. */
  isUnknown?: boolean;
  steps?: number;
  gap?: number;
  attention?: Shares["attention"];
}

export interface OpenExplainer {
  method: MethodName;
  /** What shares are compared with, in words. */
  how: string;
  /** What the score is, in words: "log-odds of the label". */
  unit: string;
  names: readonly string[];
  model: ExplainedModel;
  targetsOf(answers: Float32Array): Target[];
  explain(texts: readonly string[], watch?: Watch): Promise<Explanation[]>;
  /** Of a model without closing it. */
  close(): Promise<void>;
}

export interface ExplainerOptions extends MethodOptions {
  method: MethodName | "auto";
  label?: string;
  against?: string;
  threads: number;
}

/** @throws UserError where the method is not for the model, or a label is not one of its own */
export async function openExplainer(
  { model, task, space, labelColumn }: Pick<OpenTextModel, "model" | "task" | "space"> & { labelColumn: string },
  { method: wanted, label, against, threads, steps }: ExplainerOptions,
): Promise<OpenExplainer> {
  const names = task.answerNames(labelColumn, space);
  const { form } = task;
  const fixed = fixedTarget(names, form.activation === "linear", label, against);
  const explained: ExplainedModel = { model, form, threads };
  const method = chooseMethod(wanted, explained);
  const explainer: Explainer = await methods[method].open(explained, { steps });
  const { width } = model;
  const targetsOf = (answers: Float32Array) => {
    const selected = task.selected?.(answers, space);
    return Array.from({ length: answers.length / width }, (_, row): Target => {
      const own = answers.subarray(row * width, (row + 1) * width);
      return {
        of: fixed.of ?? predicted(own, selected?.subarray(row * width, (row + 1) * width), fixed.against),
        against: fixed.against,
      };
    });
  };
  return {
    method,
    how: explainer.how,
    unit: unitOf(form.activation, names.length, method, fixed.against !== undefined),
    names,
    model: explained,
    targetsOf,
    async explain(texts, watch = {}) {
      const answers = await predictTexts(model, texts, "predicting", watch);
      const targets = targetsOf(answers);
      const said = task.answers(answers, space);
      const rows = texts.map((text, row) => ({ text, words: wordsIn(text), target: targets[row] }));
      const found = await explainer.explain(rows, watch);
      return rows.map(({ text, words, target }, row) => {
        const { shares, ...rest } = found[row];
        return {
          text,
          answer: said[row],
          target: names[target.of],
          ...(target.against !== undefined && { against: names[target.against] }),
          ...rest,
          words: words.map(({ start, end }, i) => ({ word: text.slice(start, end), start, end, share: shares[i] })),
        };
      });
    },
    close: () => explainer.close(),
  };
}

function fixedTarget(names: readonly string[], isNumber: boolean, label?: string, against?: string) {
  if (isNumber && (label ?? against) !== undefined)
    throw new UserError(
      `The model predicts a number and has no labels: omit ${option(label === undefined ? "against" : "label")}.`,
    );
  const placeOf = (name: string, of: string) => {
    const at = names.indexOf(name);
    if (at >= 0) return at;
    throw new UserError(
      `The model knows no label '${name}' (${option(of)}).${didYouMean(name, names)} Its labels are ` +
        `${names.slice(0, 20).join(", ")}${names.length > 20 ? ` and ${names.length - 20} more` : ""}.`,
    );
  };
  const of = label === undefined ? undefined : placeOf(label, "label");
  const other = against === undefined ? undefined : placeOf(against, "against");
  if (of !== undefined && of === other)
    throw new UserError(`${option("label")} and ${option("against")} are both '${label}'. Specify two labels.`);
  return { of, against: other };
}

/** The likeliest of the labels that are answered, or of all where none is; but for one that it is compared with. */
function predicted(values: Float32Array, marks: Uint8Array | undefined, but: number | undefined): number {
  const places = [...values.keys()].filter((place) => place !== but);
  const answered = places.filter((place) => marks?.[place] === 1);
  return (answered.length > 0 ? answered : places).reduce((best, place) =>
    values[place] > values[best] ? place : best,
  );
}

function unitOf(activation: AnswerForm["activation"], labels: number, method: MethodName, isPair: boolean): string {
  if (method === "attention") return "attention";
  if (activation === "linear") return "number";
  if (isPair) return "log-odds of the label against the other";
  const isDecision = method === "linear" && activation === "softmax" && labels > 2;
  return isDecision ? "decision value of the label against all others" : "log-odds of the label";
}
