import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import colors, { withCodes, withoutColors } from "./colors.js";
import { forPeople, visible } from "./terminal.js";
import { shortened, textTable, widthOf } from "./text-table.js";

test("control characters and those that turn the direction are shown, others stay", () => {
  assert.equal(visible("a\x1b[31m\x07\x9b1m\x7f\r"), "a\\u001b[31m\\u0007\\u009b1m\\u007f\\u000d");
  assert.equal(visible("\u202eabc\u2066\u200f\u061c"), "\\u202eabc\\u2066\\u200f\\u061c");
  const plain = "tab\t, line\n, é, 你好, 😀, שלום, \u00a0, \u200d, \u0301";
  assert.equal(visible(plain), plain);
  for (let code = 0; code < 0xa0; code++) {
    const isShown = (code < 0x20 && code !== 9 && code !== 10) || code >= 0x7f;
    assert.equal(visible(String.fromCharCode(code)).length, isShown ? 6 : 1, String(code));
  }
});

test("a document of JSON stays the same document", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("\x9b", "\x7f", "\u202e", "\u200f"))), (list) => {
      assert.deepEqual(JSON.parse(visible(JSON.stringify(list))), list);
    }),
    { seed: 7 },
  );
});

test("our own colours pass, and the codes of the data do not, whatever they look like", () => {
  const hostile = "\x1b[1mbold\x1b[22m \u00011m \u0001";
  const painted = withCodes(`${colors.bold("head")} ${colors.dim(hostile)}`, true, visible);
  assert.equal(painted, "\x1b[1mhead\x1b[22m \x1b[2m\\u001b[1mbold\\u001b[22m \\u00011m \\u0001\x1b[22m");
  assert.equal(withoutColors(colors.bold(colors.dim("a"))), "a");
  assert.equal(forPeople(colors.bold("\x1b"), { isTTY: false }).replaceAll("\x1b[1m", ""), "\\u001b");
  assert.equal(withCodes(colors.drawn("\x1b[36m━\x1b[0m\x1b[2J"), true, visible), "\x1b[36m━\x1b[0m\\u001b[2J");
});

test("tables are aligned by what is shown", () => {
  assert.equal(widthOf(colors.bold("a\x1b")), 7);
  assert.equal(shortened("\x1b\x1b\x1b", 15), "\x1b\x1b…");
  const [first, second] = forPeople(
    textTable([
      [colors.bold("a\x1b"), "1"],
      ["b", "2"],
    ]),
    {},
  ).split("\n");
  assert.equal(first, "a\\u001b  1");
  assert.equal(second, "b        2");
});
