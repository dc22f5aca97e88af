// Divided rows: what may not stand on both sides does not, and each part has its share.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { dealGroups } from "./deal-groups.js";
import type { LabelledTable } from "./read-labelled.js";
import { timesOf } from "./row-times.js";
import { type SplitOptions, splitRows } from "./split-rows.js";
import { tasks } from "./tasks.js";
import { textKey } from "./training-texts.js";

const classify = await tasks.classify.load();
const random = createRandom(3);

interface Row {
  text: string;
  label: string;
  who: string | null;
  at: string | null;
}

function tableOf(rows: readonly Row[], source = "rows.csv"): LabelledTable {
  return {
    source,
    labelColumn: "label",
    texts: rows.map(({ text }) => text),
    places: [...rows.keys()],
    labels: rows.map(({ label }) => label),
    others: { who: rows.map(({ who }) => who), at: rows.map(({ at }) => at) },
    skippedEmptyText: 0,
    skippedEmptyLabel: 0,
    unfit: { rows: 0, example: "", noun: "a label" },
  };
}

/** Every text names its row, except for some that are copies of others. */
const rows = Array.from({ length: 600 }, (_, i): Row => {
  const text = i % 40 === 39 ? `text ${random.integer(i)}` : `text ${i}`;
  return {
    text,
    label: ["a", "a", "a", "b", "b", "c"][random.integer(6)],
    who: i % 50 === 7 ? null : `p${Math.floor(60 * random.float() ** 2)}`,
    at: i % 100 === 5 ? null : `2026-01-${String(1 + Math.floor((30 * i) / 600)).padStart(2, "0")}`,
  };
});

const split = (from: readonly Row[], options: Partial<SplitOptions>, test?: readonly Row[], seed = 1) =>
  splitRows(classify, tableOf(from), test && tableOf(test, "test.csv"), seed, { manyLabels: false, ...options });
type Split = ReturnType<typeof split>;

const partsOf = ({ training, validation, heldOut }: Split) => [training.texts, validation.texts, heldOut.texts];
const byText = new Map<string, Row[]>();
for (const row of rows) byText.set(row.text, [...(byText.get(row.text) ?? []), row]);

function shareNothing(parts: readonly (readonly unknown[])[]): void {
  const sets = parts.map((part) => new Set(part));
  for (const [i, one] of sets.entries())
    for (const other of sets.slice(i + 1))
      assert.deepEqual(
        [...one].filter((value) => other.has(value)),
        [],
      );
}

test("groups: no group and no text on both sides, and each part has its share of every label", () => {
  for (const seed of [1, 2, 3]) {
    const found = split(rows, { group: "who" }, undefined, seed);
    const parts = partsOf(found);
    shareNothing(parts.map((texts) => texts.map(textKey)));
    const { training, validation } = found.groups!;
    shareNothing([[...training], [...validation]]);
    const names = parts.map((texts) =>
      texts.flatMap((text) => {
        const own = byText.get(text)!;
        return own.length > 1 || own[0].who === null ? [] : [own[0].who];
      }),
    );
    shareNothing(names);
    assert.equal(
      parts.reduce((sum, { length }) => sum + length, found.split!.repeatedTexts),
      rows.length,
    );
    for (const [part, share] of [0.64, 0.16, 0.2].entries()) {
      assert.ok(Math.abs(parts[part].length / rows.length - share) < 0.04, `part ${part}: ${parts[part].length}`);
      for (const label of ["a", "b", "c"]) {
        const own = parts[part].filter((text) => byText.get(text)![0].label === label).length / parts[part].length;
        const all = rows.filter((row) => row.label === label).length / rows.length;
        assert.ok(Math.abs(own - all) < 0.07, `part ${part}, ${label}: ${own}, not ${all}`);
      }
    }
    assert.equal(found.heldOut.clusters!.length, found.heldOut.texts.length);
    assert.ok(found.warnings.includes("12 rows without 'who': each counts as a group of its own."));
  }
});

test("groups of the test table are left out of training, and counted", () => {
  const test = rows.slice(0, 30).map((row, i) => ({ ...row, text: `new ${i}`, who: i < 20 ? "p0" : null }));
  const found = split(rows, { group: "who" }, test);
  const shared = rows.filter(({ who }) => who === "p0").length;
  assert.ok(shared > 20);
  assert.equal(found.split!.groupInTest, shared);
  assert.ok(found.warnings.includes(`${shared} rows whose 'who' is also in test.csv left out of training.`));
  assert.equal(new Set(found.heldOut.clusters).size, 11);
});

test("time: each part is later than the one before; rows of one time and copies are on one side", () => {
  const found = split(rows, { time: "at" });
  const [training, validation, heldOut] = partsOf(found).map((texts) => texts.map((text) => byText.get(text)![0].at!));
  shareNothing(partsOf(found));
  const [first, last] = [(days: string[]) => days.toSorted()[0], (days: string[]) => days.toSorted().at(-1)!];
  const unique = (days: string[], texts: readonly string[]) =>
    days.filter((_, i) => byText.get(texts[i])!.length === 1);
  const [t, v, h] = [training, validation, heldOut].map((days, i) => unique(days, partsOf(found)[i]));
  assert.ok(last(t) < first(v) && last(v) < first(h), `${last(t)} ${first(v)} ${last(v)} ${first(h)}`);
  assert.equal(found.split!.withoutTime, 6);
  const { repeatedTexts } = found.split!;
  assert.ok(repeatedTexts > 0);
  assert.equal(training.length + validation.length + heldOut.length + repeatedTexts + 6, rows.length);
  assert.ok(Math.abs(heldOut.length / rows.length - 0.2) < 0.04);
  assert.match(found.heldOut.source, /^the newest \d+ % of the rows of rows\.csv by 'at'$/);
  // Rows in another order, the same parts.
  const turned = split(rows.toReversed(), { time: "at" });
  assert.deepEqual(
    partsOf(turned).map((part) => part.toSorted()),
    partsOf(found).map((part) => part.toSorted()),
  );
});

test("time: labels that only the future has are told, and are no labels of the model", () => {
  const later = rows.map((row, i) => (i > 590 ? { ...row, label: "new" } : row));
  const found = split(later, { time: "at" });
  assert.deepEqual(classify.answerNames("label", found.space), ["a", "b", "c"]);
  assert.ok(found.warnings.some((warning) => /^Label 'new' .*\(\d rows\) .*counted as errors/.test(warning)));
});

test("what cannot be divided is refused with its reason", () => {
  const set = (change: Partial<Row> | ((row: Row, i: number) => Partial<Row>)) =>
    rows.map((row, i) => ({ ...row, ...(typeof change === "function" ? change(row, i) : change) }));
  const cases: [Row[], Partial<SplitOptions>, Row[] | undefined, RegExp][] = [
    [set({ who: "x" }), { group: "who" }, undefined, /has the same 'who' in all rows; 3 are needed/],
    [set((_, i) => ({ who: `p${i % 2}` })), { group: "who" }, undefined, /has 2 values of 'who'; 3 are needed/],
    [
      set((row) => ({ who: row.label })),
      { group: "who" },
      undefined,
      /leaves nothing to measure on.*labels or texts of its own/,
    ],
    [
      set((row) => ({ who: row.who ?? "p0" })),
      { group: "who" },
      set({ text: "other" }),
      /^Every value of 'who' of rows/,
    ],
    [
      set({ at: "2026-01-01" }),
      { time: "at" },
      undefined,
      /leaves nothing to measure on: it has too few different times/,
    ],
    [set((_, i) => ({ at: `${2020 + (i % 2)}` })), { time: "at" }, undefined, /nothing to choose the model by/],
    [set({ at: null }), { time: "at" }, undefined, /'at' of rows\.csv is empty in all rows/],
    [
      set((_, i) => ({ at: i % 2 ? "soon" : "2026-02-30" })),
      { time: "at" },
      undefined,
      /600 rows of 600 .*'2026-02-30', 'soon'/,
    ],
  ];
  for (const [own, options, other, message] of cases)
    assert.throws(() => split(own, options, other), { name: "UserError", message }, String(message));
});

test("times are numbers or ISO 8601, to the microsecond and with their zone", () => {
  const sorted = (values: string[]) => {
    const times = timesOf(values, { column: "at", source: "rows.csv" });
    return [...times.keys()].sort((a, b) => times[a] - times[b]).map((i) => values[i]);
  };
  for (const order of [
    ["-3", "0.5", "2", "10", "20260131"],
    [
      "0044",
      "1969-12-31",
      "2026",
      "2026-01-31T10:00+02:00",
      "2026-01-31 08:00:00.000001",
      "2026-01-31 09:00:00Z",
      "2026-02",
    ],
  ])
    assert.deepEqual(sorted(order.toReversed()), order);
  for (const wrong of ["31.01.2026", "2026-13-01", "2026-01-31 25:00", "10:00", "2026-1-1", "yesterday"])
    assert.throws(() => timesOf(["2026-01-01", wrong], { column: "at", source: "x" }), { name: "UserError" }, wrong);
});

test("folds of groups are about equally large, and none has all rows of a label", () => {
  const groups = rows.map((row, i) => (row.who === null ? -1 - i : Number(row.who.slice(1))));
  const classes = rows.map(({ label }, i) => (i < 4 ? 9 : label.charCodeAt(0)));
  const fold = dealGroups(classes, groups, [0.2, 0.2, 0.2, 0.2, 0.2], 5);
  for (let part = 0; part < 5; part++) {
    const own = fold.filter((one) => one === part).length;
    assert.ok(Math.abs(own - 120) < 15, String(own));
  }
  for (const group of new Set(groups)) assert.equal(new Set(fold.filter((_, i) => groups[i] === group)).size, 1);
  assert.ok(new Set(fold.slice(0, 4)).size > 1);
  // Groups of one row each are dealt out like cards.
  const single = dealGroups([0, 0, 0, 1, 1, 1], [0, 1, 2, 3, 4, 5], [1 / 3, 1 / 3, 1 / 3], 5);
  assert.deepEqual(
    [single.slice(0, 3).toSorted(), single.slice(3).toSorted()].map((one) => [...one]),
    [
      [0, 1, 2],
      [0, 1, 2],
    ],
  );
});
