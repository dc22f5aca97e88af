// How far a method can be trusted, in sentences.
import { counted } from "../base/counted.js";
import type { Measured } from "./measured.js";
import type { Trust } from "./trust.js";

/** One for each figure; where a method is no better than random words, that is said. */
export function trustSentences({ method, rows, comprehensiveness, sufficiency, agreement }: Trust): string[] {
  const figures: [name: string, what: string, Measured][] = [
    ["Comprehensiveness", "what the answer loses without the strongest words", comprehensiveness],
    ["Sufficiency", "what it loses with them alone; less is better", sufficiency],
    ...(agreement
      ? [["Agreement", "Kendall's τ with each word left out", agreement] as [string, string, Measured]]
      : []),
  ];
  const sentences = figures.map(([name, what, own]) => {
    const beside = `random words ${show(own.random)} (${range(own.randomInterval)})`;
    const verdict = own.isBetter ? "" : ` It is not shown to be better than random words.`;
    return `${name} ${show(own.value)} (${range(own.interval)}), ${beside}: ${what}.${verdict}`;
  });
  const worse = figures.filter(([, , { isBetter }]) => !isBetter).length;
  const whole =
    worse === figures.length
      ? `${method} names words no better than chance with this model: do not rely on it.`
      : `${method} was measured on ${counted(rows, "row")}, with 95 % intervals.`;
  return [whole, ...sentences];
}

const show = (value: number) => value.toFixed(3).replace("-", "−");
const range = ({ low, high }: Measured["interval"]) => `${show(low)} to ${show(high)}`;
