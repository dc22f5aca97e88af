import assert from "node:assert/strict";
import { test } from "node:test";
import { labelHint } from "./label-hint.js";

const combinations = (join: (parts: string[]) => string) =>
  [["red"], ["red", "blue"], ["blue", "green"], ["red", "green"], ["red", "blue", "green"], ["blue"]].map(join);

test("labels that combine recurring parts get a hint, whatever joins the parts", () => {
  for (const [join, delimiter] of [
    [(parts: string[]) => parts.join(";"), ";"],
    [(parts: string[]) => parts.join(", "), ","],
    [(parts: string[]) => parts.join(" | "), "|"],
    [(parts: string[]) => JSON.stringify(parts), ","],
    [(parts: string[]) => `['${parts.join("', '")}']`, ","],
  ] as const) {
    const hint = labelHint(combinations(join), "colours");
    assert.match(hint ?? "", /Most labels in 'colours' combine 3 parts with/);
    assert.ok(hint!.includes(`'${delimiter}'`) && /LIKE '%(red|blue)%' AS part/.test(hint!), hint);
  }
});

test("labels that only hold a delimiter get none", () => {
  assert.equal(labelHint(["Health, Beauty", "Home, Garden", "Sports, Outdoors"], "category"), undefined);
  assert.equal(labelHint(["Albany, NY", "Buffalo, NY", "Boston, MA", "Salem, MA"], "city"), undefined);
  assert.equal(labelHint(["good", "bad", "good; really"], "mood"), undefined);
  assert.equal(labelHint(["good", "bad"], "mood"), undefined);
});

test("numbers with many values get a hint; scales and numbers that are names do not", () => {
  const numbers = Array.from({ length: 200 }, (_, i) => String((i % 50) / 2));
  assert.match(
    labelHint(numbers, "price paid") ?? "",
    /'price paid' contains numbers with 50 different values\..*add \uFDD0task\uFDD1 regression\./,
  );
  assert.equal(labelHint(["1", "2", "3", "4", "5"], "stars"), undefined);
  assert.equal(
    labelHint(
      numbers.map((_, i) => String(i).padStart(5, "0")),
      "zip",
    ),
    undefined,
  );
});
