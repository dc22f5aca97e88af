import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../base/errors.js";
import { compileIgnore } from "./ignore-pattern.js";

test("what matches is taken out of a text, whole characters at a time", () => {
  const ignore = compileIgnore("@\\w+|https?:\\S+|😀", "ignore");
  assert.equal(ignore("@bank my card 😀 is lost  https://t.co/a"), "my card is lost");
  assert.equal(ignore(" nothing  here "), " nothing  here ");
  assert.equal(ignore("@bank"), "");
  assert.equal(compileIgnore("^re: ", "ignore")("re: re: hello"), "re: hello");
});

test("patterns in daily use are taken, also those with groups and classes", () => {
  for (const pattern of [
    "(?:@\\w+[\\s:]*)+",
    "\\b[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+\\b",
    "https?://[^\\s]+",
    "(?<=order )#?\\d{4,12}",
    "\\p{Emoji_Presentation}",
    "[A-Z]{2}\\d{2}(?: ?\\d{4}){3,7}",
    "<[^>]*>",
    "--\\s[^]*",
  ])
    compileIgnore(pattern, "ignore");
});

test("a pattern that is wrong, empty or may hang is refused, soon and by name", () => {
  const cases: [string, RegExp][] = [
    ["(", /ignore '\(' is not a regular expression/],
    ["[z-a]", /not a regular expression/],
    ["", /empty text/],
    ["x*", /empty text/],
    ["(a+)+$", /can take hours/],
    ["(\\w+\\s?)+:", /can take hours/],
    ["(?:foo|f.o)+bar", /can take hours/],
    ["([a-z]+)*\\d@", /can take hours/],
    ["\\w*\\w*\\w*\\w*@", /can take hours/],
  ];
  for (const [pattern, message] of cases)
    assert.throws(
      () => compileIgnore(pattern, "ignore"),
      (error) => error instanceof UserError && message.test(error.message),
      pattern,
    );
});

test("a long text that a pattern would hang on ends with an error", () => {
  const ignore = compileIgnore("q\\u03be*\\u03be*\\u03be*\\u03be*k", "ignore");
  assert.equal(ignore("qξk left"), "left");
  assert.equal(ignore(`qξk left${" and right".repeat(1_000)}`), `left${" and right".repeat(1_000)}`);
  assert.throws(() => ignore(`q${"ξ".repeat(20_000)}`), UserError);
});
