import assert from "node:assert/strict";
import { test } from "node:test";
import { pickWinner } from "./pick-winner.js";

const rows = (right: number, of = 100, from = 0) =>
  Array.from({ length: of }, (_, row) => (row - from + of) % of < right);

test("the cheapest wins unless a dearer one is better by more than chance", () => {
  assert.equal(pickWinner([rows(90)]), 0);
  assert.equal(pickWinner([rows(90), rows(90)]), 0);
  // One row more, and no other difference: √1 is not less than 1.
  assert.equal(pickWinner([rows(90), rows(91)]), 0);
  assert.equal(pickWinner([rows(90), rows(92)]), 1);
  // Two rows more, but right and wrong on many others: chance.
  assert.equal(pickWinner([rows(90), rows(92, 100, 50)]), 0);
});

test("a third one is compared with the best so far", () => {
  assert.equal(pickWinner([rows(80), rows(90), rows(91)]), 1);
  assert.equal(pickWinner([rows(80), rows(81), rows(90)]), 2);
});
