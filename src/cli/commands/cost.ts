// columnist cost: a model or a table in, what it costs out.
import { counted } from "../../base/counted.js";
import { showEnergy, showFlops, showMemory, showSeconds } from "../../cost/show-cost.js";
import type { AnsweringCostResult } from "../../workflows/cost/answering.js";
import { costOptionsSchema } from "../../workflows/cost/options.js";
import type { TrainingCostResult } from "../../workflows/cost/training.js";
import colors from "../colors.js";
import { command } from "../command.js";
import { shortened, textTable } from "../text-table.js";
import { wrapped } from "../wrapped.js";

export const cost = command({
  arguments: [
    ["<input>", "a model, to tell what answering costs; a table, to tell what training would cost"],
    ["[table]", "table whose rows a model would answer, or - for stdin"],
  ],
  schema: costOptionsSchema,
  example:
    "columnist cost model new-rows.csv\ncolumnist cost rows.csv --text body --label team --base all-MiniLM-L6-v2",
  async run([input, table], options, { watch }) {
    const { tellCost } = await import("../../workflows/cost/run.js");
    const result = await tellCost(input, table, options, watch);
    return { document: result, text: result.kind === "training" ? trainingText(result) : answeringText(result) };
  },
});

const whole = (value: number) => value.toLocaleString("en");

function trainingText({ source, rows, extent, families, untold, threads, watts }: TrainingCostResult): string {
  const head = ["Family", "Parameters", "Epochs", "Operations", "Memory", "Time", "Energy"];
  const lines = families.map(({ family, parameters, epochs, flops, bytes, seconds, wattHours }) => [
    family,
    parameters === undefined ? "" : whole(parameters),
    epochs === undefined ? "" : String(epochs),
    flops === undefined ? "" : showFlops(flops),
    bytes === undefined ? "" : showMemory(bytes),
    showSeconds(seconds),
    showEnergy(wattHours),
  ]);
  const total = families.reduce(
    (sum, one) => ({ seconds: sum.seconds + one.seconds, wattHours: sum.wattHours + one.wattHours }),
    { seconds: 0, wattHours: 0 },
  );
  if (families.length > 1)
    lines.push(
      ["all", "", "", "", "", showSeconds(total.seconds), showEnergy(total.wattHours)].map((one) => colors.bold(one)),
    );
  const parts = [rows.training, rows.validation, rows.heldOut].map(whole);
  return [
    "",
    wrapped(
      `${shortened(source, 60)}: ${parts[0]} training, ${parts[1]} validation and ${parts[2]} held-out rows, ${extent}.`,
    ),
    "",
    textTable([head.map((one) => colors.dim(one)), ...lines]),
    "",
    wrapped(
      "Operations and memory are counted, of networks alone; time is extrapolated from a few steps here " +
        `(${counted(threads, "thread")}), for all epochs: training may stop earlier.`,
    ),
    assumption(watts),
    ...(untold.length > 0 ? [wrapped(`Not told: ${untold.join(", ")}.`)] : []),
  ].join("\n");
}

const assumption = (watts: number) =>
  wrapped(`Energy is an estimate: ${watts} W for each busy core, which is an assumption (--watts), times the time.`);

function answeringText({
  model,
  task,
  parameters,
  measured,
  rowsPerSecond,
  bytes,
  ...result
}: AnsweringCostResult): string {
  const { flopsPerRow, perToken, table, threads, watts, wattHoursPerRow } = result;
  const rows: [string, string][] = [];
  if (parameters !== undefined) rows.push(["Parameters", whole(parameters)]);
  rows.push(["Rows a second", whole(Number(rowsPerSecond.toPrecision(2)))]);
  if (flopsPerRow !== undefined) rows.push(["Operations a row", showFlops(flopsPerRow)]);
  rows.push(["Energy for 1,000 rows", showEnergy(1000 * wattHoursPerRow)]);
  if (perToken) {
    rows.push(["Tokens a row", String(Number(perToken.tokensPerRow.toPrecision(2)))]);
    rows.push(["Time a token", showSeconds(perToken.seconds)]);
    if (perToken.flops !== undefined) rows.push(["Operations a token", showFlops(perToken.flops)]);
  }
  rows.push(["Memory, measured", showMemory(bytes)]);
  const { source, texts, words } = measured;
  const read =
    source === undefined
      ? `${texts} made-up texts of ${words} words; give a table for your own`
      : `${texts} rows of ${shortened(source, 60)}`;
  const lines = ["", `${shortened(model, 60)} (${task})`, "", textTable(rows)];
  if (table) {
    const { flops, seconds, wattHours } = table;
    const parts = [flops !== undefined && showFlops(flops), showSeconds(seconds), showEnergy(wattHours)];
    lines.push("", wrapped(`All ${whole(table.rows)} rows: ${parts.filter((part) => part !== false).join(", ")}.`));
  }
  return [
    ...lines,
    "",
    wrapped(`Measured here on ${read}; ${counted(threads, "thread")}. Reading and writing a table come on top.`),
    assumption(watts),
  ].join("\n");
}
