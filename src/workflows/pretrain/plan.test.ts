import assert from "node:assert/strict";
import { test } from "node:test";
import { fewStepsWarning } from "./plan.js";

test("few steps get a warning", () => {
  assert.match(fewStepsWarning(1, 180) ?? "", /Only 1 step fits into 180 seconds/);
  assert.equal(fewStepsWarning(300, 180), undefined);
});
