// What wrong input gets: code 2, one sentence that names what was received and what to do, and nothing half-written.
import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { changeFacts } from "../folders.js";
import { columnist, reviews, shell, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-cli-bad-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const path = (name: string) => join(folder, name);
const rows = reviews(60);
const csv = (extra: string | Buffer = "") =>
  Buffer.concat([
    Buffer.from(`text,label\n${rows.map(({ title, mood }) => `${title},${mood}\n`).join("")}`),
    Buffer.from(extra),
  ]);

before(() => {
  mkdirSync(path("folder"));
  mkdirSync(path("other"));
  writeFileSync(path("other/letter.txt"), "Dear reader");
  const files: Record<string, string | Buffer> = {
    "good.csv": csv(),
    "empty.csv": "",
    "header.csv": "text,label\n",
    "blank.csv": "text,label\n,a\n  ,b\n",
    "unlabelled.csv": "text,label\nword,\nmore,\n",
    "one-class.csv": "text,label\nab,x\ncd,x\nef,x\n",
    "all-different.csv": `text,label\n${rows.map(({ title, id }) => `${title},${id}\n`).join("")}`,
    "times.csv": `text,label\n${Array.from({ length: 85 }, (_, i) => `a ${i} b,${i < 39 ? `12:${i}` : "13:00"}\n`).join("")}`,
    "thousands.csv": `text,label\n${Array.from({ length: 6003 }, (_, i) => `a ${i} b,k${i % 2001}\n`).join("")}`,
    "tiny.csv": "text,label\nab,x\ncd,y\n",
    "twice.csv": "text,label,text\na,b,c\n",
    "latin.csv": csv(Buffer.from("caf\xe9 terrible,bad\n", "latin1")),
    "utf16.csv": Buffer.from("\ufefftext,label\na,b\n", "utf16le"),
    "open.csv": csv('"never closed,bad\nnext,good\n'),
    "narrow.csv": csv("no label here\n"),
    "broken.jsonl": '{"text":"a","label":"x"}\n{"text":\n',
    "fake.parquet": "PAR1 this is none PAR1",
    "other.csv": "body,n\nhello,1\n",
    "notes.docx": "x",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(path(name), content);
  for (const [name, family] of [
    ["linear", "linear"],
    ["cnn", "cnn"],
  ]) {
    const flags = ["--text", "text", "--label", "label", "--model", family, "--epochs", "1", "--out", name];
    const { code, stderr } = columnist(["train", "good.csv", ...flags], undefined, here);
    assert.equal(code, 0, stderr);
  }
});

const columns = ["--text", "text", "--label", "label", "--out", "out"];
const cases: [what: string, args: string[], ...said: RegExp[]][] = [
  ["a missing file", ["train", "god.csv", ...columns], /no file 'god\.csv'\. Did you mean 'good\.csv'\?/],
  ["a missing folder", ["train", "none/a.csv", ...columns], /the folder 'none' does not exist/],
  ["a folder", ["train", "folder", ...columns], /'folder' is a folder\. Specify a file/],
  ["a pattern that matches nothing", ["train", "*.tsv", ...columns], /No file matches '\*\.tsv'/],
  ["an ending that is not known", ["train", "notes.docx", ...columns], /no supported extension\. Supported are \.csv/],
  ["an address", ["train", "https://example.com/a.csv", ...columns], /Download the file first/],
  ["an empty file", ["train", "empty.csv", ...columns], /empty\.csv is empty/],
  [
    "a header without rows",
    ["train", "header.csv", ...columns],
    /header\.csv has no rows, only column names\. Add rows/,
  ],
  [
    "a wrong text column",
    ["train", "good.csv", "--text", "txet", "--label", "label"],
    /Column 'txet' is not in good\.csv; its columns are text, label\. Did you mean 'text'\?/,
  ],
  ["a wrong label column", ["train", "good.csv", "--text", "text", "--label", "lable"], /Did you mean 'label'\?/],
  ["text and label the same", ["train", "good.csv", "--text", "text", "--label", "text"], /both text and label/],
  ["no text at all", ["train", "blank.csv", ...columns], /'text' is empty in all 2 rows/],
  ["no label at all", ["train", "unlabelled.csv", ...columns], /no row with both a text and a label: of 2 rows/],
  ["one class", ["train", "one-class.csv", ...columns], /All 3 rows of one-class\.csv have the label 'x'/],
  [
    "a label column of keys",
    ["train", "all-different.csv", ...columns],
    /column 'label' of all-different\.csv has 60 different values in 60 rows, none of them twice \(such as '0+'\)\. Choose another --label column, or group/,
  ],
  [
    "a label column of times",
    ["train", "times.csv", ...columns],
    /40 different values in 85 rows, 39 of them in fewer/,
  ],
  [
    "thousands of labels",
    ["train", "thousands.csv", ...columns],
    /2001 different values in 6003 rows \(such as .*--many-labels/,
  ],
  ["too few rows", ["train", "tiny.csv", ...columns], /tiny\.csv has 2 rows .*too few/],
  ["a test table that is the table", ["train", "good.csv", "--test", "good.csv", ...columns], /needs different rows/],
  ["two columns of one name", ["train", "twice.csv", ...columns], /column 'text' appears twice\. Rename one/],
  ["broken UTF-8", ["train", "latin.csv", ...columns], /latin\.csv, line 62: not UTF-8 text\. .*iconv/],
  [
    "UTF-16",
    ["train", "utf16.csv", ...columns],
    /utf16\.csv is not UTF-8 text, but UTF-16 \(little-endian\)\. Save it as CSV in UTF-8.*iconv -f utf-16 /,
  ],
  ["an open quote", ["train", "open.csv", ...columns], /open\.csv, line 62: .*never closed/],
  ["a row with a value too few", ["train", "narrow.csv", ...columns], /line 62: 1 field, .* 2 columns \(text, label\)/],
  ["broken JSON", ["train", "broken.jsonl", ...columns], /broken\.jsonl, line 2 is not JSON/],
  ["what is no Parquet", ["train", "fake.parquet", ...columns], /fake\.parquet/],
  ["no SQL", ["train", "good.csv", "--query", "SELEC 1", ...columns], /The query on good\.csv/],
  ["a table of a plain file", ["train", "good.csv", "--table", "t", ...columns], /only with a DuckDB file/],
  ["--out is a file", ["train", "good.csv", ...columns, "--out", "other.csv"], /'other\.csv' is a file/],
  [
    "--out is below a file",
    ["train", "good.csv", ...columns, "--out", "other.csv/model"],
    /is a file, so nothing can be created in it/,
  ],
  ["--out holds other things", ["train", "good.csv", ...columns, "--out", "other"], /not empty and not a model folder/],
  ["--out is this folder", ["train", "good.csv", ...columns, "--out", "."], /is the current folder/],
  ["--out is too long", ["train", "good.csv", ...columns, "--out", "a".repeat(300)], /the name is too long/],
  [
    "a file to write is below a file",
    ["embed", "good.csv", "--text", "text", "--out", "good.csv/vectors.csv"],
    /'good\.csv\/vectors\.csv' was not written: a part of its path is a file/,
  ],
  [
    "a file to write has a long name",
    ["embed", "good.csv", "--text", "text", "--out", `${"a".repeat(300)}.csv`],
    /was not written: the name is too long/,
  ],
  ["no table", ["train"], /missing required argument 'table'\. Try: columnist train --help/],
  ["no text column", ["train", "good.csv", "--label", "label"], /train needs --text <column>/],
  ["a wrong command", ["trian"], /unknown command 'trian' \(Did you mean train\?\)/],
  ["a wrong flag", ["train", "good.csv", "--modle", "cnn"], /unknown option '--modle' \(Did you mean --model\?\)/],
  ["a wrong family", ["train", "good.csv", ...columns, "--model", "cnm"], /not 'cnm'\. Did you mean 'cnn'\?/],
  ["no number", ["train", "good.csv", ...columns, "--epochs", "many"], /--epochs must be a whole number .*not 'many'/],
  ["half a seed", ["train", "good.csv", ...columns, "--seed", "1.5"], /--seed must be a whole number .*not '1\.5'/],
  ["one argument too many", ["train", "good.csv", "more", ...columns], /Expected 1 argument but got 2\. Try/],
  ["no model folder", ["predict", "none", "good.csv"], /There is no model folder 'none'\. Create one: columnist train/],
  ["a model that is a file", ["predict", "good.csv", "good.csv"], /'good\.csv' is a file, not a model folder/],
  ["a folder without a model", ["inspect", "other"], /not a model folder: columnist\.json is missing/],
  [
    "a table without the model's column",
    ["predict", "linear", "other.csv"],
    /reads column 'text', which is not in other\.csv; .*with --text\./,
  ],
  ["the same to evaluate on", ["evaluate", "linear", "other.csv"], /reads column 'text'/],
  [
    "answers in no known format",
    ["predict", "linear", "good.csv", "--out", "out.xls"],
    /no supported extension\. Use \.csv/,
  ],
  [
    "answers in no folder",
    ["predict", "linear", "good.csv", "--out", "none/a.csv"],
    /no folder .*none.*Create it first/,
  ],
];

for (const [what, args, ...said] of cases)
  test(`${what}: ${args.join(" ").slice(0, 60)}`, () => {
    const before = listing();
    mustRefuse(columnist(args, undefined, here), ...said);
    assert.deepEqual(listing(), before);
  });

test("with --json the error is a document too", () => {
  const { code, stdout } = columnist(["train", "none.csv", ...columns, "--json"], undefined, here);
  assert.equal(code, 2);
  const { error } = JSON.parse(stdout);
  assert.equal(error.kind, "input");
  assert.match(error.message, /There is no file 'none\.csv'/);
});

test("nothing on standard input", () => {
  mustRefuse(columnist(["predict", "linear", "-"], "", here), /Standard input is empty/);
});

test("damaged model folders: every file missing, cut, of a newer version or of another model", () => {
  const files = ["columnist.json", "weights.safetensors", "model.onnx", "tokenizer.json", "metrics.json"];
  for (const name of files) {
    const ask = name === "metrics.json" ? ["inspect", "hurt"] : ["predict", "hurt", "good.csv"];
    damage(name, (file) => rmSync(file));
    mustRefuse(
      columnist(ask, undefined, here),
      new RegExp(name === "columnist.json" ? "is missing" : `has no ${name}|${name} is missing`),
    );
    damage(name, (file) => writeFileSync(file, readFileSync(file).subarray(0, 200)));
    mustRefuse(columnist(ask, undefined, here), new RegExp(name), /damaged|not JSON/);
  }
  const change = (changed: Record<string, unknown>) =>
    damage("columnist.json", () => changeFacts(path("hurt"), changed));
  change({ formatVersion: 99 });
  mustRefuse(columnist(["inspect", "hurt"], undefined, here), /format version 99; .*Update columnist/);
  change({ task: "divination" });
  mustRefuse(columnist(["inspect", "hurt"], undefined, here), /task 'divination', which this version does not support/);
  change({ answers: { labels: 3 } });
  mustRefuse(columnist(["inspect", "hurt"], undefined, here), /damaged: what the model answers is not valid/);
  change({ family: "oracle" });
  mustRefuse(columnist(["inspect", "hurt"], undefined, here), /family 'oracle', which this version does not support/);
  change({ answers: { labels: ["a", "b", "c"] } });
  mustRefuse(columnist(["inspect", "hurt"], undefined, here), /answers of 3 numbers, but the model gives 2/);
});

test("a read-only folder", { skip: process.getuid?.() === 0 && "root may write anywhere" }, () => {
  mkdirSync(path("locked"));
  chmodSync(path("locked"), 0o500);
  mustRefuse(
    columnist(["train", "good.csv", ...columns, "--out", "locked/m"], undefined, here),
    /permission was denied/,
  );
  mustRefuse(
    columnist(["predict", "linear", "good.csv", "--out", "locked/a.csv"], undefined, here),
    /cannot be written/,
  );
});

test("a limit on the size of files", { skip: process.platform === "win32" && "it has no ulimit" }, () => {
  const line = "ulimit -f 4; columnist train good.csv --text text --label label --model linear --out large";
  mustRefuse(shell(line, here), /'large' was not written: it exceeds the file size limit/);
  assert.ok(!readdirSync(folder).some((name) => name.includes("large")));
});

test("a full disk", (t) => {
  const inTiny = (line: string) =>
    shell(
      `unshare --user --map-root-user --mount bash -c 'mount -t tmpfs -o size=16k tmpfs folder && ${line}; code=$?; ls -A folder; exit $code'`,
      here,
    );
  if (inTiny("true").code !== 0) return t.skip("no small disk can be mounted here");
  const node = `"${process.execPath}" "${join(process.cwd(), "dist/src/cli/main.js")}"`;
  const train = inTiny(`${node} train good.csv --text text --label label --model linear --out folder/m`);
  mustRefuse(train, /'folder\/m' was not written: the disk is full\. Free some space/);
  writeCsv(path("long.csv"), reviews(2000));
  const rename = '--query "SELECT body AS text FROM input"';
  mustRefuse(inTiny(`${node} predict linear long.csv ${rename} --out folder/a.csv`), /the disk is full/);
  mustRefuse(inTiny(`TMPDIR=folder ${node} predict linear long.csv ${rename} --out a.csv`), /the disk is full/);
  mustRefuse(shell("columnist predict linear good.csv > /dev/full", here), /standard output .*the disk is full/);
});

test("odd input that is fine: blank rows are counted, long texts, NUL, all scripts, quotes, numbers and dates", () => {
  const odd = [
    ",good",
    "   ,bad",
    "a text without a label,",
    `${"lorem ipsum ".repeat(9000)},good`,
    `${"x".repeat(100_000)},bad`,
    "with \0 inside,bad",
    '"two\nlines, ""quoted""",good',
    '"日本語 😀 é עברית العربية 𝒳 नमस्ते ไทย",good',
    "한국어,rare",
  ];
  writeFileSync(path("odd.csv"), csv(`${odd.join("\n")}\n`));
  const { code, stdout, stderr } = columnist(
    ["train", "odd.csv", ...columns.slice(0, 4), "--model", "cnn", "--epochs", "1", "--out", "odd", "--json"],
    undefined,
    here,
  );
  assert.equal(code, 0, stderr);
  const { rows: counts, warnings } = JSON.parse(stdout);
  assert.deepEqual([counts.skippedEmptyText, counts.skippedEmptyLabel], [2, 1]);
  assert.match(warnings[0], /odd\.csv: 2 rows without text and 1 row without label were left out\./);
  assert.ok(warnings.some((warning: string) => /Label 'rare' has one row only/.test(warning)));
  const answers = columnist(["predict", "odd", "odd.csv", "--json"], undefined, here);
  assert.equal(JSON.parse(answers.stdout).rows, 69, answers.stderr);
  for (const [good, bad] of [
    ["1", "0"],
    ["2026-01-31", "2025-12-31"],
  ]) {
    writeFileSync(path("typed.csv"), csv().toString().replaceAll(",good", `,${good}`).replaceAll(",bad", `,${bad}`));
    const flags = [...columns.slice(0, 4), "--model", "linear", "--out", "typed", "--json"];
    const { labels } = JSON.parse(columnist(["train", "typed.csv", ...flags], undefined, here).stdout);
    assert.deepEqual(labels, [bad, good]);
  }
});

function mustRefuse({ code, stderr }: { code: number | null; stderr: string }, ...said: RegExp[]) {
  assert.equal(code, 2, stderr);
  const message = stderr.trimEnd().split("\n").at(-1)!;
  assert.match(message, /^columnist: .*[.?)]|--help$/);
  for (const pattern of said) assert.match(message, pattern);
}

/** Everything that stands in the folder, with its size: nothing may come or go. */
function listing(): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}

function damage(name: string, hurt: (file: string) => void) {
  rmSync(path("hurt"), { recursive: true, force: true });
  cpSync(path("cnn"), path("hurt"), { recursive: true });
  hurt(path(`hurt/${name}`));
}
