// A language model measured on the texts of a table. Texts stream; of each, four sums are kept.
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import { bootstrapRows, type Interval, type TextTotals, textLoss } from "../../metrics/index.js";
import { type Figure, showNumber } from "../../report/figure.js";
import { countRows, readGroups, streamTexts, type Table } from "../../tables/index.js";
import { clustersOf } from "../intervals.js";
import { rowsOf } from "../read-labelled.js";
import { scoreGroups } from "../score-groups.js";
import type { Evaluation, RowsToMeasure } from "../served-model.js";
import { oddestTexts } from "./oddest-texts.js";
import type { TextScorer } from "./score-texts.js";

type Sums = { [K in keyof TextTotals]: Float64Array };
const sumNames = ["logProbability", "tokens", "bytes", "characters"] as const;

const titles = { bitsPerByte: "Bits per byte", perplexity: "Perplexity", loss: "Loss" };
type FigureName = keyof typeof titles;

/** A bootstrap of more rows would only find how narrow the interval is. */
const mostResampled = 100_000;

/** @param seed of the bootstrap */
export async function evaluateLanguageModel(
  score: TextScorer,
  table: Table,
  { path, text, label, by, group, withRows, decide }: RowsToMeasure,
  seed: number,
  watch: WorkflowWatch = {},
): Promise<Evaluation> {
  if (label !== undefined)
    throw new UserError(
      `A language model is measured on texts alone and reads no labels such as '${label}'. Omit ${option("label")}.`,
    );
  if (decide) throw new UserError("A language model has no thresholds: it answers no labels.");
  if (withRows)
    throw new UserError("Weak slices are looked for in errors, which a language model's answers do not have.");
  const groups = by === undefined ? undefined : await readGroups(table, by);
  const alike = group === undefined ? undefined : await readGroups(table, group);
  const total = await countRows(table);
  const oddest = oddestTexts();
  const kept: TextTotals[] = [];
  let [row, isPart, unknown] = [0, false, 0];
  for await (const { texts, continues } of streamTexts(table, { text })) {
    const scored = await score(texts, continues);
    for (const [i, { logProbability, tokens, bytes, characters, unknown: own }] of scored.entries()) {
      const before = isPart ? kept[row] : { logProbability: 0, tokens: 0, bytes: 0, characters: 0 };
      kept[row] = {
        logProbability: before.logProbability + logProbability,
        tokens: before.tokens + tokens,
        bytes: before.bytes + bytes,
        characters: before.characters + characters,
      };
      unknown += own;
      isPart = continues && i + 1 === scored.length;
      if (isPart) continue;
      if (kept[row].tokens > 0) oddest.look(row + 1, textLoss(kept[row]).bitsPerByte, kept[row].bytes, texts[i]);
      row++;
    }
    watch.onProgress?.({ stage: "measuring", done: row, total });
  }
  const measured = [...kept.keys()].filter((one) => kept[one].tokens > 0);
  const source = path === "-" ? "standard input" : path;
  if (measured.length === 0) throw new UserError(`No text of ${source} has a token. Choose other columns or files.`);
  const warnings: string[] = [];
  if (measured.length < kept.length)
    warnings.push(`${rowsOf(kept.length - measured.length)} of ${source} without text left out.`);
  const sums = sumsOf(kept);
  const all = totalsOf(sums, measured);
  if (unknown > 0)
    warnings.push(
      `${unknown} of ${all.tokens} tokens are unknown to the tokenizer: bits per byte exclude the text that they stand for.`,
    );
  for (const warning of warnings) watch.onMessage?.(warning);
  const loss = textLoss(all);
  const resampled = measured.slice(0, mostResampled);
  const clusters = alike && clustersOf(resampled.map((one) => alike.names[alike.of[one]]));
  const hasInterval = measured.length > 1 && measured.length <= mostResampled;
  const intervals = hasInterval
    ? bootstrapRows(resampled.length, { seed, clusters }, (sample) =>
        textLoss(
          totalsOf(
            sums,
            Array.from(sample, (one) => resampled[one]),
          ),
        ),
      )
    : undefined;
  const rows = oddest.rows();
  return {
    source,
    summary: `${showNumber(loss.bitsPerByte)} bits per byte (${rowsOf(measured.length)})`,
    figures: figuresOf(loss, intervals),
    scores: { rows: measured.length, tokens: all.tokens, bytes: all.bytes, characters: all.characters, ...loss },
    mistakes: rows,
    tables: [
      {
        head: ["Hardest to predict", "Row", "Bits per byte"],
        rows: rows.map(({ row: place, bitsPerByte, text: own }) => [own, String(place), showNumber(bitsPerByte)]),
        more: 0,
      },
    ],
    warnings,
    ...(groups && {
      groups: scoreGroups(
        measured.map((one) => groups.names[groups.of[one]]),
        (own) =>
          figuresOf(
            textLoss(
              totalsOf(
                sums,
                own.map((one) => measured[one]),
              ),
            ),
          ),
      ),
    }),
  };
}

function sumsOf(totals: readonly TextTotals[]): Sums {
  const of = (name: keyof TextTotals) => Float64Array.from(totals, (one) => one[name]);
  return {
    logProbability: of("logProbability"),
    tokens: of("tokens"),
    bytes: of("bytes"),
    characters: of("characters"),
  };
}

function totalsOf(sums: Sums, rows: readonly number[]): TextTotals {
  const totals = { logProbability: 0, tokens: 0, bytes: 0, characters: 0 };
  for (const name of sumNames) for (const row of rows) totals[name] += sums[name][row];
  return totals;
}

function figuresOf(loss: Record<FigureName, number>, intervals?: Record<FigureName, Interval>): Figure[] {
  return (["bitsPerByte", "perplexity", "loss"] as const).map((name) => ({
    name,
    title: titles[name],
    value: loss[name],
    ...(intervals && { interval: intervals[name] }),
    isShare: false,
    higherIsBetter: false,
  }));
}
