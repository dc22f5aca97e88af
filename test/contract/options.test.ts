// Below the command line no message spells a flag: it marks an option, which exists, and whoever shows the message spells it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import type { z } from "zod";
import { CancelledError, UserError } from "../../src/base/errors.js";
import { option, spellOptions } from "../../src/base/option.js";
import { commands } from "../../src/cli/commands.js";
import { flagOf } from "../../src/cli/flag-of.js";

const files = readdirSync("src", { recursive: true })
  .map((file) => join("src", String(file)))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith(join("src", "cli")));

/** Calls `visit` with every piece of text in a program: strings, and templates' parts. */
function textsOf(source: string, visit: (text: string, node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      visit(node.text, node);
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile("a.ts", source, ts.ScriptTarget.Latest, true));
}

/** CSS has names like flags, and a command to be typed has flags: "columnist train reviews.csv --out model". */
const flagIn = (text: string): string | undefined => {
  const rest = text.replace(/(\bcolumnist [a-z]|<table>).*/s, "");
  return /(?<![\w-])--[a-z][a-z-]*(?![\w-]*[:)])/.exec(rest)?.[0];
};

test("no text outside src/cli spells a flag", () => {
  const found: string[] = [];
  for (const file of files)
    textsOf(readFileSync(file, "utf8"), (text) => {
      const flag = flagIn(text);
      if (flag) found.push(`${file}: ${flag} in "${text}": write option("…") of base/option.ts instead`);
    });
  assert.deepEqual(found, []);
  assert.equal(flagIn("Choose another path with --out."), "--out");
  assert.equal(flagIn("--keep needs a file."), "--keep");
});

test("every option that a message names is an option of a command", async () => {
  const schemas = await Promise.all(Object.values(commands).map(async ({ load }) => (await load()).schema));
  const known = new Set(schemas.flatMap((schema: z.ZodObject) => Object.keys(schema.shape)));
  let count = 0;
  for (const file of files) {
    for (const [, name] of readFileSync(file, "utf8").matchAll(/(?<!\* .*)\boption\("(\w+)"\)/g)) {
      assert.ok(known.has(name), `${file}: no command has an option '${name}'`);
      count++;
    }
  }
  assert.ok(count > 50);
});

test("an error names options as a program does, and is spelled in other ways", () => {
  const text = `'a-b' is a file. Raise ${option("maxTokens")}, or choose another ${option("out")}.`;
  for (const error of [new UserError(text), new CancelledError(text)]) {
    assert.equal(error.message, "'a-b' is a file. Raise maxTokens, or choose another out.");
    assert.match(error.stack!, /Raise maxTokens, or/);
    assert.equal(error.spelled(flagOf), "'a-b' is a file. Raise --max-tokens, or choose another --out.");
    const around = new UserError(`model: ${error.spelled(option)}`, { cause: error });
    assert.equal(around.spelled(flagOf), `model: ${error.spelled(flagOf)}`);
    assert.equal(around.cause, error);
    assert.doesNotMatch(JSON.stringify(error), /\uFDD0/);
  }
  assert.equal(new UserError("no option").spelled(flagOf), "no option");
  assert.equal(spellOptions("none"), "none");
});
