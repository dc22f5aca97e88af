import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { divisionsOf } from "./divisions.js";
import { type Division, findWeakSlices } from "./weak-slices.js";

const rows = 2000;
const random = createRandom(4);
const stores = Array.from({ length: rows }, () => `store ${random.integer(30)}`);
const column = (name: string, groups: readonly (string | null)[]): Division => ({ kind: "column", name, groups });

test("planted slices are found, and by chance alone in one of twenty tables at most", () => {
  const planted = Float64Array.from(stores, (store) => (random.float() < (store === "store 7" ? 0.45 : 0.15) ? 1 : 0));
  const { looked, slices } = findWeakSlices(planted, [column("store", stores)]);
  assert.equal(looked, 30);
  assert.deepEqual(
    slices.map(({ name, value }) => [name, value]),
    [["store", "store 7"]],
  );
  assert.ok(slices[0].error > 0.3 && slices[0].others < 0.2 && slices[0].probability < 0.01);
  assert.ok(slices[0].examples.every((row) => stores[row] === "store 7" && planted[row] === 1));

  let found = 0;
  for (let table = 0; table < 100; table++) {
    const errors = Float64Array.from(stores, () => (random.float() < 0.15 ? 1 : 0));
    if (findWeakSlices(errors, [column("store", stores)]).slices.length > 0) found++;
  }
  assert.ok(found <= 10, `${found} of 100 tables without a weak store show one`);
});

test("amounts too; small groups, nearly all rows, rows without a group and the same rows again are not looked at", () => {
  const errors = Float64Array.from(stores, (store) => Math.abs(random.normal()) * (store === "store 3" ? 3 : 1));
  const few = stores.map((_, row) => (row < 19 ? "few" : null));
  const most = stores.map((_, row) => (row < 1700 ? "most" : null));
  const divisions = [column("store", stores), column("again", stores), column("few", few), column("most", most)];
  const { looked, slices } = findWeakSlices(errors, divisions);
  assert.equal(looked, 30);
  assert.deepEqual(
    slices.map(({ value }) => value),
    ["store 3"],
  );
  assert.deepEqual(findWeakSlices(new Float64Array(100), [column("store", stores.slice(0, 100))]).slices, []);
});

test("columns become groups: values, ranges of numbers, months of days; names of single rows none", async () => {
  const texts = Array.from({ length: 200 }, (_, row) => `the text of row ${"very ".repeat(row % 9)}${row}`);
  const of = (value: (row: number) => string | null) => texts.map((_, row) => value(row));
  const columns = {
    kind: of((row) => (row % 5 === 0 ? null : `kind ${row % 3}`)),
    price: of((row) => String(row / 4)),
    stars: of((row) => String(row % 5)),
    day: of((row) => `2024-0${1 + (row % 6)}-${10 + (row % 20)}`),
    id: of((row) => `id ${row}`),
    same: of(() => "same"),
  };
  const divisions = await divisionsOf(texts, columns, { seed: 0, threads: 1 });
  const values = Object.fromEntries(divisions.map(({ name, groups }) => [name, [...new Set(groups)].sort()]));
  assert.deepEqual(values.kind, ["(no value)", "kind 0", "kind 1", "kind 2"]);
  assert.deepEqual(values.price, ["12.4375 to 24.875", "24.875 to 37.3125", "above 37.3125", "up to 12.4375"]);
  assert.deepEqual(values.stars, ["0", "1", "2", "3", "4"]);
  assert.equal(values.day.length, 6);
  assert.equal(values.length.length, 4);
  assert.ok(!("same" in values) && !("language" in values) && !("topic" in values));
});

test("languages of rows, where there are several", async () => {
  const english = "The parcel came late and nobody at the shop could tell me where it was";
  const german = "Das Paket kam zu spät und niemand im Laden konnte mir sagen, wo es geblieben war";
  const texts = Array.from({ length: 60 }, (_, row) => `${row % 3 === 0 ? german : english} (${row}).`);
  const divisions = await divisionsOf(texts, {}, { seed: 0, threads: 1 });
  const { groups } = divisions.find(({ name }) => name === "language")!;
  assert.deepEqual([groups[0], groups[1], groups[3]], ["German", "English", "German"]);
});
