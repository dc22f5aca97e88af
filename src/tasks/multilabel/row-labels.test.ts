import assert from "node:assert/strict";
import { test } from "node:test";
import { findSeparator, labelsIn, likelyDivision } from "./row-labels.js";

test("the labels of a row are its parts, trimmed, each once; lists are their items, however they are written", () => {
  assert.deepEqual(labelsIn(" joy; love ;joy;;", ";"), ["joy", "love"]);
  assert.deepEqual(labelsIn("", ";"), []);
  assert.deepEqual(labelsIn(" ; ", ";"), []);
  assert.deepEqual(labelsIn("a, b; c", ";"), ["a, b", "c"]);
  assert.deepEqual(labelsIn("|python|pandas|", "|"), ["python", "pandas"]);
  assert.deepEqual(labelsIn("a::b", "::"), ["a", "b"]);
  assert.deepEqual(labelsIn(["b ", "", "a", "b"], ";"), ["b", "a"]);
  assert.deepEqual(labelsIn(["a;b"], ";"), ["a;b"]);
  assert.deepEqual(labelsIn('["a, b", "c", null, 1]', ";"), ["a, b", "c", "1"]);
  assert.deepEqual(labelsIn("['a, b', \"it's\", 'c\\'d']", ";"), ["a, b", "it's", "c'd"]);
  assert.deepEqual(labelsIn("['a' 'b'\n 'c']", ";"), ["a", "b", "c"]);
  assert.deepEqual(labelsIn("[a, b]", ";"), ["a", "b"]);
  assert.deepEqual(labelsIn('{a,"b c"}', ";"), ["a", "b c"]);
  for (const empty of ["[]", "{}", " [ ] "]) assert.deepEqual(labelsIn(empty, ";"), []);
  // Brackets that are no list.
  assert.deepEqual(labelsIn("[a];[b]", ";"), ["[a]", "[b]"]);
  assert.deepEqual(labelsIn("{a};{b}", ";"), ["{a}", "{b}"]);
});

test("the separator is the one whose parts recur", () => {
  assert.equal(findSeparator(["a;b", "a", "b", "", "a;b"]), ";");
  assert.equal(findSeparator(["a | b", "b | c", "c"]), "|");
  assert.equal(findSeparator(["a,b", "b,c", "c"]), ",");
  assert.equal(findSeparator(["Home, Garden; Health, Beauty", "Health, Beauty", "Home, Garden", "Toys"]), ";");
  assert.equal(findSeparator(["Albany, NY", "Buffalo, NY", "Salem, MA"]), undefined);
  assert.equal(findSeparator(["a", "b"]), undefined);
  assert.equal(findSeparator([]), undefined);
});

test("texts with few combinations may be divided when that is asked for, but are not taken for lists of labels", () => {
  const mostlyOne = ["a", "b", "c", "d", "e", "a;b", "a", "b", "c", "d", "e"];
  assert.equal(findSeparator(["a", "b", "a;b"]), ";");
  assert.equal(likelyDivision(mostlyOne), undefined);
  assert.equal(likelyDivision(["a;b", "b;c", "a;c", "a", ""])?.separator, ";");
});
