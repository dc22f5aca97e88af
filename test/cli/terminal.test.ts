// Texts, labels, column and file names with a terminal's codes in them: on a terminal nothing obeys them, in files they stay.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { columnist } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-cli-terminal-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const skip = spawnSync("script", ["--version"]).status === 0 ? false : "it needs the command script of util-linux";

/** A title, a beep, the codes of eight bits, a cleared screen, a forged heading, a turned direction, DEL. */
const evil = "\x1b]0;owned\x07\x9b31m\x1b[2J\x1b[1mforged\u202e\u2066\x7f";
const shown = "\\u001b]0;owned\\u0007\\u009b31m\\u001b[2J\\u001b[1mforged\\u202e\\u2066\\u007f";
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const control = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const table = `t${evil}.csv`;
const label = `mood${evil}`;

/** What the command writes to a terminal, by stdout and stderr, without what our own colours and bar are made of. */
function onTerminal(args: string[]): { code: number | null; screen: string } {
  const quoted = [process.execPath, resolve("dist/src/cli/main.js"), ...args]
    .map((arg) => `'${arg.replaceAll("'", "'\\''")}'`)
    .join(" ");
  const { status, stdout } = spawnSync("script", ["-qec", quoted, "/dev/null"], {
    ...here,
    env: { ...process.env, NO_COLOR: "", FORCE_COLOR: "", TERM: "xterm", COLUMNS: "80" },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these codes are ours
  const own = /\r\n|\x1b\[(?:1|2|22|36|33|0)m(?!forged)|\x1b\[\?(?:25|7)[lh]|\x1b\[\d*[GKBA]|\x1b[78]|\r(?=\x1b|$)/g;
  return { code: status, screen: stdout.replace(own, (found) => (found === "\r\n" ? "\n" : "")) };
}

before(() => {
  const rows = Array.from({ length: 80 }, (_, i) => {
    const mood = i % 2 ? `good${evil}` : "bad";
    return [
      `"The film was ${i % 2 ? "lovely" : "awful"} ${evil} on day ${i % 40}"`,
      `"${mood}"`,
      `"g${i % 3}${evil}"`,
    ].join(",");
  });
  writeFileSync(join(folder, table), `body,"${label}","by${evil}"\n${rows.join("\n")}\n`);
  const args = ["train", table, "--text", "body", "--label", label, "--model", "linear", "--out", "model"];
  const { code, stdout, stderr } = columnist(args, undefined, here);
  assert.equal(code, 0, stderr);
  // Text for people is shown like this in pipes too.
  assert.doesNotMatch(stdout + stderr, control);
  const lm = ["pretrain", table, "--text", "body", "--model", "ngram", "--tokenizer", "char", "--out", "lm"];
  const pretrained = columnist(lm, undefined, here);
  assert.equal(pretrained.code, 0, pretrained.stderr);
});

test("commands show a terminal's codes and never obey them", { skip, timeout: 120_000 }, () => {
  for (const [args, isShown] of [
    [["predict", "model", table], true],
    [["predict", "model", table, "--json"], true],
    [["predict", "model", table, "--by", `by${evil}`, "--out", "answers.csv"], true],
    [["evaluate", "model", table, "--by", `by${evil}`], true],
    [["evaluate", "model", table, "--json"], true],
    [["inspect", "model"], true],
    [["search", table, "--text", "body", `lovely ${evil}`, "--full", "--top", "3"], true],
    [["duplicates", table, "--text", "body"], true],
    [["topics", table, "--text", "body", "--topics", "2"], false],
    [["generate", "lm", "--prompt", `The ${evil}`, "--max-tokens", "300", "--seed", "1"], true],
    [["generate", "lm", "--samples", "2", "--max-tokens", "200", "--temperature", "0.1"], false],
    [["tokenize", "lm", table, "--text", "body"], false],
    [["predict", "model", `none${evil}.csv`], true],
    [["predict", `none${evil}`, table], true],
    [["train", table, "--text", `none${evil}`, "--label", "x", "--out", "other"], true],
    [[`none${evil}`], true],
  ] as const) {
    const { screen } = onTerminal([...args]);
    const said = `${args[0]}: ${JSON.stringify(screen.slice(0, 2000))}`;
    assert.doesNotMatch(screen, control, said);
    // Tables cut long names.
    if (isShown) assert.ok(screen.replaceAll("\n", "").includes(shown.slice(0, 7)), said);
  }
});

test("rows, documents and generated texts keep their bytes in pipes and files", () => {
  const rows = columnist(["predict", "model", table], undefined, here);
  assert.ok(rows.stdout.includes(evil), rows.stderr);
  assert.doesNotMatch(rows.stderr, control);
  const { stdout } = columnist(["predict", "model", table, "--json"], undefined, here);
  assert.ok(String(JSON.parse(stdout).predictions[1][label]).includes(evil));
  columnist(["predict", "model", table, "--out", "kept.csv"], undefined, here);
  assert.ok(readFileSync(join(folder, "kept.csv"), "utf8").includes(evil));
  const written = columnist(
    ["generate", "lm", "--prompt", "The film was lovely \x1b]0;own", "--temperature", "0"],
    undefined,
    here,
  );
  assert.ok(written.stdout.startsWith("ed\x07"), JSON.stringify(written));
});
